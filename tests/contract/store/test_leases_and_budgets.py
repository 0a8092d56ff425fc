"""What processes share: one of them works at a time, and all of them together stay within a limit."""

import socket
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.errors import SyncBusy
from lib.store import Store, budgets, leases
from lib.store.leases import HeldLease
from tests.contract.store.making import NOON

TTL = timedelta(seconds=30)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def take(store: Store, holder: str, seconds: float) -> str:
    """Ask for the lease; whose it is is answered."""
    with store.write() as connection:
        return leases.take(connection, "sync", holder, ttl=TTL, now=after(seconds)).holder


@dataclass
class Hand:
    """A clock that is set by hand."""

    seconds: float = 0

    def __call__(self) -> datetime:
        return after(self.seconds)


def holding(store: Store, holder: str, clock: Hand | None = None, **more: Any) -> AbstractContextManager[HeldLease]:
    return leases.held(store, "sync", holder=holder, ttl=TTL, taken=SyncBusy, clock=clock or Hand(), **more)


def test_a_lease_has_one_holder_until_it_is_given_back(store: Store) -> None:
    assert take(store, "one", 0) == "one"
    assert take(store, "two", 1) == "one"
    with store.write() as connection:
        leases.give_back(connection, "sync", "two")
    assert take(store, "two", 2) == "one"
    with store.write() as connection:
        leases.give_back(connection, "sync", "one")
    assert take(store, "two", 3) == "two"


def test_a_lease_is_taken_over_when_it_was_not_renewed_for_its_time(store: Store) -> None:
    take(store, "one", 0)
    assert [take(store, "two", 29.9), take(store, "two", 30)] == ["one", "two"]


def test_a_lease_that_is_renewed_stays(store: Store) -> None:
    clock = Hand()
    with holding(store, "one", clock) as mine:
        clock.seconds = 20
        with store.write() as connection:
            mine.renew(connection)
        assert take(store, "two", 40) == "one"
        with store.read() as connection:
            found = leases.find(connection, "sync")
    assert found == leases.Lease("sync", "one", NOON, after(20), after(50))


def test_who_lost_a_lease_cannot_renew_it_does_not_hold_it_and_leaves_it_to_the_other(store: Store) -> None:
    with holding(store, "one") as mine:
        take(store, "two", 31)
        with store.write() as connection, pytest.raises(SyncBusy, match="two"):
            mine.renew(connection)
        assert mine.lost.is_set()
        with store.read() as connection:
            assert not mine.is_held(connection)
    assert take(store, "three", 32) == "two"


def test_who_finds_a_lease_taken_waits_as_long_as_it_says_and_then_raises_its_own_error(store: Store) -> None:
    take(store, "one", 0)
    with pytest.raises(SyncBusy, match="one"), holding(store, "two", waits=0.3):
        pytest.fail("it was taken")
    clock = Hand(seconds=30)
    with holding(store, "two", clock, waits=5) as mine:
        assert mine.holder == "two"


def test_a_lease_is_renewed_by_a_thread_while_it_is_held_and_given_back_after_it(store: Store) -> None:
    clock = Hand()
    with holding(store, "one", clock, renews_every=0.01) as mine:
        clock.seconds = 25
        for _ in range(500):
            with store.read() as connection:
                found = leases.find(connection, "sync")
            if found and found.expires_at == after(55):
                break
            time.sleep(0.01)
        assert take(store, "two", 40) == "one"
        assert not mine.lost.is_set()
    assert take(store, "two", 41) == "two"


def test_the_lease_of_a_process_of_this_machine_that_died_is_free_at_once(store: Store) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    take(store, f"process {dead.pid} on {socket.gethostname()}, abc", 0)
    with store.read() as connection:
        assert not leases.is_taken(connection, "sync", after(1))
    assert take(store, "two", 1) == "two"


def test_a_dead_holders_lease_is_free_though_the_clock_was_put_back(store: Store) -> None:
    take(store, "one", 3600)
    assert take(store, "two", 0) == "two"


def test_leases_of_different_names_do_not_meet(store: Store) -> None:
    take(store, "one", 0)
    with store.write() as connection:
        assert leases.take(connection, "other", "two", ttl=TTL, now=NOON).holder == "two"
        assert leases.find(connection, "never") is None


def spend(store: Store, seconds: float, name: str = "bots", limit: int = 3) -> float:
    with store.write() as connection:
        return budgets.take(connection, name, limit, now=after(seconds))


def test_a_limit_is_spent_at_once_and_again_after_a_minute_and_a_second(store: Store) -> None:
    assert [spend(store, s) for s in (0, 1, 2)] == [0, 0, 0]
    assert [spend(store, s) for s in (2, 60, 60.999)] == [59, 1, pytest.approx(0.001)]
    assert [spend(store, s) for s in (61, 61)] == [0, 1]


def test_waiting_spends_nothing(store: Store) -> None:
    for _ in range(3):
        spend(store, 0)
    for _ in range(50):
        assert spend(store, 10) > 0
    assert [spend(store, 61) for _ in range(4)] == [0, 0, 0, 61]


def test_who_asks_with_a_lower_limit_leaves_the_rest_to_others_and_waits_for_its_own(store: Store) -> None:
    assert [spend(store, s, limit=2) for s in (0, 1, 2)] == [0, 0, 59]
    assert [spend(store, s, limit=3) for s in (2, 3)] == [0, 58]
    assert [spend(store, s, limit=2) for s in (10, 61.5, 62)] == [pytest.approx(52), pytest.approx(0.5), 0]


def test_budgets_of_different_names_do_not_meet(store: Store) -> None:
    assert [spend(store, 0, name, 1) for name in ("bots", "tokens", "bots")] == [0, 0, 61]


def test_nothing_goes_out_before_recall_allows_it_again(store: Store) -> None:
    with store.write() as connection:
        budgets.close_until(connection, "bots", after(90), now=NOON)
        budgets.close_until(connection, "bots", after(20), now=NOON)
    assert [spend(store, s) for s in (0, 89)] == [90, 1]
    assert spend(store, 0, "tokens") == 0
    assert spend(store, 90) == 0


def test_a_clock_put_back_closes_no_budget_for_an_hour(store: Store) -> None:
    for _ in range(3):
        spend(store, 3600)
    with store.write() as connection:
        budgets.close_until(connection, "bots", after(3700), now=after(3600))
    assert spend(store, 0) == 0


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.floats(0, 30), min_size=5, max_size=30), limit=st.integers(1, 4))
def test_in_no_minute_more_is_spent_than_the_limit(store: Store, steps: list[float], limit: int) -> None:
    with store.write() as connection:
        name, now, spent = f"budget of {steps} and {limit}", NOON, list[datetime]()
        connection.exec_driver_sql("DELETE FROM spending")
        for step in steps:
            now += timedelta(seconds=step)
            if budgets.take(connection, name, limit, now=now) == 0:
                spent.append(now)
    assert all(b - a >= timedelta(seconds=60) for a, b in zip(spent, spent[limit:], strict=False))
    assert spent
