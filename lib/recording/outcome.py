"""One entry judged: what becomes of it, what it counts as (design, section 2), and why."""

from dataclasses import dataclass, replace
from datetime import datetime

from lib.domain import Bot, CalendarUser, Entry, Preferences
from lib.recording.bot import fate_of
from lib.recording.decision import Trace, trace
from lib.recording.display import Outcome
from lib.recording.explain import Case, Explanation, explain
from lib.recording.part import Part, Seen, part_of
from lib.recording.reason import Confidence, Klass, Owner, Reason
from lib.recording.words import rule_label

__all__ = ["Outcome", "Part", "Seen", "Verdict", "judge", "part_of"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One entry judged. The booleans are those of the design's section 2, for this entry alone; a meeting has one if
    any of its entries has it, and rates count what is recordable only."""

    part: Part
    outcome: Outcome
    recordable: bool
    """Has a usable link and is not whole-day."""
    will_record: bool
    """Recall's own decision, as it stands now."""
    booked: bool
    """Recall names a bot."""
    recorded: bool
    """Its bot reached `in_call_recording` or has a recording that started."""
    partial: bool
    empty: bool
    unsettled: bool
    """Ended, not recorded, and its bot could not be read or is not final."""
    did_not_happen: bool
    """Ended, not recorded, settled, booked, and its bot met nobody."""
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
    trace: Trace
    """Our estimate: as of the moment for a coming entry, of before its start for any other."""

    @property
    def missed(self) -> bool:
        """Alone, this entry is a miss: recordable, and coming and not booked, or held and not recorded."""
        if not self.recordable:
            return False
        if self.part is Part.UPCOMING:
            return not self.booked
        return self.part is Part.ENDED and not (self.recorded or self.unsettled or self.did_not_happen)

    @property
    def why(self) -> str:
        """Why, for a table cell: the reason, or what will let a coming meeting be recorded; empty for one that was."""
        if self.reason:
            return self.reason.label
        return rule_label(self.trace.rule) if self.part is Part.UPCOMING else ""

    @property
    def what_to_do(self) -> str:
        """What whoever can act should do; empty where there is nothing to do."""
        return self.reason.what_to_do if self.reason else ""

    @property
    def explanation(self) -> str:
        """Why, in a sentence or two. Empty where there is nothing to explain."""
        if self.reason is None:
            return ""
        told = self.reason.why_coming if self.part is Part.UPCOMING else self.reason.why_past
        if self.reason.key == "not_seen_before_start":
            return f"{told} By today's rules: {self._by_todays_rules}."
        return told

    @property
    def after_that(self) -> str:
        """What would happen to a coming meeting once the reason is put right. Empty where our rule cannot say."""
        if self.part is not Part.UPCOMING or self.reason is None or self.trace.rule != self.reason.key:
            return ""
        if self.next_reason:
            return f"It would still not be recorded: {self.next_reason.clause}."
        return "" if self.trace.unknown else "It would be recorded."

    @property
    def _by_todays_rules(self) -> str:
        if self.next_reason:
            return self.next_reason.clause
        return "it would be recorded" if self.trace.verdict else "we cannot tell"


def judge(
    entry: Entry,
    bot: Bot | None,
    user: CalendarUser,
    as_of: datetime,
    *,
    seen: Seen | None = None,
    bot_read: bool = True,
    preferences: Preferences | None = None,
) -> Verdict:
    """Judge one entry of `user` as of `as_of` (aware).

    `bot` is the one that `entry.bot_id` names, or None where it was not read; `bot_read=False` says that reading it was
    tried in vain. `seen` is what was last seen before the entry's start, None when it was never seen before.
    `preferences` stand in for the user's own. Whatever Recall sends, this answers.
    """
    read = bot if bot and bot_read and entry.bot_id == bot.id else None
    part = part_of(entry, as_of)
    case = Case(
        entry=entry,
        user=user,
        part=part,
        fate=fate_of(read) if read else None,
        shared=read is not None and len(read.entries) > 1,
        seen=seen,
        trace=_trace_of_then(entry, replace(user, preferences=preferences or user.preferences), as_of, part, seen),
    )
    return _verdict(case, explain(case))


def _trace_of_then(entry: Entry, user: CalendarUser, as_of: datetime, part: Part, seen: Seen | None) -> Trace:
    """A coming entry by today's preferences; any other as of its start, by those seen before it if any were."""
    if part is Part.UPCOMING or entry.start_time is None:
        return trace(entry, user, as_of)
    return trace(entry, replace(user, preferences=seen.preferences) if seen else user, entry.start_time)


def _verdict(case: Case, why: Explanation) -> Verdict:
    fate, ended = case.fate, case.part is Part.ENDED
    return Verdict(
        part=case.part,
        outcome=_outcome(case, why.reason),
        recordable=case.entry.is_recordable,
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
    if not case.entry.is_recordable:
        return Outcome.FIXABLE if case.lacks_only_a_link else Outcome.NOT_RECORDABLE
    return Outcome.FIXABLE if reason.setup_gap else _BY_KEY.get(reason.key, _BY_CLASS[reason.klass])


def _of_recording(case: Case) -> Outcome:
    if case.fate and (case.fate.partial or case.fate.empty):
        return Outcome.IN_PART
    return Outcome.IN_PROGRESS if case.part is Part.IN_PROGRESS else Outcome.RECORDED


_BOOKED = {Part.UPCOMING: Outcome.WILL_RECORD, Part.IN_PROGRESS: Outcome.IN_PROGRESS}
_BY_KEY = {"covered_by_colleague": Outcome.WILL_RECORD, "unclassified": Outcome.UNKNOWN}
_BY_CLASS = {
    Klass.POLICY: Outcome.OFF_BY_CHOICE,
    Klass.NOT_RECORDABLE: Outcome.NOT_RECORDABLE,
    Klass.FIXABLE: Outcome.FIXABLE,
    Klass.PLATFORM: Outcome.TECHNICAL,
    Klass.OURS: Outcome.TECHNICAL,
    Klass.NEUTRAL: Outcome.UNKNOWN,
}
