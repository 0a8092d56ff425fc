"""Why one entry is not, or not fully, recorded: the evidence of its bot first, then Recall's decision and our trace."""

from collections.abc import Iterator
from dataclasses import dataclass

from lib.domain import CalendarUser, Entry
from lib.recording.bot_result import BotResult
from lib.recording.decision import Rule, Trace
from lib.recording.reason import Confidence, Owner, Reason
from lib.recording.reasons import REASON_KEYS, reason_of
from lib.recording.time_part import LastSeen, TimePart


@dataclass(frozen=True, slots=True)
class Case:
    """All that is known of one entry."""

    entry: Entry
    user: CalendarUser
    part: TimePart
    fates: tuple[BotResult | None, ...]
    """Of each of its bots (design, section 2: bots of an entry); None for one that could not be read."""
    shared: bool
    """One of the bots was sent for more than one calendar entry."""
    seen: LastSeen | None
    lost_at_start: bool
    """All calendars that it can have come from were lost when it began."""
    trace: Trace

    @property
    def booked(self) -> bool:
        """It has a bot."""
        return bool(self.fates)

    @property
    def fate(self) -> BotResult | None:
        """That of the bot that got furthest; None without one that could be read."""
        return max((fate for fate in self.fates if fate), key=_how_far, default=None)

    @property
    def recorded(self) -> bool:
        """A bot recorded, if only in part."""
        return any(fate is not None and fate.recorded for fate in self.fates)

    @property
    def recordable(self) -> bool:
        """It looks so, or there is better evidence: a bot, or Recall's decision of before its start."""
        return self.entry.looks_recordable or self.booked or self._was_to_be_recorded

    @property
    def _was_to_be_recorded(self) -> bool:
        if self.part in (TimePart.UPCOMING, TimePart.WITHOUT_START):
            return self.entry.will_record
        return self.seen is not None and self.seen.will_record

    @property
    def unsettled(self) -> bool:
        """Ended, not recorded, and a bot could not be read or is not final."""
        is_open = any(fate is None or not fate.final for fate in self.fates)
        return self.part is TimePart.ENDED and is_open and not self.recorded

    @property
    def did_not_happen(self) -> bool:
        """Ended, not recorded, settled, and all of its bots met nobody."""
        over = self.part is TimePart.ENDED and self.booked and not (self.recorded or self.unsettled)
        return over and all(fate is not None and _met_nobody(fate) for fate in self.fates)

    @property
    def was_watched(self) -> bool:
        """It was seen before its start, or has not begun."""
        return self.seen is not None or self.part is not TimePart.ENDED

    @property
    def decision(self) -> bool | None:
        """Recall's decision: today's for a coming entry, else the last seen before its start. None for an ended entry
        that was never seen before, because today's answer need not be the one of then."""
        if self.seen and self.part is not TimePart.UPCOMING:
            return self.seen.will_record
        return None if self.part is TimePart.ENDED else self.entry.will_record

    @property
    def rule_mismatch(self) -> bool:
        """Our trace and Recall's decision are both known and disagree."""
        return None not in (self.decision, self.trace.verdict) and self.decision != self.trace.verdict

    @property
    def lacks_only_a_link(self) -> bool:
        """Coming, and by our rule it would be recorded if the event had a link."""
        return self.part is TimePart.UPCOMING and self.trace.blocks == (Rule.NO_LINK,)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The reason, what would stop it next, who can act, Recall's own word and how sure we are."""

    reason: Reason | None
    next_reason: Reason | None = None
    owner: Owner | None = None
    raw: str | None = None
    confidence: Confidence | None = None


def explain(case: Case) -> Explanation:
    """Evidence of a bot beats the decision, because preferences may have changed since."""
    if case.fate and case.fate.recorded:
        return _because(_blemish(case, case.fate), raw=case.fate.sub_code)
    return _of_booked(case) if case.booked else _of_unbooked(case)


def _how_far(fate: BotResult) -> tuple[bool, bool, int]:
    """How far a bot got: recorded, best of all whole; else by the place of its reason among all."""
    whole = fate.recorded and not (fate.partial or fate.empty)
    return fate.recorded, whole, REASON_KEYS.index(fate.cause.reason.key) if fate.cause else -1


def _met_nobody(fate: BotResult) -> bool:
    return fate.cause is not None and fate.cause.reason.key == "meeting_did_not_happen"


def _blemish(case: Case, fate: BotResult) -> str | None:
    if fate.empty:
        return "empty_recording"
    if fate.partial:
        return "left_early"
    if case.shared and case.decision is False:
        return "covered_by_colleague"
    return "media_expired" if fate.expired else None


def _of_booked(case: Case) -> Explanation:
    if case.fate and (cause := case.fate.cause) and not case.unsettled:
        return Explanation(cause.reason, owner=cause.owner, raw=cause.raw, confidence=cause.confidence)
    if case.part is TimePart.ENDED:
        unread = None in case.fates
        return _because("access_error" if unread else None, raw=case.fate.sub_code if case.fate else None)
    if case.decision is False:
        key = "covered_by_colleague" if case.shared else "bot_present_but_will_not_record"
        return _because(key, raw=case.entry.will_record_reason)
    return _because(None, raw=case.entry.will_record_reason)


def _of_unbooked(case: Case) -> Explanation:
    reason, *later = _stopping(case)
    return _because(reason, later[0] if later else None, raw=case.entry.will_record_reason)


def _stopping(case: Case) -> Iterator[str]:
    """What stops an entry that no bot is booked for, in order. Always at least one key."""
    blocks = case.trace.blocks
    if not case.recordable:
        yield from blocks
    elif case.decision:
        yield "bot_not_scheduled"
    elif case.decision is None:
        yield from ("calendar_disconnected" if case.lost_at_start else "not_seen_before_start", *blocks)
    elif case.part is TimePart.UPCOMING and _connection_is_lost(case):
        yield from ("calendar_disconnected", *blocks)
    elif blocks:
        yield from blocks
    else:
        yield "rule_mismatch" if case.trace.verdict else "reason_reported_only"


def _connection_is_lost(case: Case) -> bool:
    """No calendar that the entry can have come from is connected. Absent and not connected mean the same."""
    platform = case.entry.calendar_platform
    return not any(platform in (None, connection.platform) for connection in case.user.connected)


def _because(key: str | None, next_key: str | None = None, *, raw: str | None) -> Explanation:
    reason = reason_of(key) if key else None
    return Explanation(
        reason,
        reason_of(next_key) if next_key else None,
        reason.owner if reason else None,
        raw,
        reason.confidence if reason else None,
    )
