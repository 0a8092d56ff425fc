"""A crew reads ahead, side by side, and never far ahead."""

import threading
from collections import Counter
from collections.abc import Iterator
from itertools import count
from time import monotonic, sleep

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.sync.worker_pool import WorkerPool

SECONDS = 0.05


def never(_error: Exception | None) -> bool:
    return False


def all_of(pool: "WorkerPool[int, int]", size: int = 10, stop: threading.Event | None = None) -> "list[list[int]]":
    return [[done.item for done in batch] for batch in pool.batches(size, SECONDS, stop or threading.Event(), never)]


@pytest.mark.parametrize("threads", [1, 8])
@pytest.mark.parametrize("items", [0, 1, 7, 100])
def test_everything_is_done_once(items: int, threads: int) -> None:
    batches = all_of(WorkerPool(range(items), lambda n: n, threads=threads))
    assert sorted(item for batch in batches for item in batch) == list(range(items))
    assert all(batches)
    assert max(map(len, batches), default=0) <= 10


def test_an_error_is_handed_over_and_stops_nobody() -> None:
    pool = WorkerPool(range(20), lambda n: 10 // (n - 5), threads=4)
    done = [each for batch in pool.batches(50, SECONDS, threading.Event(), never) for each in batch]
    assert [each.item for each in done if each.error is not None] == [5]
    assert len(done) == 20


def test_work_goes_on_side_by_side() -> None:
    together = threading.Barrier(4)

    def meet(_item: int) -> int:
        return together.wait(5)  # only four at once get past it

    assert sorted(item for batch in all_of(WorkerPool(range(8), meet, threads=4)) for item in batch) == list(range(8))


def test_nobody_reads_further_ahead_than_can_be_held() -> None:
    """However many items there are: what was taken and not given out yet stays under a bound of the threads'."""
    taken = Counter[str]()

    def items() -> Iterator[int]:
        for n in range(100_000):
            taken["items"] += 1
            yield n

    given = 0
    for batch in WorkerPool(items(), lambda n: n, threads=3).batches(10, SECONDS, threading.Event(), never):
        given += len(batch)
        sleep(0.01)
        assert taken["items"] - given <= 2 * 3 + 1
        if given > 200:
            break
    assert taken["items"] < 1000


def test_a_slow_one_holds_nothing_back_for_long() -> None:
    go_on = threading.Event()
    pool = WorkerPool(range(3), lambda n: n if n < 2 else int(go_on.wait(5)), threads=3)
    began, batches = monotonic(), pool.batches(10, SECONDS, threading.Event(), never)
    first = next(batches)
    assert sorted(done.item for done in first) in ([0], [1], [0, 1])
    assert monotonic() - began < 2
    go_on.set()
    assert sum(map(len, batches)) + len(first) == 3


def test_it_ends_soon_after_it_is_told_to_and_does_no_more() -> None:
    stop, started = threading.Event(), count()

    def slowly(n: int) -> int:
        next(started)
        sleep(0.01)
        return n

    pool = WorkerPool(range(10_000), slowly, threads=2)
    for _batch in pool.batches(5, SECONDS, stop, never):
        stop.set()
    before = next(started)
    sleep(0.3)
    assert next(started) - before <= 3


def test_nothing_more_is_taken_after_the_last_that_makes_sense() -> None:
    done = Counter[str]()

    def fail_at_seven(n: int) -> int:
        done["items"] += 1
        if n == 7:
            raise ValueError
        return n

    batches = list(WorkerPool(range(1000), fail_at_seven, threads=1).batches(50, 5, threading.Event(), bool))
    assert [each.item for each in batches[-1]][-1] == 7
    assert done["items"] <= 7 + 1 + 2


class Watched:
    """Work that notes in which order items are begun, and how many of the last ones are under way together."""

    def __init__(self, first_of_the_last: int) -> None:
        self._border = first_of_the_last
        self._lock = threading.Lock()
        self._now = 0
        self.begun: list[int] = []
        self.most_together = 0

    def __call__(self, item: int) -> int:
        is_last = item >= self._border
        with self._lock:
            self.begun.append(item)
            self._now += is_last
            self.most_together = max(self.most_together, self._now)
        sleep(0.001)
        with self._lock:
            self._now -= is_last
        return item


@given(st.integers(0, 20), st.integers(0, 12), st.integers(1, 8), st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_what_takes_long_comes_last_and_in_a_part_of_the_threads(
    items: int, lasts: int, threads: int, last_threads: int
) -> None:
    work = Watched(items)
    last = range(items, items + lasts)
    pool = WorkerPool(range(items), work, threads=threads, last=last, last_threads=last_threads)
    assert sorted(item for batch in all_of(pool) for item in batch) == list(range(items + lasts))
    assert work.most_together <= min(threads, last_threads)
    others_after_a_last_one = [
        n for n, item in enumerate(work.begun) if item < items and max(work.begun[:n], default=-1) >= items
    ]
    assert len(others_after_a_last_one) < threads  # those that were taken before, and begun a moment later


def test_what_comes_last_is_done_one_by_one_unless_more_threads_are_named() -> None:
    work = Watched(0)
    assert sorted(item for batch in all_of(WorkerPool((), work, threads=4, last=range(20))) for item in batch) == [
        *range(20)
    ]
    assert work.most_together == 1


def test_while_the_last_ones_take_long_all_others_are_over() -> None:
    go_on = threading.Event()
    pool = WorkerPool(
        range(30), lambda n: n if n < 100 else int(go_on.wait(10)), threads=4, last=range(100, 103), last_threads=2
    )
    batches, seen = pool.batches(10, SECONDS, threading.Event(), never), 0
    for batch in batches:
        seen += len(batch)
        if seen == 30:
            break
    assert not go_on.is_set()
    go_on.set()
    assert sum(map(len, batches)) == 3


def test_threads_that_may_do_what_takes_long_do_everything_else_too() -> None:
    together = threading.Barrier(4)
    pool = WorkerPool(range(4), lambda _: together.wait(5), threads=4, last=(), last_threads=2)
    assert sorted(item for batch in all_of(pool) for item in batch) == [0, 1, 2, 3]


def test_it_ends_in_the_middle_of_the_last_ones_too() -> None:
    stop, begun = threading.Event(), Counter[str]()

    def slowly(n: int) -> int:
        begun["items"] += 1
        sleep(0.01)
        return n

    for _batch in WorkerPool((), slowly, threads=4, last=range(10_000), last_threads=2).batches(
        5, SECONDS, stop, never
    ):
        stop.set()
    before = begun["items"]
    sleep(0.2)
    assert begun["items"] - before <= 2
