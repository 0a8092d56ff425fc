"""The pace of one process: in no minute more than the limit, nobody waits longer than said, and nothing piles up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import RecallLimited
from lib.recall_api.allow_list import MINTED
from lib.recall_api.rate_limits import USER, WORKSPACE, ProcessRateLimiter, RateLimiter, UnmeteredRateLimiter

ANN, BOB = (USER, "ann"), (USER, "bob")
TOKENS = (WORKSPACE, "tokens")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Time:
    """A clock that only sleeping moves, or a hand."""

    def __init__(self) -> None:
        self.now = NOON
        self.sleeps: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.move(seconds)

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def rate_limiter(time: Time) -> ProcessRateLimiter:
    return ProcessRateLimiter(time, time.sleep)


def went(rate_limiter: RateLimiter, time: Time, calls: int, per_minute: int) -> list[float]:
    """Seconds after noon at which each of some calls went out, one after the other."""
    sent = []
    for _ in range(calls):
        rate_limiter.wait(ANN, per_minute, longest=120)
        sent.append((time.now - NOON).total_seconds())
    return sent


def test_a_minutes_calls_go_out_at_once_and_the_next_when_the_first_is_a_minute_and_a_second_old(
    rate_limiter: ProcessRateLimiter, time: Time
) -> None:
    assert went(rate_limiter, time, 7, per_minute=3) == [0, 0, 0, 61, 61, 61, 122]
    assert time.sleeps == [61, 61]


def test_a_thousand_tokens_take_less_time_than_they_would_evenly_spread(
    rate_limiter: ProcessRateLimiter, time: Time
) -> None:
    for _ in range(1000):
        rate_limiter.wait(TOKENS, MINTED.in_background, longest=100)
    assert (time.now - NOON).total_seconds() == 183


@given(steps=st.lists(st.floats(0, 30), min_size=5, max_size=60), limit=st.integers(1, 5))
def test_in_no_minute_more_goes_out_than_the_limit(steps: list[float], limit: int) -> None:
    time, sent = Time(), list[datetime]()
    rate_limiter = ProcessRateLimiter(time, time.sleep)
    for step in steps:
        time.move(step)
        rate_limiter.wait(ANN, limit, longest=120)
        sent.append(time.now)
    assert all(b - a >= timedelta(seconds=60) for a, b in zip(sent, sent[limit:], strict=False))


def test_a_wait_longer_than_said_is_an_error_at_once_and_counts_nothing(
    rate_limiter: ProcessRateLimiter, time: Time
) -> None:
    went(rate_limiter, time, 3, per_minute=3)
    time.move(50)
    for _ in range(5):
        with pytest.raises(RecallLimited) as limited:
            rate_limiter.wait(ANN, 3, longest=10.9)
        assert limited.value.retry_at == NOON + timedelta(seconds=61)
    assert time.sleeps == []
    assert went(rate_limiter, time, 3, per_minute=3) == [61, 61, 61]


def test_what_the_background_may_not_take_is_there_for_a_reader_at_once(
    rate_limiter: ProcessRateLimiter, time: Time
) -> None:
    for _ in range(8):
        rate_limiter.wait(ANN, 8, longest=0)
    with pytest.raises(RecallLimited):
        rate_limiter.wait(ANN, 8, longest=60)
    for _ in range(2):
        rate_limiter.wait(ANN, 10, longest=0)
    with pytest.raises(RecallLimited):
        rate_limiter.wait(ANN, 10, longest=60)
    time.move(30)
    assert rate_limiter.take(ANN, 8) == 31
    assert time.sleeps == []


def test_one_budget_is_not_another(rate_limiter: ProcessRateLimiter) -> None:
    rate_limiter.wait(ANN, 1, longest=0)
    rate_limiter.wait(BOB, 1, longest=0)
    rate_limiter.wait(TOKENS, 1, longest=0)


@pytest.mark.parametrize("kind", [ProcessRateLimiter, UnmeteredRateLimiter])
def test_a_budget_that_recall_closed_opens_when_it_said_and_not_before(
    kind: type[ProcessRateLimiter | UnmeteredRateLimiter],
) -> None:
    time = Time()
    rate_limiter = kind(time, time.sleep)
    rate_limiter.close(ANN, NOON + timedelta(seconds=90))
    rate_limiter.close(ANN, NOON + timedelta(seconds=5))
    with pytest.raises(RecallLimited) as limited:
        rate_limiter.wait(ANN, 100, longest=89)
    assert limited.value.retry_at == NOON + timedelta(seconds=90)
    rate_limiter.wait(BOB, 100, longest=0)
    rate_limiter.wait(ANN, 100, longest=90)
    assert time.sleeps == [90]


def test_without_a_pace_nothing_but_recall_holds_a_call_up(time: Time) -> None:
    assert went(UnmeteredRateLimiter(time, time.sleep), time, 50, per_minute=1) == [0] * 50


def test_users_that_are_not_asked_for_any_more_are_forgotten(rate_limiter: ProcessRateLimiter, time: Time) -> None:
    for number in range(5000):
        rate_limiter.wait((USER, f"user-{number}"), 120, longest=0)
        time.move(1)
    assert len(rate_limiter._sent) <= 2 * 61 + 1


def test_a_clock_put_back_closes_no_budget_for_an_hour(rate_limiter: ProcessRateLimiter, time: Time) -> None:
    time.move(3600)
    went(rate_limiter, time, 3, per_minute=3)
    rate_limiter.close(BOB, time.now + timedelta(seconds=30))
    time.move(-3600)
    rate_limiter.wait(ANN, 3, longest=0)
    rate_limiter.wait(BOB, 3, longest=0)


def test_a_clock_that_is_corrected_by_a_moment_opens_nothing_too_soon(
    rate_limiter: ProcessRateLimiter, time: Time
) -> None:
    rate_limiter.close(ANN, NOON + timedelta(seconds=30))
    time.move(-1)
    with pytest.raises(RecallLimited):
        rate_limiter.wait(ANN, 3, longest=30)


def test_a_sleep_that_raises_ends_the_wait(time: Time) -> None:
    class Stopped(Exception):
        pass

    def stop(_: float) -> None:
        raise Stopped

    rate_limiter = ProcessRateLimiter(time, stop)
    rate_limiter.wait(ANN, 1, longest=0)
    with pytest.raises(Stopped):
        rate_limiter.wait(ANN, 1, longest=100)
