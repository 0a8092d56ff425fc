"""Background jobs by key: one at a time for each key, and none is lost silently."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from lib.clock import Clock

log = logging.getLogger(__name__)

_Job = Callable[[], None]


class BackgroundJobs:
    """Runs jobs in threads. Starting a key that is already running does nothing: its askers share the one job.

    The threads are daemons: a process that ends does not wait for an answer of Recall's, which may take minutes.
    """

    def __init__(self, name: str, threads: int):
        self._name, self._threads = name, threads
        self._lock = threading.RLock()
        self._running: set[str] = set()
        self._waiting: deque[tuple[str, _Job]] = deque()
        self._next: dict[str, _Job] = {}
        self._at_work = 0
        self.closing = threading.Event()
        """Set when the process ends; jobs that wait, wait on this."""

    def start(self, key: str, job: _Job) -> bool:
        """Start `job` unless one with this key runs already. Answers whether it was started."""
        with self._lock:
            if key in self._running or self.closing.is_set():
                return False
            self._submit(key, job)
        return True

    def start_after(self, key: str, job: _Job) -> None:
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
            self._running -= {key for key, _ in self._waiting}
            self._waiting.clear()

    def _submit(self, key: str, job: _Job) -> None:
        self._running.add(key)
        self._waiting.append((key, job))
        if self._at_work < self._threads:
            self._at_work += 1
            threading.Thread(target=self._work, name=self._name, daemon=True).start()

    def _work(self) -> None:
        while taken := self._take():
            self._do(*taken)

    def _take(self) -> tuple[str, _Job] | None:
        with self._lock:
            if not self._waiting:
                self._at_work -= 1
                return None
            return self._waiting.popleft()

    def _do(self, key: str, job: _Job) -> None:
        try:
            job()
        except Exception:
            log.exception("a background job ended with an error")
        with self._lock:
            self._running.discard(key)
            if following := self._next.pop(key, None):
                self._submit(key, following)


AGAIN_AFTER = timedelta(seconds=2)
"""Nobody decides to refresh again in less; without it ten clicks a second would spend everybody's API calls."""


class RefreshThrottle:
    """Answers clicks that come too fast with what the first of them brought. Thread-safe; for all who click."""

    def __init__(self, clock: Clock):
        self._clock = clock
        self._lock = threading.Lock()
        self._asked: dict[str, datetime] = {}

    def allows(self, key: str) -> bool:
        """Whether `key` may be asked for now: nobody did within `AGAIN_AFTER`, or the clock was put back since."""
        now = self._clock()
        with self._lock:
            self._asked = {name: at for name, at in self._asked.items() if timedelta(0) <= now - at < AGAIN_AFTER}
            if key in self._asked:
                return False
            self._asked[key] = now
            return True
