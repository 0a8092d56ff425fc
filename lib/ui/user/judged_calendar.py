"""One user's calendar, judged and counted once for each state of what is known, however often the page is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from lib.bootstrap import desk
from lib.coverage.drilldown import superseded_entries
from lib.coverage.frame import EntryRow, frame_of
from lib.coverage.inferred_reasons import UnknownCause, UnwatchedEntry, unwatched_entries
from lib.coverage.numbers import Numbers, numbers
from lib.customer.sight import EVERYTHING
from lib.domain import Entry
from lib.queries import CalendarSnapshot
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.forecast import forecast_end
from lib.recording.verdict import Verdict, with_inferred_reason
from lib.store.entries import StoredEntry
from lib.sync.verdicts import JudgedEntry, judge_all

PERIOD_DAYS = 30
_KEY = "judged"


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry that has a start, and what is to be said of it."""

    start: datetime
    stored: StoredEntry
    verdict: Verdict
    unknown: UnknownCause = UnknownCause.NO
    """Why one that nobody watched has no cause, as far as the workspace says so."""

    @property
    def entry(self) -> Entry:
        """As it was last read."""
        return self.stored.entry


@dataclass(frozen=True, slots=True)
class Judgement:
    """One user's entries, earliest first, and the numbers of the periods that the page shows.

    What a calendar shows no longer is left out of `rows` where it shows the same meeting under another id.
    Days are those of the report's time zone: `last` holds the last 30 days, today included, `before` the 30 before
    them, `ahead` what is still to come today and in the 14 days after it, until `until`.
    """

    rows: tuple[Judged, ...]
    last: Numbers
    before: Numbers
    ahead: Numbers
    until: datetime

    @property
    def first_bot(self) -> datetime | None:
        """Start of the first meeting that had a bot."""
        return next((row.start for row in self.rows if row.verdict.booked), None)


def whole_workspace() -> WorkspaceSnapshot:
    """What is known of everybody: why nobody watched a meeting of one user hangs on colleagues' too. Only this user's
    own entries may be asked for."""
    return desk().workspace.snapshot(EVERYTHING)


def judged(known: CalendarSnapshot, as_of: datetime) -> Judgement:
    """What is to be said of `known`, whose entries are as of `as_of`."""
    workspace = whole_workspace()
    mark = (known.user.id, known.version, workspace.mark)
    kept: tuple[object, Judgement] | None = st.session_state.get(_KEY)
    if kept is None or kept[0] != mark:
        told = unwatched_entries(workspace.frame, [stored.key for stored in known.kept])
        kept = (mark, _judge_all(known, as_of, told))
        st.session_state[_KEY] = kept
    return kept[1]


def _judge_all(known: CalendarSnapshot, as_of: datetime, told: Mapping[int, UnwatchedEntry]) -> Judgement:
    judged_alone = judge_all(known.kept, known.user, known.bots, known.calendar_changes, as_of)
    found = [_by_first_rules(one, told.get(one.stored.key)) for one in judged_alone]
    rows = [
        Judged(one.stored.entry.start_time, one.stored, one.verdict, why)
        for one, why in found
        if one.stored.entry.start_time
    ]
    frame = frame_of(
        EntryRow.of(one.stored.entry, one.verdict, user=known.user.id, customer=None, key=one.stored.key)
        for one, _ in found
    )
    again = superseded_entries(frame, [row.stored.key for row in rows if row.stored.removed_at])
    listed = [row for row in rows if row.stored.key not in again]
    zone = ZoneInfo(desk().settings.report_time_zone)
    today = datetime.combine(as_of.astimezone(zone).date(), time(), zone)
    since, tomorrow = today - timedelta(days=PERIOD_DAYS - 1), today + timedelta(days=1)
    until = forecast_end(as_of, zone)
    return Judgement(
        rows=tuple(sorted(listed, key=lambda row: (row.start, row.entry.id))),
        last=numbers(frame, since, tomorrow, as_of),
        before=numbers(frame, since - timedelta(days=PERIOD_DAYS), since, as_of),
        ahead=numbers(frame, today, until, as_of),
        until=until,
    )


def _by_first_rules(one: JudgedEntry, told: UnwatchedEntry | None) -> tuple[JudgedEntry, UnknownCause]:
    """An entry that nobody watched as the whole workspace tells it, which no user's entries alone can; and why not."""
    if told is None or one.verdict.by_rules is None or one.verdict.booked:
        return one, UnknownCause.NO
    if told.inferred and one.verdict.by_rules == told.reason:
        return replace(one, verdict=with_inferred_reason(one.verdict)), UnknownCause.NO
    return one, told.unknown
