"""Periods and their buckets: days of one zone for everyone (design, section 2), whatever the clocks did in them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
"""Days beyond these are taken for them, so that no typed date leaves the calendar."""
MOST_BUCKETS = 400
"""More are too many for a chart: a year of days fits, and longer periods take wider buckets (see `fitting`)."""
MOST_POINTS = 13
"""Of a sparkline."""

_DAY = timedelta(days=1)


class Bucket(StrEnum):
    """What a period is cut into: days, weeks from Monday, months, and, where even months are too many, years."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """Starts from `from_` on and before `to`; both aware. Reversed or empty: nothing is in it, and nothing breaks."""

    from_: datetime
    to: datetime

    @property
    def before(self) -> "Period":
        """The period of the same length that ends where this one begins.

        Days of a zone stay days of that zone, for the difference of two times of one zone is by its clock.
        """
        return Period(self.from_ - (self.to - self.from_), self.from_)

    @property
    def is_empty(self) -> bool:
        """Nothing can start in it."""
        return self.from_ >= self.to


def midnight(day: date, zone: tzinfo) -> datetime:
    """The beginning of a day in a zone. `day` is held between `FIRST_DAY` and `LAST_DAY`."""
    return datetime.combine(min(max(day, FIRST_DAY), LAST_DAY), time(), zone)


def custom_period(first: date, last: date, zone: tzinfo) -> Period:
    """Days of a zone, both included. Empty where `last` is before `first`."""
    return Period(midnight(first, zone), midnight(min(last, LAST_DAY - _DAY) + _DAY, zone))


def last_days(as_of: datetime, days: int, zone: tzinfo) -> Period:
    """The last `days` days of a zone, that of `as_of` included as a whole."""
    today = as_of.astimezone(zone).date()
    return custom_period(today - timedelta(days=days - 1), today, zone)


def fitting(period: Period, bucket: Bucket, zone: tzinfo) -> Bucket:
    """`bucket`, or the next wider one that cuts the period into at most `MOST_BUCKETS`."""
    wider = list(Bucket)[list(Bucket).index(bucket) :]
    return next(each for each in wider if _about(period, each, zone) <= MOST_BUCKETS or each is Bucket.YEAR)


def starts_of(period: Period, bucket: Bucket, zone: tzinfo) -> tuple[date, ...]:
    """The first day of each bucket that the period touches, in order.

    The first bucket may begin before the period, and the last may end after it; what is counted in them is in the
    period all the same. Empty for an empty period; at most about `MOST_BUCKETS` (see `fitting`).
    """
    if period.is_empty:
        return ()
    bucket = fitting(period, bucket, zone)
    starts = [first_day(_first(period, zone), bucket)]
    while (following := next_day(starts[-1], bucket)) <= _last(period, zone):
        starts.append(following)
    return tuple(starts)


def points_of(period: Period, zone: tzinfo) -> tuple[date, ...]:
    """The first days of equal spans for a sparkline: 7 to 13, the last of them whole; a shorter period by its days."""
    if period.is_empty:
        return ()
    last = _last(period, zone)
    days = (last - _first(period, zone)).days + 1
    step = -(-days // MOST_POINTS)
    points = -(-days // step)
    return tuple(last + _DAY - timedelta(days=step * back) for back in range(points, 0, -1))


def first_day(day: date, bucket: Bucket) -> date:
    """The first day of the bucket that a day is in."""
    if bucket is Bucket.WEEK:
        return day - timedelta(days=day.weekday())
    if bucket is Bucket.DAY:
        return day
    return day.replace(day=1) if bucket is Bucket.MONTH else day.replace(month=1, day=1)


def next_day(first: date, bucket: Bucket) -> date:
    """The first day of the bucket after the one that begins on `first`."""
    if bucket is Bucket.DAY:
        return first + _DAY
    if bucket is Bucket.WEEK:
        return first + timedelta(days=7)
    return first_day(first + timedelta(days=31 if bucket is Bucket.MONTH else 366), bucket)


def _about(period: Period, bucket: Bucket, zone: tzinfo) -> int:
    days = (_last(period, zone) - _first(period, zone)).days + 1
    return days // {Bucket.DAY: 1, Bucket.WEEK: 7, Bucket.MONTH: 30, Bucket.YEAR: 365}[bucket]


def _first(period: Period, zone: tzinfo) -> date:
    return max(FIRST_DAY, period.from_.astimezone(zone).date())


def _last(period: Period, zone: tzinfo) -> date:
    """The last day that anything in the period can start on."""
    return min(LAST_DAY, (period.to - timedelta(microseconds=1)).astimezone(zone).date())
