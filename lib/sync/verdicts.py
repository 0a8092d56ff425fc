"""Stored entries judged: `lib.recording.outcome.judge` on what the store knows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lib.domain import Attendee, CalendarUser, Entry
from lib.recording.outcome import Outcome, Part, Seen, Verdict, judge
from lib.recording.reasons import reason_of
from lib.store import Transaction, bots, entries, users
from lib.store.bots import BotRow
from lib.store.entries import StoredEntry
from lib.store.judgement import Judgement, bits


def judge_user(connection: Transaction, user_id: str, as_of: datetime) -> dict[int, Judgement]:
    """What each of a user's entries is as of `as_of`, by its key."""
    row = users.find(connection, user_id)
    if row is None:
        return {}
    stored = entries.of_user(connection, user_id)
    known = bots.find(connection, {one.entry.bot_id for one in stored if one.entry.bot_id})
    return {one.key: judgement_of(one, row.user, known, as_of) for one in stored}


def judgement_of(stored: StoredEntry, user: CalendarUser, known: dict[str, BotRow], as_of: datetime) -> Judgement:
    """What one entry is, with the bots that are known by their ids."""
    verdict = verdict_of(stored, user, known.get(stored.entry.bot_id or ""), as_of)
    return _kept(verdict, lost=is_lost(stored) and not _is_known_better(verdict))


def verdict_of(stored: StoredEntry, user: CalendarUser, bot: BotRow | None, as_of: datetime) -> Verdict:
    """One stored entry judged, whatever became of it since it was read."""
    seen = None if stored.seen_will_record is None else Seen(stored.seen_will_record, stored.seen_preferences)
    read = bot.bot if bot else None
    entry = _answered(stored, user)
    return judge(entry, read, user, as_of, seen=seen, bot_read=read is not None or bot is None or not bot.failure)


def is_lost(stored: StoredEntry) -> bool:
    """It was gone before its start while no calendar of its user could be read: nobody knows what became of it."""
    gone, start = stored.removed_at, stored.entry.start_time
    return gone is not None and start is not None and gone < start and not stored.removed_connected


def _answered(stored: StoredEntry, user: CalendarUser) -> Entry:
    """The entry with the user's own answer in it, also where its attendees were erased."""
    if not stored.erased or stored.own_answer is None or user.email is None:
        return stored.entry
    own: Sequence[Attendee] = (Attendee(user.email, status=stored.own_answer),)
    return replace(stored.entry, attendees=tuple(own))


def _is_known_better(verdict: Verdict) -> bool:
    """Its bot, or that it has no link, says more of a lost entry than that its calendar was lost."""
    if not verdict.recordable or verdict.recorded:
        return True
    return verdict.booked and verdict.part is not Part.UPCOMING


def _kept(verdict: Verdict, *, lost: bool) -> Judgement:
    reason = reason_of("calendar_disconnected") if lost else verdict.reason
    return Judgement(
        outcome=(Outcome.UNKNOWN if lost else verdict.outcome).value,
        flags=bits(verdict),
        reason=reason.key if reason else None,
        next_reason=verdict.next_reason.key if verdict.next_reason and not lost else None,
        owner=_owner(verdict, lost=lost),
        raw=verdict.raw,
        confidence=verdict.confidence.value if verdict.confidence and not lost else None,
    )


def _owner(verdict: Verdict, *, lost: bool) -> str | None:
    owner = reason_of("calendar_disconnected").owner if lost else verdict.owner
    return owner.value if owner else None
