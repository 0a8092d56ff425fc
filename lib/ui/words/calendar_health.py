"""Labels for connected, lost and disconnected calendars. Pure."""

from lib.domain import CalendarUser, Connection
from lib.queries.search import CalendarHealth, calendar_health
from lib.ui.words.formats import one_line

HEALTH_WORDS = {CalendarHealth.CONNECTED: "✓ Connected", CalendarHealth.LOST: "! Lost", CalendarHealth.NONE: "– None"}
DISCONNECTED_HERE = "– Disconnected"
"""Disconnected on purpose: nobody has to connect it again."""
HEALTH_CHIPS = ("✓ Connected", "→", "– None", "! Lost", "(5)", DISCONNECTED_HERE)
"""In the order of the outcome colours: green, blue (unused), grey, orange, (unused), grey."""
_PLATFORMS = {"google": "Google", "microsoft": "Microsoft"}


def platform_name(platform: str) -> str:
    """Google, Microsoft, or the code of an unknown platform in plain letters only."""
    known = _PLATFORMS.get(platform)
    plain = "".join(c if c.isalnum() else " " for c in one_line(platform, 30))
    return known or " ".join(plain.split()) or "Other"


def health_words(user: CalendarUser) -> str:
    """ "✓ Connected", "! Lost" or "– None"; "– Disconnected" where a calendar was disconnected on purpose."""
    health = calendar_health(user)
    return DISCONNECTED_HERE if health is CalendarHealth.NONE and user.let_go else HEALTH_WORDS[health]


def platforms_words(user: CalendarUser) -> str:
    """ "Google, Microsoft lost" or "Google disconnected" for a cell; empty where nothing was ever connected."""
    connected = [platform_name(c.platform) for c in user.connected]
    lost = [f"{platform_name(c.platform)} lost" for c in user.lost]
    let_go = [f"{platform_name(c.platform)} disconnected" for c in user.let_go]
    return ", ".join(connected + lost + let_go)


def connection_words(connection: Connection) -> str:
    """The chip of one calendar."""
    if connection.connected:
        return HEALTH_WORDS[CalendarHealth.CONNECTED]
    if connection.let_go:
        return DISCONNECTED_HERE
    return HEALTH_WORDS[CalendarHealth.LOST if connection.email else CalendarHealth.NONE]
