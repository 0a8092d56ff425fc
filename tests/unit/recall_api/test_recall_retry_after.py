"""Retry-After: whatever it says, an instant within the next hour."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from hypothesis import given
from hypothesis import strategies as st

from lib.recall_api.responses import ABSENT, LONGEST, retry_at

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEADERS = st.none() | st.text(max_size=60) | st.integers().map(str) | st.datetimes().map(str)


@given(header=HEADERS, server_now=HEADERS)
def test_no_header_makes_it_raise_or_leave_the_next_hour(header: str | None, server_now: str | None) -> None:
    found = retry_at(header, NOW, server_now)
    assert NOW <= found <= NOW + LONGEST
    assert found.tzinfo is UTC


@given(st.integers(0, 10**12))
def test_seconds_are_believed_up_to_an_hour(seconds: int) -> None:
    assert retry_at(f" {seconds} ", NOW) == NOW + timedelta(seconds=min(seconds, 3600))


@given(st.datetimes(datetime(2026, 11, 22, 11), datetime(2026, 11, 22, 14)))  # noqa: DTZ001
def test_a_date_is_believed_up_to_an_hour_and_the_past_is_now(moment: datetime) -> None:
    date = moment.replace(microsecond=0, tzinfo=UTC)
    assert retry_at(format_datetime(date, usegmt=True), NOW) == min(max(date, NOW), NOW + LONGEST)


@given(ahead=st.integers(0, 3600), skew=st.integers(-(10**8), 10**8))
def test_a_clock_that_differs_changes_nothing(ahead: int, skew: int) -> None:
    server_now = NOW + timedelta(seconds=skew)
    date, header = (format_datetime(t, usegmt=True) for t in (server_now, server_now + timedelta(seconds=ahead)))
    assert retry_at(header, NOW, date) == NOW + timedelta(seconds=ahead)


def test_digits_of_other_scripts_and_signs_are_no_seconds() -> None:
    for header in ("²", "٣", "+5", "-5", "1.5", "0x10", "5 s", "1_000", "inf"):
        assert retry_at(header, NOW) == NOW + ABSENT
