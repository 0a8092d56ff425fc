"""A worker pool: a few threads read, not far ahead of the one thread that stores.

Items known to be slow come last and get only some of the threads, so that the others are done soon however many slow
ones there are.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from queue import Empty, Full, Queue
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

LOOKS_UP_SECONDS = 0.1
"""How soon a waiting thread notices that the pool has ended."""


@dataclass(frozen=True, slots=True)
class Finished(Generic[T, R]):
    """The result or the error of one item."""

    item: T
    result: R | None
    error: Exception | None


class _Queue(Generic[T]):
    """Items that at most `seats` threads take from."""

    def __init__(self, items: Iterable[T], seats: int):
        self._items, self._lock = iter(items), threading.Lock()
        self._seats = threading.Semaphore(seats)

    def taken(self) -> Iterator[T]:
        """Items for one thread, one at a time, until none is left; no items where no seat is free."""
        if not self._seats.acquire(blocking=False):
            return
        try:
            while True:
                with self._lock:
                    item = next(self._items)
                yield item
        except StopIteration:
            return
        finally:
            self._seats.release()


class WorkerPool(Generic[T, R]):
    """`threads` threads that do `work` for each of `items`, and yield what they have done in batches.

    At most `threads` results wait to be taken, then the pool pauses, however many items are left. The threads are
    daemons, so a process that ends does not wait for them. Items of `last` come after `items`, at most `last_threads`
    of them at the same time.
    """

    def __init__(
        self,
        items: Iterable[T],
        work: Callable[[T], R],
        *,
        threads: int,
        last: Iterable[T] = (),
        last_threads: int = 1,
    ):
        self._queues = (_Queue(items, threads), _Queue(last, last_threads))
        self._work = work
        self._done: Queue[Finished[T, R] | None] = Queue(threads)
        self._over = threading.Event()
        self._at_work = threads
        for number in range(threads):
            threading.Thread(target=self._run, name=f"reader-{number}", daemon=True).start()

    def batches(
        self, size: int, seconds: float, stop: threading.Event, is_last: Callable[[Exception | None], object]
    ) -> Iterator[list[Finished[T, R]]]:
        """Yield batches of at most `size` results as they come, none held back for longer than `seconds`, none empty.

        Ends when all items are done, soon after `stop` is set, or with the first result whose error (or None) makes
        `is_last` true; then the pool takes no further item.
        """
        try:
            while self._at_work and not stop.is_set() and not self._over.is_set():
                if batch := self._batch(size, monotonic() + seconds, stop, is_last):
                    yield batch
        finally:
            self._over.set()

    def _batch(
        self, size: int, until: float, stop: threading.Event, is_last: Callable[[Exception | None], object]
    ) -> list[Finished[T, R]]:
        batch: list[Finished[T, R]] = []
        while len(batch) < size and self._at_work and monotonic() < until and not stop.is_set():
            try:
                done = self._done.get(timeout=LOOKS_UP_SECONDS)
            except Empty:
                continue
            if done is None:
                self._at_work -= 1
                continue
            batch.append(done)
            if is_last(done.error):
                self._over.set()
                break
        return batch

    def _run(self) -> None:
        for queue in self._queues:
            for item in queue.taken():
                if self._over.is_set():
                    break
                self._put(self._do(item))
        self._put(None)

    def _do(self, item: T) -> Finished[T, R]:
        try:
            return Finished(item, self._work(item), None)
        except Exception as error:  # noqa: BLE001 - handed to whoever stores
            return Finished(item, None, error)

    def _put(self, done: Finished[T, R] | None) -> None:
        while not self._over.is_set():
            try:
                return self._done.put(done, timeout=LOOKS_UP_SECONDS)
            except Full:
                continue
