"""Rate limiters: calls wait for their budget here, before Recall has to refuse them.

Every attempt of every call asks one first. `UnmeteredRateLimiter` knows only which budgets Recall has closed,
`ProcessRateLimiter` counts what this process sends, and `lib.sync.shared_rate_limiter` shares the workspace's budgets
with other processes.
"""

import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol

from lib.clock import Clock
from lib.errors import RecallLimited
from lib.recall_api.rate_limits import Budget, ClosedBudgets
from lib.recall_api.retries import Sleep

MINUTE = timedelta(seconds=61)
"""A second longer than Recall's: two calls can come closer together on the way than they were sent."""
SHORTEST_WAIT = 0.001
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class RateLimiter(Protocol):
    """Thread-safe."""

    def wait(self, budget: Budget, per_minute: int, longest: float) -> None:
        """Return when one call may be sent on `budget`: it is counted, and no minute has more than `per_minute`.

        Raises `RecallLimited` as soon as it is known that this takes more than `longest` seconds; then nothing is
        counted.
        """

    def close(self, budget: Budget, until: datetime) -> None:
        """Recall answered 429: nothing is sent on `budget` before `until`, whatever is left of the minute."""


class UnmeteredRateLimiter:
    """As fast as it is asked for, but never on a budget that Recall has closed."""

    def __init__(self, clock: Clock, sleep: Sleep = time.sleep):
        self._clock, self._sleep = clock, sleep
        self._limits = ClosedBudgets(clock)

    def wait(self, budget: Budget, per_minute: int, longest: float) -> None:
        """Wait until `budget` is open."""
        wait_until_taken(lambda: self._limits.closed_for(budget), longest, self._clock, self._sleep)

    def close(self, budget: Budget, until: datetime) -> None:
        """Nothing is sent on `budget` before `until`."""
        self._limits.close(budget, until)


class ProcessRateLimiter:
    """The pace of one process that shares nothing. Holds the times of the last minute's calls, and no more."""

    def __init__(self, clock: Clock, sleep: Sleep = time.sleep):
        self._clock, self._sleep = clock, sleep
        self._limits = ClosedBudgets(clock)
        self._lock = Lock()
        self._sent: dict[Budget, deque[datetime]] = {}
        self._swept_at = LONG_AGO

    @property
    def budgets_held(self) -> int:
        """How many budgets it holds in memory."""
        return len(self._sent)

    def wait(self, budget: Budget, per_minute: int, longest: float) -> None:
        """As `RateLimiter` says, with what this process has sent."""
        wait_until_taken(lambda: self.take(budget, per_minute), longest, self._clock, self._sleep)

    def close(self, budget: Budget, until: datetime) -> None:
        """Nothing is sent on `budget` before `until`."""
        self._limits.close(budget, until)

    def closed_for(self, budget: Budget) -> float:
        """Seconds until Recall allows `budget` again; 0 when it is open."""
        return self._limits.closed_for(budget)

    def take(self, budget: Budget, per_minute: int) -> float:
        """Seconds to wait before the call may be sent: 0 means go, and the call is counted."""
        with self._lock:
            now = self._clock()
            self._forget_idle(now)
            wait = self.closed_for(budget) or _until_free(self._sent.get(budget, deque()), per_minute, now)
            if wait == 0:
                self._sent.setdefault(budget, deque()).append(now)
            return wait

    def _forget_idle(self, now: datetime) -> None:
        """Once a minute, or when the clock was put back: drop the budgets on which nothing was sent for a minute."""
        if self._swept_at <= now < self._swept_at + MINUTE:
            return
        self._swept_at = now
        self._sent = {budget: sent for budget, sent in self._sent.items() if _is_recent(sent[-1], now)}


def wait_until_taken(take: Callable[[], float], longest: float, clock: Clock, sleep: Sleep) -> None:
    """Ask `take`, wait for as many seconds as it answers, and ask again, until it answers 0.

    Raises `RecallLimited` as soon as the waits would come to more than `longest` seconds.
    """
    waited = 0.0
    while (wait := take()) > 0:
        waited += wait
        if waited > longest:
            raise RecallLimited(clock() + timedelta(seconds=wait))
        sleep(wait)


def _until_free(sent: deque[datetime], per_minute: int, now: datetime) -> float:
    """Seconds until one more call may be sent; what is older than a minute is dropped."""
    while sent and not _is_recent(sent[0], now):
        sent.popleft()
    if len(sent) < per_minute:
        return 0.0
    return max((sent[-per_minute] + MINUTE - now).total_seconds(), SHORTEST_WAIT)


def _is_recent(sent_at: datetime, now: datetime) -> bool:
    # What lies ahead was noted before the clock was put back: it would close the budget for as long.
    return now - MINUTE < sent_at <= now
