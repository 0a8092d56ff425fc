"""Periods and buckets are days of one zone, whatever the clocks did and whatever was asked for."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.coverage.period import (
    MOST_BUCKETS,
    Bucket,
    Period,
    custom_period,
    fitting,
    last_days,
    midnight,
    points_of,
    starts_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [UTC, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Africa/Cairo"), ZoneInfo("Pacific/Apia")]
any_day = st.dates()
any_zone = st.sampled_from(ZONES)
any_bucket = st.sampled_from([Bucket.DAY, Bucket.WEEK, Bucket.MONTH])


def test_the_last_days_hold_today_as_a_whole() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # the 23rd in Berlin
    found = last_days(late, 7, BERLIN)
    assert (found.from_, found.to) == (midnight(date(2026, 11, 17), BERLIN), midnight(date(2026, 11, 24), BERLIN))


def test_the_period_before_has_as_many_days_though_a_clock_was_changed() -> None:
    found = custom_period(date(2026, 10, 20), date(2026, 10, 26), BERLIN)  # the clock goes back on the 25th
    assert found.to.astimezone(UTC) - found.from_.astimezone(UTC) == timedelta(days=7, hours=1)
    assert found.before == custom_period(date(2026, 10, 13), date(2026, 10, 19), BERLIN)


def test_a_day_on_which_the_clock_changes_is_one_bucket() -> None:
    found = custom_period(date(2026, 10, 24), date(2026, 10, 26), BERLIN)
    assert starts_of(found, Bucket.DAY, BERLIN) == (date(2026, 10, 24), date(2026, 10, 25), date(2026, 10, 26))


def test_weeks_begin_on_monday_and_months_on_the_first_even_before_the_period() -> None:
    found = custom_period(date(2026, 11, 18), date(2026, 12, 1), BERLIN)
    assert starts_of(found, Bucket.WEEK, BERLIN) == (date(2026, 11, 16), date(2026, 11, 23), date(2026, 11, 30))
    assert starts_of(found, Bucket.MONTH, BERLIN) == (date(2026, 11, 1), date(2026, 12, 1))


def test_a_day_before_1900_is_the_first_of_1900_and_one_after_2200_the_first_of_2200() -> None:
    found = custom_period(date(1850, 5, 5), date(2350, 5, 5), UTC)
    assert (found.from_, found.to) == (datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("bucket", list(Bucket))
def test_a_period_reversed_or_empty_has_no_buckets(bucket: Bucket) -> None:
    same_day = Period(midnight(date(2026, 11, 1), UTC), midnight(date(2026, 11, 1), UTC))
    for period in (same_day, custom_period(date(2026, 11, 20), date(2026, 10, 1), UTC)):
        assert period.is_empty
        assert (starts_of(period, bucket, UTC), points_of(period, UTC)) == ((), ())


@pytest.mark.parametrize(("days", "bucket"), [(366, Bucket.DAY), (400, Bucket.DAY), (401, Bucket.WEEK)])
def test_four_hundred_days_fit_a_chart_and_of_more_it_takes_weeks(days: int, bucket: Bucket) -> None:
    first = date(2026, 1, 1)
    assert fitting(custom_period(first, first + timedelta(days=days - 1), UTC), Bucket.DAY, UTC) is bucket


def test_ten_years_of_days_become_weeks_or_months() -> None:
    year = custom_period(date(2026, 1, 1), date(2026, 12, 31), UTC)
    decade = custom_period(date(2017, 1, 1), date(2026, 12, 31), UTC)
    assert fitting(year, Bucket.DAY, UTC) is Bucket.DAY
    assert fitting(decade, Bucket.DAY, UTC) is Bucket.MONTH
    assert len(starts_of(decade, Bucket.DAY, UTC)) == 120


@pytest.mark.parametrize("days", [7, 13, 14, 27, 30, 90, 92, 365])
def test_a_sparkline_has_seven_to_thirteen_points_from_the_first_day_on_and_ends_with_a_whole_one(days: int) -> None:
    last = date(2026, 11, 22)
    points = points_of(last_days(datetime(2026, 11, 22, 12, tzinfo=UTC), days, UTC), UTC)
    steps = {later - earlier for earlier, later in pairwise(points)}
    assert 7 <= len(points) <= 13
    assert steps == {last + timedelta(days=1) - points[-1]}
    assert points[0] <= last - timedelta(days=days - 1) < points[1]


@pytest.mark.parametrize("days", [1, 3, 6])
def test_a_sparkline_of_a_few_days_has_a_point_a_day(days: int) -> None:
    assert len(points_of(last_days(datetime(2026, 11, 22, tzinfo=UTC), days, UTC), UTC)) == days


@given(any_day, any_day, any_zone, any_bucket)
def test_whatever_days_are_asked_for_buckets_stay_few_in_order_and_cover_the_period(
    first: date, last: date, zone: ZoneInfo, bucket: Bucket
) -> None:
    period = custom_period(first, last, zone)
    starts = starts_of(period, bucket, zone)
    assert len(starts) <= MOST_BUCKETS + 2
    assert all(earlier < later for earlier, later in pairwise(starts))
    assert period.is_empty == (not starts)
    if starts:
        assert midnight(starts[0], zone) <= period.from_ or starts[0].year < 1900
        assert midnight(starts[-1], zone) < period.to
    assert isinstance(period.before.before, Period)


@given(st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.integers(1, 400), any_zone)
def test_periods_in_a_row_meet_without_gap_or_overlap(day: date, days: int, zone: ZoneInfo) -> None:
    period = last_days(datetime.combine(day, time(12), UTC), days, zone)
    assert period.before.to == period.from_
    assert len(starts_of(period.before, Bucket.DAY, zone)) == len(starts_of(period, Bucket.DAY, zone))
