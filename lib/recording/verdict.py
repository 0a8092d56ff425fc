"""One entry judged: what becomes of it, what it counts as (design, section 2), and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lib.domain import Bot, CalendarUser, Entry, Preferences
from lib.recording.bot_result import bot_result, has_joined
from lib.recording.decision import Trace, trace
from lib.recording.explanation import Case, Explanation, explain
from lib.recording.outcome import Outcome
from lib.recording.reason import Basis, Confidence, Owner, Reason, ReasonClass
from lib.recording.reasons import reason_of
from lib.recording.time_part import FirstSeen, LastSeen, TimePart, part_of

__all__ = ["FirstSeen", "LastSeen", "Outcome", "TimePart", "Verdict", "judge", "part_of"]


RECORD = "record"
"""What the rules first seen say of an entry that they would have recorded."""
UNSAID = "unsaid"
"""Where the calendar does not say what would decide by them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One entry judged. The booleans are those of the design's section 2, for this entry alone; a meeting has one if
    any of its entries has it, and rates count what is recordable only."""

    part: TimePart
    outcome: Outcome
    recordable: bool
    """Has a usable link and is not whole-day; or has a bot, or Recall's decision of before its start."""
    will_record: bool
    """Recall's own decision, as it stands now."""
    booked: bool
    """It has a bot: before its start the one named now, then any that was named at its start or later."""
    recorded: bool
    """One of its bots recorded (`lib.recording.bot_result.BotResult`)."""
    partial: bool
    empty: bool
    unsettled: bool
    """Ended, not recorded, and a bot of it could not be read or is not final."""
    did_not_happen: bool
    """Ended, not recorded, settled, booked, and all of its bots met nobody."""
    asked: bool
    """Ended, and booked or last seen before its start with `will_record`. Never seen before: by its bot alone."""
    reason: Reason | None
    """Why it is not, or not fully, recorded. Never None where nothing is booked or a final bot recorded nothing."""
    next_reason: Reason | None
    """What would stop it once `reason` is put right."""
    owner: Owner | None
    """Who can act: by the sub-code where one decided, else by the reason."""
    raw: str | None
    """Recall's `will_record_reason` or sub-code as it came. Text from outside."""
    confidence: Confidence | None
    rule_mismatch: bool
    """Our trace and Recall's `will_record` disagree. Recall decides."""
    by_rules: str | None
    """Of an ended recordable entry that was never seen before its start: what the rules first seen say of it. The key
    of the reason that they give, `RECORD`, or `UNSAID`. None where it was watched, or its calendar was lost then."""
    trace: Trace
    """Our estimate: as of the moment for a coming entry, of before its start for any other."""
    basis: Basis = Basis.OBSERVED
    """What `reason` rests on."""

    @property
    def missed(self) -> bool:
        """Alone, this entry is a miss: recordable, and coming and not booked, or held and not recorded."""
        if not self.recordable:
            return False
        if self.part is TimePart.UPCOMING:
            return not self.booked
        return self.part is TimePart.ENDED and not (self.recorded or self.unsettled or self.did_not_happen)

    @property
    def why(self) -> str:
        """Why, for a table cell: the reason, or what will let a coming meeting be recorded; empty for one that was."""
        if self.reason:
            return self.reason.label
        return self.trace.rule.label if self.part is TimePart.UPCOMING else ""

    @property
    def what_to_do(self) -> str:
        """What whoever can act should do; empty where there is nothing to do."""
        return self.reason.what_to_do if self.reason else ""

    @property
    def explanation(self) -> str:
        """Why, in a sentence or two. Empty where there is nothing to explain."""
        if self.reason is None:
            return ""
        return self.reason.why_coming if self.part is TimePart.UPCOMING else self.reason.why_past

    @property
    def after_that(self) -> str:
        """What would happen to a coming meeting once the reason is put right. Empty where our rule cannot say."""
        if self.part is not TimePart.UPCOMING or self.reason is None or self.trace.rule != self.reason.key:
            return ""
        if self.next_reason:
            return f"It would still not be recorded: {self.next_reason.clause}."
        return "" if self.trace.unknown else "It would be recorded."


def judge(
    entry: Entry,
    bots: Sequence[Bot | None],
    user: CalendarUser,
    as_of: datetime,
    *,
    seen: LastSeen | None = None,
    first: FirstSeen | None = None,
    lost_at_start: bool = False,
    preferences: Preferences | None = None,
) -> Verdict:
    """Judge one entry of `user` as of `as_of` (aware).

    `bots` are those of the entry (design, section 2), None for one that could not be read. `seen` is what was last seen
    before the entry's start, None when it was never seen before; `first` what held when it was first seen at all, and
    `lost_at_start` whether all calendars that it can have come from were lost when it began. `preferences` stand in for
    the user's own. Whatever Recall sends, this answers.
    """
    part = part_of(entry, as_of)
    user = replace(user, preferences=preferences or user.preferences)
    read = [bot for bot in bots if bot is not None]
    case = Case(
        entry=entry,
        user=user,
        part=part,
        fates=tuple(bot_result(bot) if bot else None for bot in bots),
        shared=any(len(bot.entries) > 1 for bot in read),
        seen=seen,
        lost_at_start=lost_at_start,
        trace=_trace_of_then(entry, user, as_of, part, seen, first),
    )
    return _verdict(case, explain(case))


def with_inferred_reason(verdict: Verdict) -> Verdict:
    """An entry that nobody watched, with the reason that the rules first seen give. It must be one of theirs."""
    reason = reason_of(verdict.by_rules or "")
    later = [rule for rule in verdict.trace.blocks if rule != verdict.by_rules]
    return replace(
        verdict,
        reason=reason,
        next_reason=reason_of(later[0]) if later else None,
        owner=reason.owner,
        outcome=outcome_of(reason),
        confidence=Confidence.INFERRED,
        basis=Basis.INFERRED,
    )


def _trace_of_then(
    entry: Entry, user: CalendarUser, as_of: datetime, part: TimePart, seen: LastSeen | None, first: FirstSeen | None
) -> Trace:
    """A coming entry by today's rules; any other as of its start: by the rules seen before it if any were, else by
    those that held when it was first seen."""
    if part is TimePart.UPCOMING or entry.start_time is None:
        return trace(entry, user, as_of)
    if seen:
        return trace(entry, replace(user, preferences=seen.preferences), entry.start_time, override=seen.override)
    if first and part is TimePart.ENDED:
        return trace(entry, replace(user, preferences=first.preferences), entry.start_time, override=first.override)
    return trace(entry, user, entry.start_time)


def _by_rules(case: Case) -> str | None:
    if case.was_watched or case.lost_at_start or not case.recordable:
        return None
    if case.trace.verdict is None:
        return UNSAID
    return RECORD if case.trace.verdict else case.trace.rule.value


def _verdict(case: Case, why: Explanation) -> Verdict:
    fate, ended = case.fate, case.part is TimePart.ENDED
    return Verdict(
        part=case.part,
        outcome=_outcome(case, why.reason),
        recordable=case.recordable,
        will_record=case.entry.will_record,
        booked=case.booked,
        recorded=case.recorded,
        partial=fate is not None and fate.partial,
        empty=fate is not None and fate.empty,
        unsettled=case.unsettled,
        did_not_happen=case.did_not_happen,
        asked=ended and (case.booked or (case.seen is not None and case.seen.will_record)),
        reason=why.reason,
        next_reason=why.next_reason,
        owner=why.owner,
        raw=why.raw,
        confidence=why.confidence,
        rule_mismatch=case.rule_mismatch,
        by_rules=_by_rules(case),
        trace=case.trace,
    )


def _outcome(case: Case, reason: Reason | None) -> Outcome:
    if case.recorded:
        return _of_recording(case)
    if case.unsettled:
        return Outcome.UNSETTLED
    if case.did_not_happen:
        return Outcome.DID_NOT_HAPPEN
    if reason is None:
        return _BOOKED.get(case.part, Outcome.UNKNOWN)
    if not case.recordable:
        return Outcome.FIXABLE if case.lacks_only_a_link else Outcome.NOT_RECORDABLE
    return outcome_of(reason)


def outcome_of(reason: Reason) -> Outcome:
    """What an entry is that is not recorded for this reason; a setup gap is fixable, for nobody chose it."""
    return Outcome.FIXABLE if reason.setup_gap else _BY_KEY.get(reason.key, _BY_CLASS[reason.klass])


def outcome_of_bot(bot: Bot) -> tuple[Outcome, Reason | None]:
    """What became of a bot that no entry names, and why it recorded nothing; None where it recorded, or goes on."""
    fate = bot_result(bot)
    if fate.recorded:
        return (Outcome.IN_PART if fate.partial or fate.empty else Outcome.RECORDED), None
    if fate.cause is None:
        return (Outcome.UNSETTLED if has_joined(bot) else Outcome.WILL_RECORD), None
    if fate.cause.reason.key == "meeting_did_not_happen":
        return Outcome.DID_NOT_HAPPEN, fate.cause.reason
    return outcome_of(fate.cause.reason), fate.cause.reason


def _of_recording(case: Case) -> Outcome:
    if case.fate and (case.fate.partial or case.fate.empty):
        return Outcome.IN_PART
    return Outcome.IN_PROGRESS if case.part is TimePart.IN_PROGRESS else Outcome.RECORDED


_BOOKED = {TimePart.UPCOMING: Outcome.WILL_RECORD, TimePart.IN_PROGRESS: Outcome.IN_PROGRESS}
_BY_KEY = {"covered_by_colleague": Outcome.WILL_RECORD, "unclassified": Outcome.UNKNOWN}
_BY_CLASS = {
    ReasonClass.POLICY: Outcome.OFF_BY_CHOICE,
    ReasonClass.NOT_RECORDABLE: Outcome.NOT_RECORDABLE,
    ReasonClass.FIXABLE: Outcome.FIXABLE,
    ReasonClass.PLATFORM: Outcome.TECHNICAL,
    ReasonClass.OURS: Outcome.TECHNICAL,
    ReasonClass.NEUTRAL: Outcome.UNKNOWN,
}
