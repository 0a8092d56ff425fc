"""The rate limiter that all processes share: what the workspace spends in a minute is counted in the store."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from time import monotonic

from lib.clock import Clock, utc_now
from lib.errors import RecallLimited, StoreError
from lib.recall_api.rate_limits import MINUTE, WORKSPACE, Budget, ProcessRateLimiter, wait_until_taken
from lib.recall_api.retries import Sleep
from lib.store import Store, budgets

STORE_MAY_BE_BUSY_SECONDS = 30.0
"""How long a background call waits for a store that cannot be written; others wait no longer than for a budget."""
ASKS_AGAIN_SECONDS = 0.2

log = logging.getLogger(__name__)


class SharedRateLimiter:
    """A `lib.recall_api.RateLimiter` that all processes on one store share. One per process, for any number of threads.

    The workspace's budgets are spent in the store, a short write for each call; of the threads that wait for the same
    one, a single one asks. Those of a calendar user are kept in this process, for a user's calls are few. Besides
    what `RateLimiter` says, `wait` raises `StoreError` when the store cannot be written for longer than a moment.
    """

    def __init__(self, store: Store, clock: Clock = utc_now, sleep: Sleep = time.sleep):
        self._store, self._clock, self._sleep = store, clock, sleep
        self._own = ProcessRateLimiter(clock, sleep)
        self._turns: dict[tuple[Budget, int], Lock] = {}

    def wait(self, budget: Budget, per_minute: int, longest: float) -> None:
        """Wait until one call may be sent on `budget`, and count it for all processes."""
        if not _is_shared(budget):
            return self._own.wait(budget, per_minute, longest)
        with self._turn(budget, per_minute, longest) as left:
            wait_until_taken(lambda: self._take(budget, per_minute, left), left, self._clock, self._sleep)

    def close(self, budget: Budget, until: datetime) -> None:
        """Let no process send on `budget` before `until`."""
        self._own.close(budget, until)
        if _is_shared(budget):
            self._tell_others(budget, until)

    @contextmanager
    def _turn(self, budget: Budget, per_minute: int, longest: float) -> Iterator[float]:
        """Let one thread at a time ask for the same budget and limit; yields the seconds that are left of `longest`."""
        turn, began = self._turns.setdefault((budget, per_minute), Lock()), monotonic()
        if not turn.acquire(timeout=max(longest, 0.0)):
            raise RecallLimited(self._clock() + MINUTE)
        try:
            yield longest - (monotonic() - began)
        finally:
            turn.release()

    def _take(self, budget: Budget, per_minute: int, longest: float) -> float:
        """Seconds to wait, 0 for go. A store that is busy is asked again for a while."""
        gives_up_at = monotonic() + min(longest, STORE_MAY_BE_BUSY_SECONDS)
        while True:
            try:
                return self._own.closed_for(budget) or self._spend(budget, per_minute)
            except StoreError:
                if monotonic() >= gives_up_at:
                    raise
            self._sleep(ASKS_AGAIN_SECONDS)

    def _spend(self, budget: Budget, per_minute: int) -> float:
        with self._store.write() as connection:
            return budgets.take(connection, budget[1], per_minute, now=self._clock())

    def _tell_others(self, budget: Budget, until: datetime) -> None:
        try:
            with self._store.write() as connection:
                budgets.close_until(connection, budget[1], until, now=self._clock())
        except StoreError as error:
            # This process obeys all the same, and Recall itself tells the others.
            log.warning("the other processes were not told that %s is closed: %s", budget[1], error)


def _is_shared(budget: Budget) -> bool:
    return budget[0] == WORKSPACE
