"""Background jobs by key: one at a time for each key, and none is lost silently."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

log = logging.getLogger(__name__)


class Background:
    """Runs jobs in threads. Starting a key that is already running does nothing: its askers share the one job."""

    def __init__(self, name: str, threads: int):
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix=name)
        self._lock = threading.RLock()  # a job that ends at once is noted by the thread that starts it
        self._running: set[str] = set()
        self._next: dict[str, Callable[[], None]] = {}
        self.closing = threading.Event()
        """Set when the process ends; jobs that wait, wait on this."""

    def start(self, key: str, job: Callable[[], None]) -> bool:
        """Start `job` unless one with this key runs already. Answers whether it was started."""
        with self._lock:
            if key in self._running or self.closing.is_set():
                return False
            self._submit(key, job)
        return True

    def start_after(self, key: str, job: Callable[[], None]) -> None:
        """Start `job` at once, or when the one with this key that runs already has ended. Of several, the last."""
        with self._lock:
            if self.closing.is_set():
                return
            if key in self._running:
                self._next[key] = job
            else:
                self._submit(key, job)

    def is_running(self, key: str) -> bool:
        """Whether a job with this key has been started and has not ended."""
        with self._lock:
            return key in self._running

    @property
    def is_busy(self) -> bool:
        """Whether any job runs."""
        with self._lock:
            return bool(self._running)

    def has_next(self, key: str) -> bool:
        """Whether another job waits for the end of the one with this key."""
        with self._lock:
            return key in self._next

    def close(self) -> None:
        """Ask waiting jobs to end, and start no more."""
        with self._lock:
            self.closing.set()
            self._next.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _submit(self, key: str, job: Callable[[], None]) -> None:
        self._running.add(key)
        self._pool.submit(job).add_done_callback(lambda done: self._ended(key, done))

    def _ended(self, key: str, done: "Future[None]") -> None:
        with self._lock:
            self._running.discard(key)
            if following := self._next.pop(key, None):
                self._submit(key, following)
        if not done.cancelled() and (error := done.exception()):
            log.error("a background job ended with an error", exc_info=error)
