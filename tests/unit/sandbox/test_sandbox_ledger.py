"""A timeline keeps what held before each change."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lib.sandbox.ledger import Timeline

START = datetime(2026, 11, 24, tzinfo=UTC)
moments = st.lists(st.integers(0, 10_000), min_size=1, max_size=20, unique=True).map(sorted)


@given(changes=moments)
def test_each_value_holds_from_its_instant_until_the_next(changes: list[int]) -> None:
    timeline = Timeline(-1, [])
    for second in changes:
        timeline.set(START + timedelta(seconds=second), second)
    assert timeline.at(START - timedelta(seconds=1)) == -1
    for second, after in zip(changes, [*changes[1:], 10_001], strict=True):
        assert timeline.at(START + timedelta(seconds=second)) == second
        assert timeline.at(START + timedelta(seconds=after) - timedelta(microseconds=1)) == second


def test_a_change_by_a_clock_set_back_forgets_what_was_written_for_later() -> None:
    timeline = Timeline("first", [])
    timeline.set(START + timedelta(hours=2), "later")
    timeline.set(START, "now")
    assert timeline.at(START + timedelta(hours=3)) == "now"
