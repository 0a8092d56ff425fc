"""One user's calendar, judged and counted once for each state of what is known, however often the page is drawn."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from lib.bootstrap import desk
from lib.coverage.frame import EntryRow, frame_of
from lib.coverage.numbers import Numbers, numbers
from lib.domain import Entry
from lib.reading import CalendarSnapshot
from lib.recording.forecast import end_of_outlook
from lib.recording.outcome import Verdict
from lib.store.entries import StoredEntry
from lib.sync.verdicts import judge_all

PERIOD_DAYS = 30
_KEY = "judged"


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry that has a start, and what is to be said of it."""

    start: datetime
    stored: StoredEntry
    verdict: Verdict

    @property
    def entry(self) -> Entry:
        """As it was last read."""
        return self.stored.entry


@dataclass(frozen=True, slots=True)
class Judgement:
    """All of one user's entries, earliest first, and the numbers of the periods that the page shows.

    Days are those of the report's time zone: `last` holds the last 30 days, today included, `before` the 30 before
    them, `ahead` what is still to come today and in the 14 days after it, until `until`.
    """

    rows: tuple[Judged, ...]
    last: Numbers
    before: Numbers
    ahead: Numbers
    until: datetime


def judged(known: CalendarSnapshot, as_of: datetime) -> Judgement:
    """What is to be said of `known`, whose entries are as of `as_of`."""
    mark = (known.user.id, known.version)
    kept: tuple[object, Judgement] | None = st.session_state.get(_KEY)
    if kept is None or kept[0] != mark:
        kept = (mark, _judge_all(known, as_of))
        st.session_state[_KEY] = kept
    return kept[1]


def _judge_all(known: CalendarSnapshot, as_of: datetime) -> Judgement:
    found = judge_all(known.kept, known.user, known.bots, known.calendar_changes, as_of)
    rows = [
        Judged(one.stored.entry.start_time, one.stored, one.verdict) for one in found if one.stored.entry.start_time
    ]
    frame = frame_of(
        EntryRow.of(one.stored.entry, one.verdict, user=known.user.id, customer=None, key=one.stored.key)
        for one in found
    )
    zone = ZoneInfo(desk().settings.report_time_zone)
    today = datetime.combine(as_of.astimezone(zone).date(), time(), zone)
    since, tomorrow = today - timedelta(days=PERIOD_DAYS - 1), today + timedelta(days=1)
    until = end_of_outlook(as_of, zone)
    return Judgement(
        rows=tuple(sorted(rows, key=lambda row: (row.start, row.entry.id))),
        last=numbers(frame, since, tomorrow, as_of),
        before=numbers(frame, since - timedelta(days=PERIOD_DAYS), since, as_of),
        ahead=numbers(frame, today, until, as_of),
        until=until,
    )
