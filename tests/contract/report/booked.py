"""Which bots each occurrence of an entry has, by "bots of an entry" and "what was held stays held" of the design."""

from datetime import datetime, timedelta

from tests.contract.report.bodies import joined_at, place_of, starts_named
from tests.contract.report.history import History, Occurrence, Read


def bots_of(history: History, as_of: datetime) -> "dict[int, frozenset[str]]":
    """Their ids, by `id()` of the occurrence."""
    found: dict[int, frozenset[str]] = {}
    for of_one in history.entries.values():
        named = {id(occurrence): _named(history, occurrence, as_of) for occurrence in of_one}
        found |= _given(history, of_one, named) if len(of_one) > 1 else named
    return found


def _named(history: History, occurrence: Occurrence, as_of: datetime) -> frozenset[str]:
    """Before its start the one of now; from then on all that it named at or after it, and maybe the one before."""
    start, of_now = occurrence.start, _bot(occurrence.shown)
    if start is None or start > as_of:
        return of_now
    since = frozenset[str]().union(*(_bot(read.shown) for read in occurrence.reads if _had_begun(read, start)))
    before = next((_bot(read.shown) for read in reversed(occurrence.reads) if not _had_begun(read, start)), frozenset())
    return since | frozenset(bot for bot in before - since if _still_counts(history, occurrence, bot, start))


def _had_begun(read: Read, start: datetime) -> bool:
    """As it is known now, and as it was shown then."""
    return start <= read.at and read.start is not None and read.start <= read.at


def _still_counts(history: History, occurrence: Occurrence, bot_id: str, start: datetime) -> bool:
    """The one named before it had joined for this entry, and no read lay between the start and what changed.

    Where nothing was read since, the last that is known stands. Of one that is gone, a bot that could not be read
    since its start stands too, because nobody knows.
    """
    is_unchanged = not occurrence.is_dragged and not any(_had_begun(read, start) for read in occurrence.reads)
    read_at = history.bots_read.get(bot_id)
    if is_unchanged and (occurrence.gone_at is None or read_at is None or read_at < start):
        return True
    bot = history.bots.get(bot_id)
    return bot is not None and joined_at(bot) is not None and start in starts_named(bot, occurrence.id)


def _given(
    history: History, of_one: list[Occurrence], named: "dict[int, frozenset[str]]"
) -> "dict[int, frozenset[str]]":
    """Each bot of a dragged entry, to the one occurrence that it was sent to."""
    given: dict[int, frozenset[str]] = {id(occurrence): frozenset() for occurrence in of_one}
    for bot_id in frozenset[str]().union(*named.values()):
        given[id(_its_own(history, of_one, named, bot_id))] |= {bot_id}
    return given


def _its_own(history: History, of_one: list[Occurrence], named: "dict[int, frozenset[str]]", bot_id: str) -> Occurrence:
    bot = history.bots.get(bot_id)
    place = place_of(bot, of_one[0].id) if bot else None
    if place is None:
        return next(occurrence for occurrence in of_one if bot_id in named[id(occurrence)])
    return min(of_one, key=lambda o: abs(o.start - place) if o.start else timedelta.max)


def _bot(shown: dict[str, object]) -> frozenset[str]:
    return frozenset({str(shown["bot_id"])}) if shown.get("bot_id") else frozenset()
