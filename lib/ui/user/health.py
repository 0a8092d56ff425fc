"""How the state of calendars is said: badges and chips."""

from collections.abc import Set

from lib.domain import CalendarUser, Connection
from lib.reading.search import Health, health_of
from lib.ui.status import Badge
from lib.ui.words import one_line

HEALTH_WORDS = {Health.CONNECTED: "✓ Connected", Health.LOST: "! Lost", Health.NONE: "– None"}
HEALTH_CHIPS = ("✓ Connected", "→", "– None", "! Lost")
"""In the order of the outcome colours: green, blue (unused), grey, orange."""
DISCONNECTED_HERE = "– Disconnected"
CONNECTION_CHIPS = (*HEALTH_CHIPS, "(5)", DISCONNECTED_HERE)
"""The same for one calendar, which may have been disconnected on purpose: grey."""
_PLATFORMS = {"google": "Google", "microsoft": "Microsoft"}


def platform_name(platform: str) -> str:
    """Google, Microsoft, or the word of a platform not known yet, in plain letters only."""
    known = _PLATFORMS.get(platform)
    plain = "".join(c if c.isalnum() else " " for c in one_line(platform, 30))
    return known or " ".join(plain.split()) or "Other"


def health_words(user: CalendarUser) -> str:
    """ "✓ Connected", "! Lost" or "– None"."""
    return HEALTH_WORDS[health_of(user)]


def platforms_words(user: CalendarUser) -> str:
    """ "Google, Microsoft lost" for a cell; empty when nothing was ever connected."""
    connected = [platform_name(c.platform) for c in user.connected]
    lost = [f"{platform_name(c.platform)} lost" for c in user.lost]
    return ", ".join(connected + lost)


def connection_badges(user: CalendarUser, let_go: Set[str]) -> list[Badge]:
    """One badge for each calendar, or one that says there is none. `let_go`: platforms that were disconnected here."""
    badges = [_badge(connection, let_go) for connection in (*user.connected, *user.lost)]
    return badges or [Badge("No calendar connected", ":material/link_off:", "orange", "So no meetings can be seen.")]


def connection_words(connection: Connection, let_go: Set[str]) -> str:
    """The chip of one calendar."""
    if connection.connected:
        return HEALTH_WORDS[Health.CONNECTED]
    if connection.platform in let_go:
        return DISCONNECTED_HERE
    return HEALTH_WORDS[Health.LOST if connection.email else Health.NONE]


def _badge(connection: Connection, let_go: Set[str]) -> Badge:
    name = platform_name(connection.platform)
    if connection.connected:
        return Badge(f"{name} connected", ":material/link:", "green")
    if connection.platform in let_go:
        return Badge(f"{name} disconnected", ":material/link_off:", "gray", "It was disconnected here, on purpose.")
    why = "Recall cannot read this calendar any more. Its owner must connect it again."
    return Badge(f"{name} lost", ":material/link_off:", "orange", why)
