"""Windows of a minute on the sandbox's clock."""

from datetime import UTC, datetime, timedelta

import pytest

from lib.sandbox.errors import Refusal
from lib.sandbox.rate_limits import RateLimits

START = datetime(2026, 11, 24, 9, tzinfo=UTC)


def exhaust(limits: RateLimits, now: datetime, user: int = -1) -> Refusal:
    for _ in range(10):
        limits.count("endpoint", 10, now, user)
    with pytest.raises(Refusal) as caught:
        limits.count("endpoint", 10, now, user)
    return caught.value


def test_exactly_as_many_as_allowed_pass_in_a_minute() -> None:
    limits = RateLimits(True)
    for second in range(10):
        limits.count("endpoint", 10, START + timedelta(seconds=second))
    with pytest.raises(Refusal) as caught:
        limits.count("endpoint", 10, START + timedelta(seconds=20.5))
    assert (caught.value.status, caught.value.headers["Retry-After"]) == (429, "40")


def test_after_the_seconds_named_requests_pass_again() -> None:
    limits = RateLimits(True)
    wait = int(exhaust(limits, START).headers["Retry-After"])
    limits.count("endpoint", 10, START + timedelta(seconds=wait))


def test_users_and_endpoints_do_not_use_up_each_others_share() -> None:
    limits = RateLimits(True)
    exhaust(limits, START, user=1)
    limits.count("endpoint", 10, START, user=2)
    limits.count("other", 10, START, user=1)


def test_switched_off_nothing_is_counted() -> None:
    limits = RateLimits(False)
    for _ in range(1000):
        limits.count("endpoint", 10, START)
