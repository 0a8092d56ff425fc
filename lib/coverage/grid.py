"""What became of the ended meetings, bucket by bucket."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lib.coverage.meeting_state import STATES, MeetingState
from lib.coverage.meetings import Meetings, or_unclassified
from lib.coverage.period import Bucket, starts_of
from lib.coverage.period_view import PeriodView, bucket_edges
from lib.recording.outcome import Outcome
from lib.recording.reason import Reason, ReasonClass
from lib.recording.reasons import REASONS
from lib.recording.time_part import TimePart

COLUMNS = (
    Outcome.RECORDED,
    Outcome.IN_PART,
    Outcome.OFF_BY_CHOICE,
    Outcome.FIXABLE,
    Outcome.TECHNICAL,
    Outcome.UNKNOWN,
    Outcome.DID_NOT_HAPPEN,
    Outcome.UNSETTLED,
)
"""Every ended recordable meeting is in exactly one of these columns."""

_BY_CLASS = {
    ReasonClass.POLICY: Outcome.OFF_BY_CHOICE,
    ReasonClass.FIXABLE: Outcome.FIXABLE,
    ReasonClass.PLATFORM: Outcome.TECHNICAL,
    ReasonClass.OURS: Outcome.TECHNICAL,
}


@dataclass(frozen=True, slots=True)
class GridRow:
    """The ended recordable meetings of the period that start in one bucket."""

    start: date
    """The bucket's first day."""
    counts: Mapping[Outcome, int]
    """How many are in each of `COLUMNS`."""

    @property
    def total(self) -> int:
        """Ended and recordable."""
        return sum(self.counts.values())


def grid(view: PeriodView, bucket: Bucket, zone: tzinfo) -> tuple[GridRow, ...]:
    """One row a bucket, without gaps, earliest first; all cells add up to the view's ended recordable meetings.

    A meeting is recorded; recorded in part (partial or empty); did not happen; unsettled; else it was missed, and
    stands where its reason does (`outcome_of_miss`). Buckets are those of `lib.coverage.trend.trend`.
    """
    days = starts_of(view.period, bucket, zone)
    columns, edges = columns_of(view.meetings), bucket_edges(view.meetings, days, zone)
    counts = [
        np.bincount(columns[first:last] + 1, minlength=len(COLUMNS) + 1)[1:].tolist() for first, last in pairwise(edges)
    ]
    return tuple(GridRow(day, dict(zip(COLUMNS, row, strict=True))) for day, row in zip(days, counts, strict=True))


def outcome_of_miss(reason: Reason) -> Outcome:
    """Where a missed meeting stands: fixable, setup gaps too; off by choice; technical (platform or ours); unknown.

    Unknown are causes that nobody knows and those that are nobody's doing.
    """
    if reason.setup_gap:
        return Outcome.FIXABLE
    return Outcome.UNKNOWN if reason.key == "unclassified" else _BY_CLASS.get(reason.klass, Outcome.UNKNOWN)


OFF_BY_CHOICE = np.array([outcome_of_miss(reason) is Outcome.OFF_BY_CHOICE for reason in REASONS])
"""Of each of `REASONS`, whether a meeting that it was missed for was excluded by choice."""


def columns_of(meetings: Meetings) -> NDArray[np.int8]:
    """The place in `COLUMNS` of each meeting; -1 for one that is not ended or not recordable."""
    return _PLACES[meetings.states, or_unclassified(meetings.reasons)]


def _outcome(state: MeetingState, reason: Reason) -> Outcome | None:
    if state.part is not TimePart.ENDED or not state.recordable:
        return None
    if state.recorded:
        return Outcome.IN_PART if state.partial or state.empty else Outcome.RECORDED
    if state.unsettled:
        return Outcome.UNSETTLED
    return Outcome.DID_NOT_HAPPEN if state.did_not_happen else outcome_of_miss(reason)


def _place(outcome: Outcome | None) -> int:
    return -1 if outcome is None else COLUMNS.index(outcome)


_PLACES = np.array([[_place(_outcome(state, reason)) for reason in REASONS] for state in STATES], np.int8)
