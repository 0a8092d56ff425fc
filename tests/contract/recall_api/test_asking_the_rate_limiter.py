"""Every try of every call asks the pace first, says how long it may wait, and passes on what Recall says of limits."""

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from lib.errors import RecallLimited, RecallUnreachable, StoreError
from lib.recall_api import ProcessRateLimiter, Recall, RetryPolicy, open_recall
from lib.recall_api.rate_limits import Budget
from tests.contract.recall_api.conftest import HASTY, QUICK, HandClock
from tests.contract.recall_api.scripted_recall import (
    AUTHENTICATE,
    BOTS,
    KEY,
    USERS,
    ScriptedRecall,
    answer,
    bot,
    html,
    silence,
    user,
)

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
LISTS: Budget = ("workspace", f"GET {USERS}")
IN_THE_BACKGROUND = replace(QUICK, in_background=True, longest_wait_seconds=20)


@dataclass
class Asked:
    """A pace that notes what it is asked, and takes as long as it is told."""

    takes: float = 0.0
    budgets: list[Budget] = field(default_factory=list)
    limits: list[int] = field(default_factory=list)
    longest: list[float] = field(default_factory=list)
    closed: list[tuple[Budget, datetime]] = field(default_factory=list)

    def wait(self, budget: Budget, per_minute: int, longest: float) -> None:
        self.budgets.append(budget)
        self.limits.append(per_minute)
        self.longest.append(longest)
        time.sleep(self.takes)

    def close(self, budget: Budget, until: datetime) -> None:
        self.closed.append((budget, until))


def client(
    server: ScriptedRecall,
    clock: HandClock,
    rate_limiter: Asked | ProcessRateLimiter,
    retry_policy: RetryPolicy = QUICK,
) -> Recall:
    return open_recall(server.url, SecretStr(KEY), clock=clock, retry_policy=retry_policy, rate_limiter=rate_limiter)


def test_each_call_is_counted_on_its_budget_with_its_limit(server: ScriptedRecall, clock: HandClock) -> None:
    server.knows("ann")
    server.script("GET", "/api/v1/calendar/user/", answer(user("ann")))
    server.script("GET", f"{BOTS}{bot()['id']}/", answer(bot()))
    server.script("GET", BOTS, answer({"results": [], "next": None}))
    rate_limiter = Asked()
    with client(server, clock, rate_limiter) as recall:
        recall.get_user("ann")
        recall.get_bot(bot()["id"])
        list(recall.list_bots())
    assert rate_limiter.budgets == [
        LISTS,
        ("workspace", f"POST {AUTHENTICATE}"),
        ("calendar user", "ann"),
        ("workspace", f"GET {BOTS}{{id}}/"),
        ("workspace", f"GET {BOTS}"),
    ]
    assert rate_limiter.limits == [60, 300, 120, 300, 60]


def test_every_try_is_counted_and_not_the_first_alone(server: ScriptedRecall, clock: HandClock) -> None:
    server.script("GET", USERS, html(502), html(503), answer([]))
    rate_limiter = Asked()
    with client(server, clock, rate_limiter) as recall:
        recall.list_users()
    assert rate_limiter.budgets == [LISTS] * 3 == [LISTS] * server.count("GET", USERS)


def test_work_in_the_background_leaves_calls_to_others_and_may_wait_for_its_own(
    server: ScriptedRecall, clock: HandClock
) -> None:
    server.always("GET", USERS, answer([]))
    rate_limiter = Asked()
    for retry_policy in (QUICK, IN_THE_BACKGROUND):
        with client(server, clock, rate_limiter, retry_policy) as recall:
            recall.list_users()
    assert rate_limiter.limits == [60, 55]
    assert rate_limiter.longest == [1, 20]


def test_pace_is_told_when_recall_closes_a_budget(server: ScriptedRecall, clock: HandClock) -> None:
    server.script("GET", USERS, answer({}, 429, Retry_After="60"))
    rate_limiter = Asked()
    with client(server, clock, rate_limiter) as recall, pytest.raises(RecallLimited):
        recall.list_users()
    assert rate_limiter.closed == [(LISTS, START + timedelta(seconds=60))]
    assert server.count("GET", USERS) == 1


def test_in_the_background_a_limit_of_minutes_is_sat_out(server: ScriptedRecall, clock: HandClock) -> None:
    server.script("GET", USERS, answer({}, 429, Retry_After="19"), answer([]))
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.move(seconds=seconds)

    with client(server, clock, ProcessRateLimiter(clock, sleep), IN_THE_BACKGROUND) as recall:
        assert len(recall.list_users()) == 0
    assert slept == [19]


def test_a_spent_budget_is_a_limit_at_once_for_who_waits_at_a_page(server: ScriptedRecall, clock: HandClock) -> None:
    server.always("GET", USERS, answer([]))
    with client(server, clock, ProcessRateLimiter(clock)) as recall:
        for _ in range(60):
            recall.list_users()
        began = time.monotonic()
        with pytest.raises(RecallLimited) as limited:
            recall.list_users()
    assert time.monotonic() - began < 1
    assert limited.value.retry_at == START + timedelta(seconds=61)
    assert server.count("GET", USERS) == 60


@pytest.mark.parametrize("in_background", [True, False])
def test_waiting_for_ones_turn_is_part_of_the_time_of_who_waits_at_a_page_alone(
    server: ScriptedRecall, clock: HandClock, in_background: bool
) -> None:
    retry_policy = replace(HASTY, total_seconds=1.2, read_seconds=0.3, attempts=2, in_background=in_background)
    # The list of users has 20 s at least, so a single bot is asked for.
    server.script("GET", f"{BOTS}{bot()['id']}/", silence(0.4), answer(bot()))
    with client(server, clock, Asked(takes=0.9), retry_policy) as recall:
        if in_background:
            assert recall.get_bot(bot()["id"]).id == bot()["id"]
        else:
            with pytest.raises(RecallUnreachable):
                recall.get_bot(bot()["id"])


def test_what_goes_wrong_while_asking_the_pace_comes_through_and_nothing_is_sent(
    server: ScriptedRecall, clock: HandClock
) -> None:
    class Broken(Asked):
        def wait(self, budget: Budget, per_minute: int, longest: float) -> None:
            raise StoreError("The disk with the store desk.db is full.")

    with client(server, clock, Broken()) as recall, pytest.raises(StoreError):
        recall.list_users()
    assert server.sent == []


def test_a_sleep_that_raises_ends_a_call_between_its_tries(server: ScriptedRecall) -> None:
    class Ended(Exception):
        pass

    def sleep(_: float) -> None:
        raise Ended

    server.script("GET", USERS, html(502))
    with open_recall(server.url, SecretStr(KEY), retry_policy=QUICK, sleep=sleep) as recall, pytest.raises(Ended):
        recall.list_users()
    assert server.count("GET", USERS) == 1
