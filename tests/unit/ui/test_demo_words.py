"""For how long the demo was watched, in the words of the strip."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lib.ui.widgets.status_strip import demo_words

NOW = datetime(2026, 11, 28, 0, 10, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")


def test_nothing_read_yet_and_a_first_pass_today_are_no_past() -> None:
    assert demo_words(None, NOW, UTC_ZONE) == "Demo: watched since today"
    assert demo_words(NOW - timedelta(minutes=9), NOW, UTC_ZONE) == "Demo: watched since today"


@pytest.mark.parametrize(("days", "words"), [(1, "1 day"), (30, "30 days"), (45, "45 days")])
def test_days_are_counted_by_the_calendar(days: int, words: str) -> None:
    late_that_day = NOW.replace(hour=23) - timedelta(days=days)
    assert demo_words(late_that_day, NOW, UTC_ZONE) == f"Demo: watched for {words}"


def test_the_days_are_those_of_the_reports_zone() -> None:
    since = NOW - timedelta(minutes=20)
    assert demo_words(since, NOW, UTC_ZONE) == "Demo: watched for 1 day"
    assert demo_words(since, NOW, ZoneInfo("Asia/Tokyo")) == "Demo: watched since today"
