"""Budgets: which calls Recall counts together, which of them it has closed, and until when.

Recall limits some calls per workspace and the rest per calendar user (contract 3). After a 429 nobody sends on that
budget before the time Recall named: fifty threads that each find out for themselves would only lengthen the ban.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from lib.clock import Clock
from lib.recall_api.allow_list import ENDPOINTS, Credential, Endpoint

Budget = tuple[str, str]
"""Whose it is, and which."""

WORKSPACE = "workspace"
USER = "calendar user"

CLOCK_MAY_SLIP = timedelta(seconds=5)
"""Clocks are corrected by as much all the time; a greater step back means that somebody set it."""


def budget_of(endpoint: Endpoint, external_id: str | None) -> Budget:
    """All calls with one user's token share a budget; each call with the key has its own for the workspace."""
    if external_id is not None:
        return (USER, external_id)
    return (WORKSPACE, f"{endpoint.method} {endpoint.template}")


PER_MINUTE = {budget_of(call, None)[1]: call.limit.calls for call in ENDPOINTS if call.credential is Credential.KEY}
"""The budgets of the workspace, which all processes share, and how many calls of each may be made in a minute."""


class ClosedBudgets:
    """Thread-safe. Holds only what is closed now."""

    def __init__(self, clock: Clock):
        self._clock = clock
        self._lock = Lock()
        self._closed: dict[Budget, _Closed] = {}

    def close(self, budget: Budget, until: datetime) -> None:
        """Nothing may be sent on `budget` before `until`. A later time already known stays."""
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
