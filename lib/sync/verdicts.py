"""Stored entries judged: `lib.recording.verdict.judge` on what the store knows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lib.domain import Attendee, Bot, CalendarUser, Entry
from lib.recording.bot_result import has_joined, joined_at
from lib.recording.outcome import Outcome
from lib.recording.reasons import reason_of
from lib.recording.time_part import FirstSeen, LastSeen, TimePart
from lib.recording.verdict import Verdict, judge
from lib.store import Transaction, bots, entries, observations, users
from lib.store.bots import BotRow
from lib.store.entries import StoredEntry
from lib.store.entry_rows import number_of
from lib.store.observations import CalendarChange
from lib.store.verdicts import StoredVerdict, bits

LOST = "calendar_disconnected"


@dataclass(frozen=True, slots=True)
class JudgedEntry:
    """A stored entry and its verdict."""

    stored: StoredEntry
    verdict: Verdict
    bot_ids: tuple[str, ...]
    """Its bots (design, section 2); the one that it names now or named last comes last."""


def judge_user(connection: Transaction, user_id: str, as_of: datetime) -> dict[int, StoredVerdict]:
    """The verdict on each of a user's entries as of `as_of`, by the entry's key."""
    row = users.find(connection, user_id)
    if row is None:
        return {}
    stored = entries.of_user(connection, user_id)
    known = bots.find(connection, named_by(stored))
    changes = observations.calendar_changes(connection, row.key)
    return {one.stored.key: judgement_of(one, known) for one in judge_all(stored, row.user, known, changes, as_of)}


def named_by(stored: Iterable[StoredEntry]) -> set[str]:
    """The bots that entries name, or named once they had begun."""
    return {bot_id for one in stored for bot_id in _named(one)}


def judge_all(
    stored: Sequence[StoredEntry],
    user: CalendarUser,
    known: Mapping[str, BotRow],
    changes: Sequence[CalendarChange],
    as_of: datetime,
) -> list[JudgedEntry]:
    """All entries of a user judged, with the bots that are known by their ids and how calendars were seen to come and
    go."""
    occurrences: dict[str, list[StoredEntry]] = {}
    for one in stored:
        occurrences.setdefault(one.entry.id, []).append(one)
    return [_judged(one, occurrences[one.entry.id], user, known, changes, as_of) for one in stored]


def judgement_of(one: JudgedEntry, known: Mapping[str, BotRow]) -> StoredVerdict:
    """The verdict as the store keeps it."""
    verdict = one.verdict
    return StoredVerdict(
        outcome=verdict.outcome.value,
        flags=bits(verdict),
        reason=verdict.reason.key if verdict.reason else None,
        next_reason=verdict.next_reason.key if verdict.next_reason else None,
        owner=verdict.owner.value if verdict.owner else None,
        raw=verdict.raw,
        confidence=verdict.confidence.value if verdict.confidence else None,
        by_rules=verdict.by_rules,
        bot=number_of(_shown(one.bot_ids, known)),
    )


def _judged(
    one: StoredEntry,
    occurrences: Sequence[StoredEntry],
    user: CalendarUser,
    known: Mapping[str, BotRow],
    changes: Sequence[CalendarChange],
    as_of: datetime,
) -> JudgedEntry:
    ids = _bots_of(one, occurrences, known, as_of)
    verdict = judge(
        _answered(one, user),
        [row.bot if (row := known.get(bot_id)) else None for bot_id in ids],
        user,
        as_of,
        seen=_seen(one),
        first=FirstSeen(one.first_preferences, one.first_override),
        lost_at_start=_was_lost(one.entry, user, changes),
    )
    if is_lost(one) and not _is_known_better(verdict):
        verdict = _as_lost(verdict)
    return JudgedEntry(one, verdict, ids)


def _seen(one: StoredEntry) -> LastSeen | None:
    if one.seen_will_record is None:
        return None
    return LastSeen(one.seen_will_record, one.seen_preferences, one.seen_override)


def _bots_of(
    one: StoredEntry, occurrences: Sequence[StoredEntry], known: Mapping[str, BotRow], as_of: datetime
) -> tuple[str, ...]:
    """The bots of an entry: before its start the one named now, from then on all that it named then or later."""
    if len(occurrences) > 1:
        own = [bot_id for bot_id in _pooled(occurrences) if _given_to(bot_id, occurrences, known) is one]
    elif one.entry.start_time is None or one.entry.start_time > as_of:
        own = [one.entry.bot_id] if one.entry.bot_id else []
    else:
        own = [bot_id for bot_id in _named(one) if _counts(bot_id, one, known)]
    return tuple(own)


def _named(one: StoredEntry) -> list[str]:
    """Bots that the entry named once it had begun and names no longer, then the one that it names."""
    ids = dict.fromkeys(former.bot_id for former in one.former_bots)
    if one.entry.bot_id:
        ids.pop(one.entry.bot_id, None)
        ids[one.entry.bot_id] = None
    return list(ids)


def _counts(bot_id: str, one: StoredEntry, known: Mapping[str, BotRow]) -> bool:
    """Whether a bot was named at the start or later. Where no read from then on showed it, the bot itself may say that
    it set out for this entry (contract 17, N5); until it does, it is the bot of an entry that named it to the last."""
    start, named_at = one.entry.start_time, _last_named_at(bot_id, one)
    if start is None or named_at is None or named_at >= start:
        return True
    row = known.get(bot_id)
    if row is None or row.bot is None or not (row.final or (row.read_at is not None and row.read_at >= start)):
        return bot_id == one.entry.bot_id
    return has_joined(row.bot) and any(sent.entry_id == one.entry.id for sent in row.bot.entries)


def _last_named_at(bot_id: str, one: StoredEntry) -> datetime | None:
    """Start of the last read that showed the entry with this bot; None where that was the user's last read."""
    if bot_id == one.entry.bot_id:
        return one.last_shown_at
    return next((former.last_named_at for former in one.former_bots if former.bot_id == bot_id), None)


def _pooled(occurrences: Sequence[StoredEntry]) -> dict[str, None]:
    return dict.fromkeys(bot_id for one in occurrences for bot_id in _named(one))


def _given_to(bot_id: str, occurrences: Sequence[StoredEntry], known: Mapping[str, BotRow]) -> StoredEntry:
    """The occurrence nearest to when the bot set out; of one that nobody read, that which named it last before the
    move."""
    bot = known[bot_id].bot if bot_id in known else None
    at = _time_of(bot, occurrences[0].entry.id) if bot else None
    if at is None:
        naming = [one for one in occurrences if bot_id in _named(one)]
        moved = [one for one in naming if one.dragged_at is not None]
        return max(moved or naming, key=lambda one: one.occurrence)
    return min(occurrences, key=lambda one: _distance(one.entry, at))


def _time_of(bot: Bot, entry_id: str) -> datetime | None:
    named = (sent.start_time for sent in bot.entries if sent.entry_id == entry_id and sent.start_time)
    return joined_at(bot) or bot.join_at or next(named, None)


def _distance(entry: Entry, at: datetime) -> float:
    return float("inf") if entry.start_time is None else abs((entry.start_time - at).total_seconds())


def _shown(bot_ids: Sequence[str], known: Mapping[str, BotRow]) -> str | None:
    """The bot to show of several: one that recorded, else the last one named."""
    recorded = (i for i in bot_ids if (row := known.get(i)) and row.bot and row.bot.recordings)
    return next(recorded, bot_ids[-1] if bot_ids else None)


def is_lost(stored: StoredEntry) -> bool:
    """Whether it vanished before its start while its user's calendar could not be read, so that its end is unknown."""
    gone, start = stored.removed_at, stored.entry.start_time
    return gone is not None and start is not None and gone < start and not stored.removed_connected


def _was_lost(entry: Entry, user: CalendarUser, changes: Sequence[CalendarChange]) -> bool:
    """Whether all calendars that the entry can have come from were last seen to be lost before its start.

    One that was not seen to come or go until then says nothing: of the time before the first look nobody knows.
    """
    if entry.start_time is None or not changes:
        return False
    last = {calendar.platform: True for calendar in user.connections}
    for change in changes:
        if change.at <= entry.start_time:
            last[change.platform] = change.connected
    its_own = {platform: on for platform, on in last.items() if entry.calendar_platform in (None, platform)}
    return bool(its_own) and not any(its_own.values())


def _answered(stored: StoredEntry, user: CalendarUser) -> Entry:
    """The entry with the user's own answer in it: where nobody watched it, as first seen; also where its attendees were
    erased."""
    unwatched = stored.seen_will_record is None and stored.first_answer is not None
    answer = stored.first_answer if unwatched else stored.own_answer
    if user.email is None or answer is None or not (stored.erased or unwatched):
        return stored.entry
    own: Sequence[Attendee] = (Attendee(user.email, status=answer),)
    return replace(stored.entry, attendees=tuple(own))


def _is_known_better(verdict: Verdict) -> bool:
    """Whether its bot, or its lack of a link, says more about a lost entry than that its calendar was lost."""
    if not verdict.recordable or verdict.recorded:
        return True
    return verdict.booked and verdict.part is not TimePart.UPCOMING


def _as_lost(verdict: Verdict) -> Verdict:
    reason = reason_of(LOST)
    return replace(
        verdict, outcome=Outcome.UNKNOWN, reason=reason, owner=reason.owner, next_reason=None, confidence=None
    )
