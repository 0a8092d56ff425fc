"""The numbers of a million entries: the Coverage page beside the same in polars, and bringing the frame up to date.

Both are taken in turn in one run, and their answers are held to be equal before any time counts.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from bench import page_in_polars
from bench.entries import AS_OF, ENTRIES, invented_entries, moved
from bench.table import Row, pair, single
from lib.coverage.breakdown import BreakdownGroup, breakdown
from lib.coverage.frame_order import arrange, merge
from lib.coverage.grid import GridRow, grid
from lib.coverage.inferred_reasons import with_inferred_reasons
from lib.coverage.numbers import Numbers
from lib.coverage.period import Bucket, Period, last_days
from lib.coverage.period_view import view_period
from lib.coverage.scope import Dimension
from lib.coverage.trend import Point, sparkline, trend
from lib.recording.reasons import REASON_KEYS

DAYS = 90
ROUNDS = 20
MERGES, CHANGED, MOST_OF_ARRANGING = 7, 300, 0.5
MOST_RATIO = 1.5
MOST_MEGABYTES = 75.0

_ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Page:
    """What the page counts."""

    numbers: Numbers
    before: Numbers
    trend: tuple[Point, ...]
    sparkline: tuple[Point, ...]
    customers: tuple[BreakdownGroup, ...]
    grid: tuple[GridRow, ...]


def measure_counting() -> list[Row]:
    """The page's numbers for 90 days, arranging, merging and the memory of one million entries."""
    frame = invented_entries()
    return [
        _explaining(frame),
        _page_beside_polars(with_inferred_reasons(frame)),
        _keeping(frame),
        single("frame of 1,000,000 entries", frame.memory_usage(deep=True).sum() / 1e6, "MB", most=MOST_MEGABYTES),
    ]


def _page_beside_polars(frame: pd.DataFrame) -> Row:
    period, columns = last_days(AS_OF, DAYS, _ZONE), page_in_polars.taken(frame)

    def ours() -> Page:
        return page(frame, period)

    def theirs() -> page_in_polars.Answer:
        return page_in_polars.page(columns, period, AS_OF, _ZONE)

    _hold_equal(told(ours()), theirs())
    taken = [(_milliseconds(ours), _milliseconds(theirs)) for _ in range(ROUNDS)]
    mine, reference = (list(series) for series in zip(*taken, strict=True))
    return pair(f"Coverage page, {DAYS} days of {ENTRIES:,} entries, beside polars", mine, reference, most=MOST_RATIO)


def page(frame: pd.DataFrame, period: Period) -> Page:
    """Everything that the Coverage page counts for a period."""
    shown, before = view_period(frame, period, AS_OF), view_period(frame, period.before, AS_OF)
    return Page(
        shown.numbers,
        before.numbers,
        trend(shown, Bucket.DAY, _ZONE),
        sparkline(shown, _ZONE),
        breakdown(shown, Dimension.CUSTOMER),
        grid(shown, Bucket.WEEK, _ZONE),
    )


def told(found: Page) -> page_in_polars.Answer:
    """The same in plain values, without buckets that nothing was held in."""
    return {
        "numbers": _parts(found.numbers),
        "before": _parts(found.before),
        "reasons": dict(_reasons(found.numbers)),
        "trend": _points(found.trend),
        "sparkline": _points(found.sparkline),
        "customers": {group.name: _group(group) for group in found.customers},
        "grid": {
            (row.start, str(column)): count for row in found.grid for column, count in row.counts.items() if count
        },
    }


def _reasons(numbers: Numbers) -> "Counter[tuple[str, str]]":
    """Meetings by part and reason, whatever the reason rests on."""
    found: Counter[tuple[str, str]] = Counter()
    for each in numbers.reasons:
        found[str(each.part), each.reason.key] += each.meetings
    return found


def _explaining(frame: pd.DataFrame) -> Row:
    taken = [
        (_milliseconds(lambda: with_inferred_reasons(frame)), _milliseconds(lambda: arrange(frame)))
        for _ in range(MERGES)
    ]
    explaining, arranging = (list(series) for series in zip(*taken, strict=True))
    figure = f"explain what nobody watched of {ENTRIES:,}, beside arranging anew"
    return pair(figure, explaining, arranging, most=MOST_OF_ARRANGING)


def _parts(numbers: Numbers) -> dict[str, dict[str, int]]:
    parts = {name: asdict(getattr(numbers, name)) for name in ("upcoming", "in_progress", "ended")}
    return {name: part for name, part in parts.items() if part["meetings"]}


def _points(points: tuple[Point, ...]) -> dict[Any, dict[str, int]]:
    wanted = ("held", "asked", "recorded")
    return {point.start: {name: getattr(point, name) for name in wanted} for point in points if point.held}


def _group(group: BreakdownGroup) -> dict[str, Any]:
    main = REASON_KEYS.index(group.main_reason.key) if group.main_reason else None
    wanted = ("held", "asked", "recorded", "upcoming", "upcoming_missed")
    return {name: getattr(group, name) for name in wanted} | {"main": main}


def _hold_equal(ours: page_in_polars.Answer, theirs: page_in_polars.Answer) -> None:
    """Every figure of ours is in the reference, and the same there. Raises AssertionError, which the bench prints."""
    for name, rows in ours.items():
        for key, mine in rows.items():
            other = theirs[name][key]
            same = mine == (other if isinstance(mine, int) else {figure: other[figure] for figure in mine})
            if not same or rows.keys() != theirs[name].keys():
                raise AssertionError(f"{name} of {key} differs from the reference: {mine} and {other}")


def _keeping(frame: pd.DataFrame) -> Row:
    changed, gone = moved(frame, CHANGED), frame["key"].to_numpy()[5 :: len(frame) // CHANGED].tolist()
    taken = [
        (_milliseconds(lambda: merge(frame, changed, gone)), _milliseconds(lambda: arrange(frame)))
        for _ in range(MERGES)
    ]
    merging, arranging = (list(series) for series in zip(*taken, strict=True))
    figure = f"merge {CHANGED} changed, {len(gone)} gone of {ENTRIES:,}, beside arranging anew"
    return pair(figure, merging, arranging, most=MOST_OF_ARRANGING)


def _milliseconds(what: Callable[[], object]) -> float:
    began = perf_counter()
    what()
    return (perf_counter() - began) * 1000
