"""Trend, groups, grid, funnel and rows behind figures in random worlds: they add up, and equal a recount."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.coverage.breakdown import BreakdownGroup, breakdown, group_view, missed_over_time
from lib.coverage.drilldown import Drilldown, Figure, GridCell, MissedFor, drill_down
from lib.coverage.funnel import funnel
from lib.coverage.grid import COLUMNS, grid
from lib.coverage.meeting_state import FIGURES
from lib.coverage.period import Bucket
from lib.coverage.period_view import PeriodView, view_period
from lib.coverage.scope import Dimension, Scope, within
from lib.coverage.trend import sparkline, trend
from lib.customer import asked_of
from lib.recording.outcome import Outcome
from lib.recording.reasons import reason_of
from lib.recording.time_part import TimePart
from tests.unit.coverage.recount import recount
from tests.unit.coverage.worlds import Row, framed, ranges, some_rows, viewed
from tests.unit.recording.making import HOUR, NOW

BERLIN = ZoneInfo("Europe/Berlin")
WIDE = (NOW - 100 * HOUR, NOW + 100 * HOUR)
RATED = ("held", "asked", "recorded")
YES_NO = {"external": ("internal", "external"), "hosted": ("guest", "hosted")}
COUNTED = {"in_progress": ("meetings", "recordable", "booked"), "upcoming": ("meetings", "recordable", "booked")}

Range = tuple[datetime, datetime]
buckets = st.sampled_from([Bucket.DAY, Bucket.WEEK, Bucket.MONTH])
dimensions = st.sampled_from(list(Dimension))
few = settings(max_examples=30)


def group_of(row: Row, dimension: Dimension) -> str | None:
    entry = row.entry
    if dimension in YES_NO:
        fact = entry.is_external if dimension == "external" else entry.is_hosted_by_me
        return None if fact is None else YES_NO[dimension][fact]
    if dimension in ("customer", "team"):
        return row.customer if dimension == "customer" else row.team
    words = {"user": row.user, "platform": entry.meeting_platform, "calendar": entry.calendar_platform}
    return words[dimension]


def rated(counts: Counter[str]) -> tuple[int, ...]:
    return tuple(counts[name] for name in RATED)


# --- scopes and groups ---


@few
@given(some_rows, ranges, dimensions)
def test_every_group_equals_a_recount_of_its_own_entries(rows: list[Row], between: Range, by: Dimension) -> None:
    found = {group.name: group for group in breakdown(viewed(rows, *between), by)}
    for name in {group_of(row, by) for row in rows}:
        expected = recount([row for row in rows if group_of(row, by) == name], *between, NOW)
        if not any(expected[part]["meetings"] for part in ("upcoming", "in_progress", "ended")):
            assert name not in found
            continue
        group, coming = found.pop(name), expected["upcoming"]
        assert (group.held, group.asked, group.recorded) == rated(expected["ended"])
        assert (group.upcoming, group.upcoming - group.upcoming_missed) == (coming["recordable"], coming["booked"])
        assert _says_why(group, expected["missed"])
    assert not found


def _says_why(group: BreakdownGroup, missed: Counter[str]) -> bool:
    reasons = {key: count for key, count in missed.items() if key.startswith("ended ")}
    if group.main_reason is None:
        return not reasons
    return reasons[f"ended {group.main_reason.key}"] == max(reasons.values())


@few
@given(some_rows, st.lists(st.tuples(dimensions, st.integers(0, 11)), min_size=1, max_size=3))
def test_a_scope_counts_what_a_recount_of_its_entries_counts(
    rows: list[Row], chosen: list[tuple[Dimension, int]]
) -> None:
    wanted = {by: group_of(rows[place % len(rows)], by) for by, place in chosen if rows}
    wanted = {by: name for by, name in wanted.items() if by not in YES_NO or name is not None}
    given: Any = {by: name == YES_NO[by][1] if by in YES_NO else asked_of(name) for by, name in wanted.items()}
    kept = [row for row in rows if all(group_of(row, by) == name for by, name in wanted.items())]
    found = view_period(within(framed(rows), Scope(**given)), viewed(rows).period, NOW).numbers
    expected = recount(kept, *WIDE, NOW)
    assert (found.ended.held, found.ended.asked, found.ended.recorded) == rated(expected["ended"])
    assert found.without_start == expected["missed"]["without_start"]
    for part, names in COUNTED.items():
        assert [getattr(getattr(found, part), name) for name in names] == [expected[part][name] for name in names]


@few
@given(some_rows)
def test_customers_add_up_to_the_whole(rows: list[Row]) -> None:
    found = viewed(rows)
    groups = breakdown(found, Dimension.CUSTOMER)
    for name in (*RATED, "missed"):
        assert sum(getattr(group, name) for group in groups) == getattr(found.numbers.ended, name)
    assert sum(group.upcoming for group in groups) == found.numbers.upcoming.recordable


@few
@given(some_rows, dimensions)
def test_groups_are_ranked_by_what_they_miss(rows: list[Row], by: Dimension) -> None:
    groups = breakdown(viewed(rows), by)
    assert list(groups) == sorted(groups, key=lambda group: (-group.missed, group.name is None, group.name or ""))


@few
@given(some_rows, dimensions, buckets)
def test_what_a_group_missed_over_time_adds_up_to_what_it_missed(
    rows: list[Row], by: Dimension, bucket: Bucket
) -> None:
    found = viewed(rows)
    days, missed = missed_over_time(found, by, bucket, BERLIN)
    assert {name: sum(each) for name, each in missed.items()} == {
        group.name: group.missed for group in breakdown(found, by) if group.missed
    }
    assert all(len(each) == len(days) for each in missed.values())


# --- over time ---


@few
@given(some_rows, ranges)
def test_a_day_of_the_trend_equals_a_recount_of_that_day(rows: list[Row], between: Range) -> None:
    for point in trend(viewed(rows, *between), Bucket.DAY, BERLIN):
        expected = recount([row for row in rows if _day(row) == point.start], *between, NOW)["ended"]
        assert (point.held, point.asked, point.recorded) == rated(expected)


def _day(row: Row) -> date | None:
    return row.entry.start_time.astimezone(BERLIN).date() if row.entry.start_time else None


@few
@given(some_rows, ranges, buckets)
def test_trend_and_sparkline_add_up_to_the_numbers(rows: list[Row], between: Range, bucket: Bucket) -> None:
    found = viewed(rows, *between)
    for points in (trend(found, bucket, BERLIN), sparkline(found, BERLIN)):
        for name in (*RATED, "missed"):
            assert sum(getattr(point, name) for point in points) == getattr(found.numbers.ended, name)
        assert all(point.coverage.denominator == point.held for point in points)


@few
@given(some_rows, ranges, buckets)
def test_the_grid_adds_up_and_equals_a_recount(rows: list[Row], between: Range, bucket: Bucket) -> None:
    found = viewed(rows, *between)
    cells = grid(found, bucket, BERLIN)
    totals = {column: sum(row.counts[column] for row in cells) for column in COLUMNS}
    assert sum(totals.values()) == sum(row.total for row in cells) == found.numbers.ended.recordable
    again = recount(rows, *between, NOW)
    expected = Counter({Outcome.IN_PART: again["ended"]["in_part"]})
    expected[Outcome.RECORDED] = again["ended"]["recorded"] - again["ended"]["in_part"]
    expected[Outcome.UNSETTLED] = again["ended"]["unsettled"]
    expected[Outcome.DID_NOT_HAPPEN] = again["ended"]["did_not_happen"]
    for key, count in again["missed"].items():
        part, _, reason = key.partition(" ")
        if part == "ended":
            expected[_outcome(reason)] += count
    assert {column: n for column, n in totals.items() if n} == {column: n for column, n in expected.items() if n}


def _outcome(key: str) -> Outcome:
    reason = reason_of(key)
    if reason.setup_gap or reason.klass == "fixable":
        return Outcome.FIXABLE
    if reason.klass == "policy":
        return Outcome.OFF_BY_CHOICE
    is_technical = reason.klass in ("platform", "ours") and key != "unclassified"
    return Outcome.TECHNICAL if is_technical else Outcome.UNKNOWN


# --- the funnel, and the rows behind ---


@few
@given(some_rows)
def test_every_step_of_the_funnel_is_the_one_before_without_what_fell_out(rows: list[Row]) -> None:
    found = viewed(rows)
    steps = funnel(found.numbers)
    assert [step.is_loss for step in steps] == [False, True] * 4 + [False]
    for before, loss, after in zip(steps[:-2:2], steps[1::2], steps[2::2], strict=True):
        assert before.count - loss.count == after.count
        assert (loss.top, loss.bottom) == (before.count, after.count)
        assert loss.count >= 0
    for step in steps:
        assert len(drill_down(found, Figure(TimePart.ENDED, step.figure))) == step.count


@few
@given(some_rows, ranges, buckets)
def test_as_many_rows_stand_behind_a_figure_as_it_says(rows: list[Row], between: Range, bucket: Bucket) -> None:
    found = viewed(rows, *between)
    for what, count in _figures(found, bucket):
        behind = drill_down(found, what)
        assert len(behind) == len(set(behind.keys.tolist())) == count
    for part in (TimePart.UPCOMING, TimePart.IN_PROGRESS, TimePart.ENDED):
        numbers = getattr(found.numbers, part)
        assert drill_down(found, Figure(part, "meetings")).entries.sum() == numbers.entries


def _figures(found: PeriodView, bucket: Bucket) -> list[tuple[Drilldown, int]]:
    counts: list[tuple[Drilldown, int]] = []
    for part, names in FIGURES.items():
        numbers = getattr(found.numbers, part)
        counts += [(Figure(part, name), getattr(numbers, name)) for name in names if hasattr(numbers, name)]
    counts += [(MissedFor(count.part, count.reason.key), count.meetings) for count in found.numbers.reasons]
    for row in grid(found, bucket, BERLIN):
        counts += [(GridCell(bucket, BERLIN, row.start, column), count) for column, count in row.counts.items()]
    return counts


@few
@given(some_rows, dimensions)
def test_a_group_opens_its_own_rows(rows: list[Row], by: Dimension) -> None:
    found = viewed(rows)
    for group in breakdown(found, by):
        own = group_view(found, by, group.name)
        behind = drill_down(own, Figure(TimePart.ENDED, "missed"))
        assert len(behind) == group.missed
        assert all(group_of(rows[key], by) == group.name for key in behind.keys.tolist())


@few
@given(some_rows)
def test_the_row_of_a_miss_carries_its_reason(rows: list[Row]) -> None:
    found = viewed(rows)
    for count in found.numbers.reasons:
        for key in drill_down(found, MissedFor(count.part, count.reason.key)).keys.tolist():
            assert rows[key].verdict.reason == count.reason


@few
@given(some_rows)
def test_rows_come_soonest_first_ahead_and_latest_first_behind(rows: list[Row]) -> None:
    found = viewed(rows)
    for part, sign in ((TimePart.UPCOMING, 1), (TimePart.ENDED, -1)):
        behind = drill_down(found, Figure(part, "meetings"))
        starts = found.frame["start"].iloc[behind.rows].astype("int64").to_numpy() * sign
        assert (np.diff(starts) >= 0).all()
        assert (found.frame["key"].iloc[behind.rows].to_numpy() == behind.keys).all()


def test_a_figure_that_there_is_not_is_refused_and_a_bucket_that_there_is_not_is_empty() -> None:
    found = viewed([])
    with pytest.raises(KeyError):
        drill_down(found, Figure(TimePart.ENDED, "success"))
    elsewhere = GridCell(Bucket.DAY, BERLIN, NOW.date() + timedelta(days=900), Outcome.RECORDED)
    assert len(drill_down(found, elsewhere)) == 0
