"""Rate limits: which calls Recall counts together, and what makes calls wait before Recall has to refuse them.

Recall limits some calls per workspace and the rest per calendar user (contract 3). After a 429 nothing is sent on that
budget before the time that Recall named: fifty threads that each find out for themselves would only lengthen the ban.

Every attempt of every call asks a rate limiter first. `UnmeteredRateLimiter` knows only the budgets that Recall closed,
`ProcessRateLimiter` counts what this process sends, and `lib.sync.shared_rate_limiter` shares the workspace's budgets
with other processes.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol

from lib.clock import Clock
from lib.errors import RecallLimited
from lib.recall_api.allow_list import ENDPOINTS, Credential, Endpoint
from lib.recall_api.retries import Sleep

MINUTE = timedelta(seconds=61)
"""A second longer than Recall's: two calls can come closer together on the way than they were sent."""
SHORTEST_WAIT = 0.001
LONG_AGO = datetime.min.replace(tzinfo=UTC)

Budget = tuple[str, str]
"""Whose budget it is, and which."""

WORKSPACE = "workspace"
USER = "calendar user"

CLOCK_MAY_SLIP = timedelta(seconds=5)
"""Clocks are corrected by as much all the time; a greater step back means that somebody set the clock."""


def budget_of(endpoint: Endpoint, external_id: str | None) -> Budget:
    """All calls with one user's token share one budget; each call with the key has its own for the workspace."""
    if external_id is not None:
        return (USER, external_id)
    return (WORKSPACE, f"{endpoint.method} {endpoint.template}")


PER_MINUTE = {budget_of(call, None)[1]: call.limit.calls for call in ENDPOINTS if call.credential is Credential.KEY}
"""The budgets of the workspace, which all processes share, and how many calls of each may be made in a minute."""


class ClosedBudgets:
    """The budgets that Recall has closed for now. Thread-safe."""

    def __init__(self, clock: Clock):
        self._clock = clock
        self._lock = Lock()
        self._closed: dict[Budget, _Closed] = {}

    def close(self, budget: Budget, until: datetime) -> None:
        """Close `budget` until this instant, unless it is closed for longer already."""
        now = self._clock()
        with self._lock:
            self._closed = {b: closed for b, closed in self._closed.items() if closed.seconds_left(now) > 0}
            known = self._closed.get(budget)
            self._closed[budget] = _Closed(now, max(until, known.until) if known else until)

    def closed_for(self, budget: Budget) -> float:
        """Seconds until `budget` opens again; 0 when it is open."""
        with self._lock:
            closed = self._closed.get(budget)
        return closed.seconds_left(self._clock()) if closed else 0.0


@dataclass(frozen=True, slots=True)
class _Closed:
    at: datetime
    until: datetime

    def seconds_left(self, now: datetime) -> float:
        # A clock that was put back by an hour would keep it closed for an hour more.
        return 0.0 if now < self.at - CLOCK_MAY_SLIP else max((self.until - now).total_seconds(), 0.0)


class RateLimiter(Protocol):
    """Makes calls wait for their budget. Thread-safe."""

    def wait(self, budget: Budget, per_minute: int, longest: float) -> None:
        """Wait until one call may be sent on `budget`, of which no minute has more than `per_minute`, and count it.

        Raises `RecallLimited`, and counts nothing, as soon as it is known that this takes more than `longest` seconds.
        """

    def close(self, budget: Budget, until: datetime) -> None:
        """Send nothing on `budget` before `until`, whatever is left of the minute: Recall answered 429."""


class UnmeteredRateLimiter:
    """Lets every call go at once, but for budgets that Recall has closed."""

    def __init__(self, clock: Clock, sleep: Sleep = time.sleep):
        self._clock, self._sleep = clock, sleep
        self._limits = ClosedBudgets(clock)

    def wait(self, budget: Budget, per_minute: int, longest: float) -> None:
        """Wait until `budget` is open."""
        wait_until_taken(lambda: self._limits.closed_for(budget), longest, self._clock, self._sleep)

    def close(self, budget: Budget, until: datetime) -> None:
        """Send nothing on `budget` before `until`."""
        self._limits.close(budget, until)


class ProcessRateLimiter:
    """Counts the calls of this process alone, by the times of those of the last minute."""

    def __init__(self, clock: Clock, sleep: Sleep = time.sleep):
        self._clock, self._sleep = clock, sleep
        self._limits = ClosedBudgets(clock)
        self._lock = Lock()
        self._sent: dict[Budget, deque[datetime]] = {}
        self._swept_at = LONG_AGO

    def wait(self, budget: Budget, per_minute: int, longest: float) -> None:
        """Wait until one call may be sent on `budget`, by what this process has sent, and count it."""
        wait_until_taken(lambda: self.take(budget, per_minute), longest, self._clock, self._sleep)

    def close(self, budget: Budget, until: datetime) -> None:
        """Send nothing on `budget` before `until`."""
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
        """Drop the budgets on which nothing was sent for a minute: once a minute, or when the clock was put back."""
        if self._swept_at <= now < self._swept_at + MINUTE:
            return
        self._swept_at = now
        self._sent = {budget: sent for budget, sent in self._sent.items() if _is_recent(sent[-1], now)}


def wait_until_taken(take: Callable[[], float], longest: float, clock: Clock, sleep: Sleep) -> None:
    """Call `take`, wait for as many seconds as it returns, and call it again, until it returns 0.

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
