"""How the state of calendars is said: badges and chips."""

from lib.domain import CalendarUser, Connection
from lib.queries.search import CalendarHealth, calendar_health
from lib.ui.widgets.status_strip import Badge
from lib.ui.words.formats import one_line

HEALTH_WORDS = {CalendarHealth.CONNECTED: "✓ Connected", CalendarHealth.LOST: "! Lost", CalendarHealth.NONE: "– None"}
DISCONNECTED_HERE = "– Disconnected"
"""On purpose: nobody has to connect it again."""
HEALTH_CHIPS = ("✓ Connected", "→", "– None", "! Lost", "(5)", DISCONNECTED_HERE)
"""In the order of the outcome colours: green, blue (unused), grey, orange, (unused), grey."""
_PLATFORMS = {"google": "Google", "microsoft": "Microsoft"}


def platform_name(platform: str) -> str:
    """Google, Microsoft, or the word of a platform not known yet, in plain letters only."""
    known = _PLATFORMS.get(platform)
    plain = "".join(c if c.isalnum() else " " for c in one_line(platform, 30))
    return known or " ".join(plain.split()) or "Other"


def health_words(user: CalendarUser) -> str:
    """ "✓ Connected", "! Lost" or "– None", which is "– Disconnected" where a calendar was disconnected here."""
    health = calendar_health(user)
    return DISCONNECTED_HERE if health is CalendarHealth.NONE and user.let_go else HEALTH_WORDS[health]


def platforms_words(user: CalendarUser) -> str:
    """ "Google, Microsoft lost" or "Google disconnected" for a cell; empty when nothing was ever connected."""
    connected = [platform_name(c.platform) for c in user.connected]
    lost = [f"{platform_name(c.platform)} lost" for c in user.lost]
    let_go = [f"{platform_name(c.platform)} disconnected" for c in user.let_go]
    return ", ".join(connected + lost + let_go)


def connection_badges(user: CalendarUser) -> list[Badge]:
    """One badge for each calendar, or one that says there is none."""
    badges = [_badge(connection) for connection in (*user.connected, *user.lost, *user.let_go)]
    return badges or [Badge("No calendar connected", ":material/link_off:", "orange", "So no meetings can be seen.")]


def connection_words(connection: Connection) -> str:
    """The chip of one calendar."""
    if connection.connected:
        return HEALTH_WORDS[CalendarHealth.CONNECTED]
    if connection.let_go:
        return DISCONNECTED_HERE
    return HEALTH_WORDS[CalendarHealth.LOST if connection.email else CalendarHealth.NONE]


def _badge(connection: Connection) -> Badge:
    name = platform_name(connection.platform)
    if connection.connected:
        return Badge(f"{name} connected", ":material/link:", "green")
    if connection.let_go:
        return Badge(f"{name} disconnected", ":material/link_off:", "gray", "It was disconnected here, on purpose.")
    why = "Recall cannot read this calendar any more. Its owner must connect it again."
    return Badge(f"{name} lost", ":material/link_off:", "orange", why)
