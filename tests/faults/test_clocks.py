"""F19: days on which clocks change, a day that comes every four years, and machines whose clocks differ."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lib.coverage.period import Bucket, custom_period, last_days, starts_of
from lib.ui.words.formats import clock_time

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN, LEAP = date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29)


@pytest.mark.parametrize(
    ("day", "first", "hours"),
    [
        (SPRING, datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        (AUTUMN, datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        (LEAP, datetime(2028, 2, 28, 23, tzinfo=UTC), 24),
    ],
)
def test_a_day_has_as_many_hours_as_its_clocks_give_it_and_is_one_bar_of_a_chart(
    day: date, first: datetime, hours: int
) -> None:
    period = custom_period(day, day, BERLIN)
    assert (period.from_.astimezone(UTC), period.to.astimezone(UTC)) == (first, first + timedelta(hours=hours))
    assert starts_of(period, Bucket.DAY, BERLIN) == (day,)


def test_both_hours_that_are_called_alike_are_of_that_day_and_the_hour_that_is_none_is_missed_by_nobody() -> None:
    autumn, spring = custom_period(AUTUMN, AUTUMN, BERLIN), custom_period(SPRING, SPRING, BERLIN)
    twice = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    assert {clock_time(at, BERLIN) for at in twice} == {"02:30"}
    assert all(autumn.from_ <= at < autumn.to for at in twice)
    around = [datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)]
    assert [clock_time(at, BERLIN) for at in around] == ["01:59", "03:00"]
    assert all(spring.from_ <= at < spring.to for at in around)


@pytest.mark.parametrize("minutes", [-10, 0, 10])
def test_a_machine_whose_clock_differs_by_minutes_loses_no_day(minutes: int) -> None:
    noon = datetime(2026, 10, 25, 11, tzinfo=UTC) + timedelta(minutes=minutes)
    assert last_days(noon, 7, BERLIN) == last_days(datetime(2026, 10, 25, 11, tzinfo=UTC), 7, BERLIN)


def test_the_last_week_over_a_leap_day_has_seven_days() -> None:
    week = last_days(datetime(2028, 3, 2, 12, tzinfo=UTC), 7, UTC)
    assert len(starts_of(week, Bucket.DAY, UTC)) == 7
    assert LEAP in starts_of(week, Bucket.DAY, UTC)
