"""The numbers of ended meetings over time."""

from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lib.coverage.meeting_state import STATES
from lib.coverage.meetings import tally
from lib.coverage.period import Bucket, points_of, starts_of
from lib.coverage.period_view import PeriodView, bucket_edges
from lib.coverage.rates import Rates, counts_by_row


@dataclass(frozen=True, slots=True)
class Point(Rates):
    """The ended meetings of a period that start in one bucket."""

    start: date
    """The bucket's first day. The first bucket may begin before the period: only what is in the period is counted."""


def trend(view: PeriodView, bucket: Bucket, zone: tzinfo) -> tuple[Point, ...]:
    """One point a bucket, without gaps, earliest first; they add up to the view's numbers.

    Days are days of `zone`. Where the period has more buckets than a chart can show, wider ones are taken
    (`lib.coverage.period.fitting` says which).
    """
    return _points(view, starts_of(view.period, bucket, zone), zone)


def sparkline(view: PeriodView, zone: tzinfo) -> tuple[Point, ...]:
    """The trend in 7 to 13 points of equal spans; a period of less than 7 days has a point a day."""
    return _points(view, points_of(view.period, zone), zone)


def by_bucket(view: PeriodView, days: tuple[date, ...], zone: tzinfo) -> NDArray[np.int64]:
    """How many meetings of each bucket are in each state: buckets down, `lib.coverage.meeting_state.STATES` across."""
    edges, states = bucket_edges(view.meetings, days, zone), view.meetings.states
    rows = [tally(states[first:last])[0] for first, last in pairwise(edges)]
    return np.array(rows, np.int64).reshape(len(days), len(STATES))


def _points(view: PeriodView, days: tuple[date, ...], zone: tzinfo) -> tuple[Point, ...]:
    rows = zip(days, counts_by_row(by_bucket(view, days, zone)), strict=True)
    return tuple(Point(day, **counts) for day, counts in rows)
