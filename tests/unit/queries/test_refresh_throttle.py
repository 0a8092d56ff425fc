"""Clicks on "Refresh from Recall" that come too fast."""

from datetime import UTC, datetime, timedelta

from lib.queries.background_jobs import AGAIN_AFTER, RefreshThrottle

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
A_MOMENT = timedelta(milliseconds=1)


class HandClock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def test_of_clicks_that_come_together_the_first_counts_and_another_one_later() -> None:
    clock = HandClock()
    throttle = RefreshThrottle(clock)
    assert [throttle.allows("ann") for _ in range(3)] == [True, False, False]
    clock.now += AGAIN_AFTER - A_MOMENT
    assert not throttle.allows("ann")
    clock.now += A_MOMENT
    assert throttle.allows("ann")


def test_clicks_for_one_do_not_count_for_another() -> None:
    throttle = RefreshThrottle(HandClock())
    assert throttle.allows("ann")
    assert throttle.allows("bob")


def test_after_the_clock_was_put_back_a_click_counts() -> None:
    clock = HandClock()
    throttle = RefreshThrottle(clock)
    assert throttle.allows("ann")
    clock.now -= timedelta(hours=1)
    assert throttle.allows("ann")
