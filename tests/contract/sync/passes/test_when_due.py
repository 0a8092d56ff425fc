"""When `run` makes the next pass: some time after the last one, at once when asked, never beside another process."""

import threading
from collections.abc import Callable
from datetime import timedelta
from threading import Timer

import pytest

from lib.clock import utc_now
from lib.store import Store, Transaction, leases, passes
from lib.store.freshness import SYNC_LEASE
from lib.store.passes import PassState
from lib.sync.full_pass import PassResult
from lib.sync.loop import PassLoop
from tests.contract.sync.passes.conftest import SlidingClock

EVERY = timedelta(minutes=3)
LOOKS_FOR_SECONDS = 0.4


def ended(connection: Transaction, state: PassState = PassState.COMPLETE) -> None:
    one = passes.begin(connection, now=utc_now(), resume_within=timedelta(0))
    passes.end(connection, one.key, state, now=utc_now())


def left_running(connection: Transaction) -> None:
    passes.begin(connection, now=utc_now(), resume_within=timedelta(0))


def asked(connection: Transaction) -> None:
    ended(connection)
    passes.ask(connection, by="vera", now=utc_now())


def held(connection: Transaction) -> None:
    asked(connection)
    leases.take(connection, SYNC_LEASE, "process 7 on another-desk, abc", ttl=EVERY / 6, now=utc_now())


def nothing(_connection: Transaction) -> None:
    """A store in which no pass ever ran."""


@pytest.mark.parametrize(
    ("before", "minutes", "due"),
    [
        (nothing, 0, True),
        (ended, 0, False),
        (ended, 2.9, False),
        (ended, 3.1, True),
        (ended, -60, True),
        (left_running, 0, True),
        (asked, 0, True),
        (held, 0, False),
        (held, 2, True),
    ],
)
def test_a_pass_is_made_when_it_is_due(
    store: Store, clock: SlidingClock, before: Callable[[Transaction], None], minutes: float, due: bool
) -> None:
    with store.write() as connection:
        before(connection)
    clock.ahead = timedelta(minutes=minutes)
    stop, made = threading.Event(), []

    def one_pass() -> PassResult:
        made.append(1)
        stop.set()
        return PassResult(1, PassState.COMPLETE, {}, 0.0)

    timer = Timer(LOOKS_FOR_SECONDS, stop.set)
    timer.start()
    PassLoop(store, one_pass, EVERY, clock, stop).run()
    timer.cancel()
    assert bool(made) == due
