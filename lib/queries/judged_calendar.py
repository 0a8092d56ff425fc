"""One user's calendar with a verdict on every entry, and the numbers of the periods that the user's page shows."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from lib.coverage.drilldown import superseded_entries
from lib.coverage.frame import EntryRow, frame_of
from lib.coverage.inferred_reasons import UnknownCause, UnwatchedEntry, unwatched_entries
from lib.coverage.numbers import Numbers, numbers
from lib.domain import Entry
from lib.queries.calendar_snapshot import CalendarSnapshot
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.forecast import forecast_end
from lib.recording.verdict import Verdict, with_inferred_reason
from lib.store.entries import StoredEntry
from lib.sync.verdicts import JudgedEntry, judge_all

PERIOD_DAYS = 30


@dataclass(frozen=True, slots=True)
class JudgedMeeting:
    """An entry that has a start, with its verdict."""

    start: datetime
    stored: StoredEntry
    verdict: Verdict
    unknown: UnknownCause = UnknownCause.NO
    """Why the cause of an unwatched entry is unknown, as far as the workspace tells."""

    @property
    def entry(self) -> Entry:
        """The entry as it was last read."""
        return self.stored.entry


@dataclass(frozen=True, slots=True)
class JudgedCalendar:
    """One user's entries, earliest first, and the numbers of three periods.

    `meetings` lacks what the calendar no longer holds where it shows the same meeting under another id. Days are those
    of the report's time zone: `last` covers the last 30 days including today, `before` the 30 days before them, and
    `ahead` the rest of today and the 14 days after it, until `until`.
    """

    as_of: datetime
    meetings: tuple[JudgedMeeting, ...]
    last: Numbers
    before: Numbers
    ahead: Numbers
    until: datetime

    @property
    def first_bot(self) -> datetime | None:
        """Start of the first meeting that had a bot."""
        return next((meeting.start for meeting in self.meetings if meeting.verdict.booked), None)


def judged_calendar(
    known: CalendarSnapshot, as_of: datetime, workspace: WorkspaceSnapshot, zone: ZoneInfo
) -> JudgedCalendar:
    """Judge the entries of `known` as of `as_of`.

    `workspace` is the whole of it: whether the cause of an unwatched meeting can be inferred depends on colleagues'
    meetings too. Nothing of theirs gets into the answer.
    """
    told = unwatched_entries(workspace.frame, [stored.key for stored in known.kept])
    judged_alone = judge_all(known.kept, known.user, known.bots, known.calendar_changes, as_of)
    found = [_by_first_rules(one, told.get(one.stored.key)) for one in judged_alone]
    frame = frame_of(
        EntryRow.of(one.stored.entry, one.verdict, user=known.user.id, customer=None, key=one.stored.key)
        for one, _ in found
    )
    meetings = [
        JudgedMeeting(one.stored.entry.start_time, one.stored, one.verdict, why)
        for one, why in found
        if one.stored.entry.start_time
    ]
    again = superseded_entries(frame, [meeting.stored.key for meeting in meetings if meeting.stored.removed_at])
    listed = [meeting for meeting in meetings if meeting.stored.key not in again]
    today = datetime.combine(as_of.astimezone(zone).date(), time(), zone)
    since, tomorrow = today - timedelta(days=PERIOD_DAYS - 1), today + timedelta(days=1)
    until = forecast_end(as_of, zone)
    return JudgedCalendar(
        as_of=as_of,
        meetings=tuple(sorted(listed, key=lambda meeting: (meeting.start, meeting.entry.id))),
        last=numbers(frame, since, tomorrow, as_of),
        before=numbers(frame, since - timedelta(days=PERIOD_DAYS), since, as_of),
        ahead=numbers(frame, today, until, as_of),
        until=until,
    )


def _by_first_rules(one: JudgedEntry, told: UnwatchedEntry | None) -> tuple[JudgedEntry, UnknownCause]:
    """The verdict by the rules first seen where the workspace supports it; else the entry as it is, and why not."""
    if told is None or one.verdict.by_rules is None or one.verdict.booked:
        return one, UnknownCause.NO
    if told.inferred and one.verdict.by_rules == told.reason:
        return replace(one, verdict=with_inferred_reason(one.verdict)), UnknownCause.NO
    return one, told.unknown
