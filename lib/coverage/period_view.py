"""One scope and one period, looked at as of one time: its meetings are made once, and every cut is taken from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import instants
from lib.coverage.meetings import Entries, Meetings, meetings_of
from lib.coverage.numbers import Numbers, numbers_of, rows_between, utc_instant, without_start
from lib.coverage.period import Period, midnight


@dataclass(frozen=True)
class PeriodView:
    """The meetings of a frame that start in a period. Made by `view_period`; frames are shared, never written to."""

    frame: pd.DataFrame
    """All entries in scope, those outside the period too."""
    period: Period
    as_of: datetime
    rows: slice
    """Which rows of the frame start in the period."""
    entries: Entries
    """Those rows, as plain arrays."""
    meetings: Meetings

    @cached_property
    def numbers(self) -> Numbers:
        """All numbers of section 2 and the reasons."""
        period = self.period
        return numbers_of(self.meetings, period.from_, period.to, self.as_of, without_start(self.frame))

    @property
    def is_empty(self) -> bool:
        """No meeting starts in the period."""
        return not len(self.meetings)


def view_period(frame: pd.DataFrame, period: Period, as_of: datetime) -> PeriodView:
    """Look at a period of an arranged frame (`lib.coverage.columns`), or of the part in a scope.

    Properties of meetings come from the entries in `frame` alone. `as_of` is the time that they were judged by.
    """
    rows = rows_between(instants(frame, "start"), period.from_, period.to)
    entries = Entries.of(frame.iloc[rows])
    return PeriodView(frame, period, as_of, rows, entries, meetings_of(entries, utc_instant(as_of)))


def regroup(view: PeriodView, codes: NDArray[Any]) -> tuple[Meetings, NDArray[Any]]:
    """The view's meetings once for each group that has entries of them, and the group of each.

    `codes` names a group for every entry of the view, from 0 up. A meeting whose entries are in two groups counts in
    both, in each with the properties of that group's entries alone. Groups of customers therefore add up to the whole,
    and groups of users need not.
    """
    meetings, meeting = view.meetings, view.entries.meeting
    if not _is_mixed(meeting, codes):
        return meetings, codes[meetings.bounds[:-1]]
    pair = meeting.astype(np.int64) * (int(codes.max()) + 1) + codes
    order = np.argsort(pair, kind="stable")
    found = meetings_of(view.entries.take(order, pair[order]), utc_instant(view.as_of))
    return found, codes[order][found.bounds[:-1]]


def bucket_edges(meetings: Meetings, days: Sequence[date], zone: tzinfo) -> NDArray[np.intp]:
    """Where the meetings of each bucket begin, given the first days of all of them, and at the end how many there are.

    What starts before the first day's beginning counts to the first bucket.
    """
    edges = np.array([utc_instant(midnight(day, zone)) for day in days[1:]], meetings.starts.dtype)
    inner = np.searchsorted(meetings.starts, edges)
    return np.concatenate(([0], inner, [len(meetings)])).astype(np.intp)[: len(days) + 1]


def _is_mixed(meeting: NDArray[Any], codes: NDArray[Any]) -> bool:
    """Whether a meeting has entries in two groups."""
    return bool(((meeting[1:] == meeting[:-1]) & (codes[1:] != codes[:-1])).any())
