"""The rows behind a figure: its meetings, one row each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.grid import COLUMNS, columns_of
from lib.coverage.meetings import Meetings, in_states, or_unclassified
from lib.coverage.period import Bucket, starts_of
from lib.coverage.period_view import PeriodView, bucket_edges
from lib.recording.outcome import Outcome
from lib.recording.reason import Basis
from lib.recording.reasons import REASON_KEYS
from lib.recording.time_part import TimePart


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a part, named as in `lib.coverage.meeting_state.FIGURES`, such as a step of the funnel."""

    part: TimePart
    name: str


@dataclass(frozen=True, slots=True)
class MissedFor:
    """The meetings of a part that were missed for a reason."""

    part: TimePart
    reason: str
    """A key."""
    basis: Basis | None = None
    """What the reason rests on; None: whatever it is."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of the grid."""

    bucket: Bucket
    zone: tzinfo
    start: date
    """The row's first day, as in the grid."""
    outcome: Outcome
    """The column."""


Drilldown: TypeAlias = Figure | MissedFor | GridCell


@dataclass(frozen=True, slots=True)
class MeetingRows:
    """Meetings, each by the entry of it that got furthest: coming ones soonest first, all others latest first."""

    keys: NDArray[np.int64]
    """The keys of these entries."""
    entries: NDArray[np.int64]
    """How many entries stand behind each meeting."""
    rows: NDArray[np.int64]
    """Where these entries are in the frame of the view: `frame.iloc[rows]`."""

    def __len__(self) -> int:
        return len(self.keys)


def drill_down(view: PeriodView, what: Drilldown) -> MeetingRows:
    """The meetings that a figure of the view counts; as many as it says.

    For a figure of one group, take its view first (`lib.coverage.breakdown.group_view`). Raises KeyError for an unknown
    figure; an unknown reason or bucket has no rows.
    """
    return meeting_rows(view.frame, view.rows.start, view.meetings, _counted(view, what))


def meeting_rows(frame: pd.DataFrame, offset: int, meetings: Meetings, counted: NDArray[np.bool_]) -> MeetingRows:
    """The counted ones of `meetings`, whose entries begin at row `offset` of `frame`."""
    chosen = np.flatnonzero(counted)
    is_coming = in_states(meetings, TimePart.UPCOMING, "meetings")[chosen]
    chosen = np.concatenate((chosen[is_coming], chosen[~is_coming][::-1]))
    rows = _furthest(frame, offset, meetings, chosen)
    return MeetingRows(frame["key"].to_numpy()[rows], meetings.entries[chosen], rows)


def superseded_entries(frame: pd.DataFrame, gone: Collection[int]) -> frozenset[int]:
    """The keys among `gone` whose meeting has an entry that is not gone and got as far.

    A calendar that is connected again brings its meetings back under other ids (contract, section 3: assume it does).
    """
    keys, far = frame["key"].to_numpy(), _how_far(frame)
    is_gone = np.isin(keys, list(gone))
    there = pd.Series(np.where(is_gone, np.int16(-1), far)).groupby(frame["meeting"].to_numpy()).transform("max")
    return frozenset(keys[is_gone & (far <= there.to_numpy())].tolist())


def _counted(view: PeriodView, what: Drilldown) -> NDArray[np.bool_]:
    meetings = view.meetings
    if isinstance(what, Figure):
        return in_states(meetings, what.part, what.name)
    if isinstance(what, MissedFor):
        is_reason = np.array([key == what.reason for key in REASON_KEYS])
        counted: NDArray[np.bool_] = is_reason[or_unclassified(meetings.reasons)] & in_states(
            meetings, what.part, "missed"
        )
        return counted if what.basis is None else counted & (meetings.inferred == (what.basis is Basis.INFERRED))
    is_column: NDArray[np.bool_] = columns_of(meetings) == COLUMNS.index(what.outcome)
    return is_column & _in_bucket(view, what)


def _in_bucket(view: PeriodView, cell: GridCell) -> NDArray[np.bool_]:
    days = starts_of(view.period, cell.bucket, cell.zone)
    found = np.zeros(len(view.meetings), np.bool_)
    if cell.start in days:
        edges, place = bucket_edges(view.meetings, days, cell.zone), days.index(cell.start)
        found[edges[place] : edges[place + 1]] = True
    return found


def _furthest(frame: pd.DataFrame, offset: int, meetings: Meetings, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
    """The row of the entry of each chosen meeting that got furthest: recorded, best of all whole; else by its reason.

    Of equals the first in the frame.
    """
    sizes = meetings.entries[chosen]
    ends = np.cumsum(sizes)
    rows = offset + np.arange(sizes.sum()) + np.repeat(meetings.bounds[:-1][chosen] - (ends - sizes), sizes)
    far = _how_far(frame.iloc[rows])
    best = np.maximum.reduceat(far, ends - sizes)
    reached = np.flatnonzero(far == np.repeat(best, sizes))
    _, first = np.unique(np.repeat(np.arange(len(chosen)), sizes)[reached], return_index=True)
    found: NDArray[np.intp] = rows[reached[first]]
    return found


def _how_far(entries: pd.DataFrame) -> NDArray[np.int16]:
    """A booked entry without a reason is recorded whole, or on its way: it got further than any that has one."""
    rank = entries["rank"].to_numpy().astype(np.int16) * 2 + ~entries["inferred"].to_numpy()
    far: NDArray[np.int16] = np.where(entries["booked"].to_numpy() & (rank <= 1), np.int16(256), rank)
    far[entries["recorded"].to_numpy()] += 512
    return far
