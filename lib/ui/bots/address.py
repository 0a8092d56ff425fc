"""Which bot the address names, and where else it can be looked at."""

import re

from lib.ui.widgets.query_params import asked_id, write_word

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def asked_bot() -> str | None:
    """Recall's id of the bot in the address (`?bot=`), in lower case; text that is no id comes back as it is."""
    return asked_id("bot")


def is_id(text: str) -> bool:
    """Whether a text has the form of Recall's ids."""
    return _UUID.fullmatch(text) is not None


def open_bot(bot_id: str) -> None:
    """Show this bot: the address becomes `?bot=`, so that a colleague can open the same."""
    write_word("bot", bot_id)


def close_bot() -> None:
    """Back to all bots."""
    write_word("bot", None)


def explorer_url(region: str | None, bot_id: str) -> str | None:
    """The bot in Recall's own explorer, whose dashboard each region has apart; None for what is no real Recall."""
    if region is None or not is_id(bot_id):
        return None
    return f"https://{region}.recall.ai/dashboard/explorer/bot/{bot_id}"
