"""What is said of connect links: the text to send with one, and how the links made so far stand. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from lib.store.links import Link, LinkState
from lib.ui.words.formats import NOTHING, day_and_time, one_line, zone_city

STATE_WORDS = {
    LinkState.CONNECTED: "✓ Connected",
    LinkState.WAITING: "→ Sent or waiting",
    LinkState.RETURNED: "→ Being checked",
    LinkState.EXPIRED: "– Expired",
    LinkState.REFUSED: "! Refused",
}
STATE_CHIPS = ("✓ Connected", "→ Sent or waiting", "– Expired", "! Refused", "→ Being checked")
"""In the order of the outcome colours: green, blue, grey, orange, violet."""


def text_to_send(name: str, url: str, expires_at: datetime, zone: ZoneInfo) -> str:
    """Plain text, ready for a message to the one person the link is for. `name` is the platform's."""
    until = f"{day_and_time(expires_at, zone)} ({zone_city(zone)})"
    tick = [" Leave the box ticked that lets your calendar be seen."] if name == "Google" else [""]
    return "\n".join(
        (
            f"Please connect your {name} calendar, so that your meetings can be recorded:",
            "",
            url,
            "",
            f"Choose the account whose calendar you use for work.{tick[0]}",
            "This link is for you alone: whoever has it can connect a calendar in your name. Do not forward it.",
            f"It works until {until}, 24 hours from when it was made. After that, ask for another.",
        )
    )


def account_words(link: Link) -> str:
    """By which account it worked. Text from outside, for a cell."""
    return NOTHING if link.connected_at is None else one_line(link.account) or "not named"
