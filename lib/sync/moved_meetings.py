"""Meetings that were moved when they may have begun: they had, if their bot had joined by then (design, section 2)."""

from collections.abc import Iterable, Iterator, Mapping

from lib.domain import Bot
from lib.recording.bot_result import has_joined, joined_at
from lib.store import Transaction, bots, occurrences
from lib.store.bots import BotRow
from lib.store.occurrences import Suspected


def settle_moved(connection: Transaction, user_id: str | None = None) -> None:
    """Before entries are judged: tell by the bots that are known by now, of all users or of one."""
    suspected = occurrences.suspected(connection, user_id)
    known = bots.find(connection, {each.bot_id for each in suspected})
    occurrences.settle(connection, _answers(suspected, known))


def _answers(suspected: Iterable[Suspected], known: Mapping[str, BotRow]) -> Iterator[tuple[Suspected, bool]]:
    """Those that can be told by what is known of their bots, and whether they had begun."""
    for each in suspected:
        row = known.get(each.bot_id)
        if row is None or row.bot is None:
            continue
        if _had_joined_before(each, row.bot):
            yield each, True
        elif row.final or (row.read_at is not None and row.read_at >= each.moved_at):
            yield each, False


def _had_joined_before(each: Suspected, bot: Bot) -> bool:
    """Whether the bot had set out when the move was seen, and for this start rather than the one before or after."""
    joined = joined_at(bot)
    if joined is None:
        return has_joined(bot) and bot.join_at is None
    is_nearest = all(abs(joined - each.start) < abs(joined - other) for other in each.others)
    return joined <= each.moved_at and is_nearest
