"""The pace that processes keep together: in no minute more than the limit, and what one is told the others obey."""

import logging
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Thread, Timer

import pytest

from lib.errors import RecallLimited, StoreError
from lib.recall_api.rate_limits import USER, WORKSPACE
from lib.store import Store, open_store
from lib.sync.shared_rate_limiter import SharedRateLimiter
from tests.contract.store.test_many_processes import line, patient, process
from tests.contract.sync.fast_time import FastTime

TOKENS, LISTS, ANN = (WORKSPACE, "tokens"), (WORKSPACE, "lists"), (USER, "ann")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(seconds=60)


class HandTime:
    """A clock that only sleeping moves, or a hand."""

    def __init__(self) -> None:
        self.now = NOON
        self.sleeps: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def hand() -> HandTime:
    return HandTime()


@pytest.fixture
def other(url: str) -> Iterator[Store]:
    """The same store, opened by another process so to speak."""
    opened = open_store(url, recall_base_url="http://127.0.0.1:8600")
    yield opened
    opened.close()


def rate_limiter(store: Store, hand: HandTime) -> SharedRateLimiter:
    return SharedRateLimiter(store, hand, hand.sleep)


def most_in_a_minute(sent: list[datetime]) -> int:
    return max(sum(begin <= each < begin + MINUTE for each in sent) for begin in sent)


def test_a_minutes_calls_go_out_at_once_whoever_sends_them_and_the_rest_a_minute_later(
    store: Store, other: Store, hand: HandTime
) -> None:
    both = rate_limiter(store, hand), rate_limiter(other, hand)
    for number in range(6):
        both[number % 2].wait(TOKENS, 6, 0)
    for each in both:
        with pytest.raises(RecallLimited) as limited:
            each.wait(TOKENS, 6, 60)
        assert limited.value.retry_at == NOON + timedelta(seconds=61)
    assert hand.sleeps == []
    both[0].wait(LISTS, 1, 0)
    both[0].wait(TOKENS, 6, 65)
    assert hand.sleeps == [61]


def test_what_recall_told_one_process_stops_the_others_too_and_no_other_budget(
    store: Store, other: Store, hand: HandTime
) -> None:
    one, two = rate_limiter(store, hand), rate_limiter(other, hand)
    one.close(TOKENS, NOON + timedelta(seconds=40))
    for each in (one, two):
        with pytest.raises(RecallLimited) as limited:
            each.wait(TOKENS, 300, 39)
        assert limited.value.retry_at == NOON + timedelta(seconds=40)
        each.wait(LISTS, 60, 0)
    two.wait(TOKENS, 300, 45)
    assert hand.sleeps == [40]


def test_a_reader_finds_the_calls_that_the_background_left_and_does_not_stand_behind_it(
    store: Store, hand: HandTime
) -> None:
    asleep, wake = Event(), Event()

    def sleep(_: float) -> None:
        asleep.set()
        assert wake.wait(20)
        hand.now += timedelta(seconds=61)

    ours = SharedRateLimiter(store, hand, sleep)
    for _ in range(5):
        ours.wait(TOKENS, 5, 0)
    behind = Thread(target=ours.wait, args=(TOKENS, 5, 100))
    behind.start()
    assert asleep.wait(20)
    for _ in range(2):
        ours.wait(TOKENS, 7, 0)
    with pytest.raises(RecallLimited):
        ours.wait(TOKENS, 7, 3)
    wake.set()
    behind.join(20)
    assert not behind.is_alive()


def test_of_many_threads_that_wait_for_the_same_one_asks(store: Store, hand: HandTime) -> None:
    ours, ready = rate_limiter(store, hand), Barrier(8)

    def send(_: int) -> None:
        ready.wait(20)
        ours.wait(TOKENS, 4, 1000)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(send, range(8)))
    assert hand.sleeps == [61], "the first that waits does so for all"


def test_who_gets_no_turn_in_time_is_told_so(store: Store, hand: HandTime) -> None:
    asleep, wake = Event(), Event()

    def sleep(seconds: float) -> None:
        asleep.set()
        assert wake.wait(20)
        hand.sleep(seconds)

    ours = SharedRateLimiter(store, hand, sleep)
    ours.wait(TOKENS, 1, 0)
    first = Thread(target=ours.wait, args=(TOKENS, 1, 100))
    first.start()
    assert asleep.wait(20)
    with pytest.raises(RecallLimited):
        ours.wait(TOKENS, 1, 0.05)
    wake.set()
    first.join(20)
    assert not first.is_alive()


def test_a_users_budget_is_kept_in_the_process_and_writes_nothing(store: Store, hand: HandTime) -> None:
    ours = rate_limiter(store, hand)
    store.close()
    for _ in range(2):
        ours.wait(ANN, 2, 0)
    with pytest.raises(RecallLimited):
        ours.wait(ANN, 2, 60)
    ours.close((USER, "bob"), NOON + timedelta(seconds=5))
    ours.wait((USER, "bob"), 2, 5)
    assert hand.sleeps == [5]
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM spending").scalar() == 0


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_store_that_is_busy_for_a_moment_costs_no_call(url: str, store: Store) -> None:
    file = Path(url.removeprefix("sqlite:///").partition("?")[0])
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        freed = Timer(0.6, writer.execute, ("ROLLBACK",))
        freed.start()
        SharedRateLimiter(store).wait(TOKENS, 1, 20)
        freed.join(20)
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM spending").scalar() == 1


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_store_that_stays_busy_is_an_error_in_time_and_recalls_word_is_obeyed_all_the_same(
    url: str, store: Store, hand: HandTime, caplog: pytest.LogCaptureFixture
) -> None:
    file = Path(url.removeprefix("sqlite:///").partition("?")[0])
    ours = SharedRateLimiter(store, hand)
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(StoreError, match="written by another process"):
            ours.wait(TOKENS, 1, 0.5)
        assert time.monotonic() - began < 5
        with caplog.at_level(logging.WARNING):
            ours.close(TOKENS, NOON + timedelta(seconds=30))
        assert "the other processes were not told that tokens is closed" in caplog.text
    with pytest.raises(RecallLimited):
        ours.wait(TOKENS, 1, 1)


def test_two_processes_together_never_pass_a_limit_and_a_reader_between_them_goes_at_once(
    store: Store, url: str
) -> None:
    with ExitStack() as stack:
        senders = [stack.enter_context(process(SENDS, patient(url), str(n))) for n in range(2)]
        assert [line(sender) for sender in senders] == ["ready"] * 2
        fast = _started(senders)
        patient_store = stack.enter_context(closing(open_store(patient(url), recall_base_url=store.recall_base_url)))
        reader, read = SharedRateLimiter(patient_store, fast, fast.sleep), list[datetime]()
        while any(sender.poll() is None for sender in senders):
            reader.wait(TOKENS, 12, 0)
            read.append(fast.last_told)
            fast.sleep(31)
        words = [sender.communicate(timeout=60)[0].split() for sender in senders]
    sent = [[datetime.fromisoformat(word) for word in each] for each in words]
    assert [len(each) for each in sent] == [14, 14]
    assert most_in_a_minute(sent[0] + sent[1]) <= 10
    assert most_in_a_minute(sent[0] + sent[1] + read) <= 12
    assert len(read) > 2


def _started(senders: "list[subprocess.Popen[str]]") -> FastTime:
    """All have the same noon, which is now."""
    began = time.time()
    for sender in senders:
        assert sender.stdin is not None
        sender.stdin.write(f"{began}\n")
        sender.stdin.flush()
    return FastTime(began)


SENDS = """
from lib.sync.shared_rate_limiter import SharedRateLimiter
from lib.recall_api.rate_limits import WORKSPACE
from tests.contract.sync.fast_time import FastTime
print("ready", flush=True)
fast = FastTime(float(sys.stdin.readline()))
rate_limiter = SharedRateLimiter(store, fast, fast.sleep)
for _ in range(14):
    rate_limiter.wait((WORKSPACE, "tokens"), 10, 1000)
    print(fast.last_told.isoformat())
"""
