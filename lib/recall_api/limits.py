"""Budgets: which calls Recall counts together, which of them it has closed, and until when.

Recall limits some calls per workspace and the rest per calendar user (contract 3). After a 429 nobody sends on that
budget before the time Recall named: fifty threads that each find out for themselves would only lengthen the ban.
"""

from datetime import datetime
from threading import Lock

from lib.clock import Clock
from lib.recall_api.allowed import Endpoint

Budget = tuple[str, str]
"""Whose it is, and which."""

WORKSPACE = "workspace"
USER = "calendar user"


def budget_of(endpoint: Endpoint, external_id: str | None) -> Budget:
    """All calls with one user's token share a budget; each call with the key has its own for the workspace."""
    if external_id is not None:
        return (USER, external_id)
    return (WORKSPACE, f"{endpoint.method} {endpoint.template}")


class Limits:
    """Thread-safe. Holds only what is closed now."""

    def __init__(self, clock: Clock):
        self._clock = clock
        self._lock = Lock()
        self._closed: dict[Budget, datetime] = {}

    def close(self, budget: Budget, until: datetime) -> None:
        """Nothing may be sent on `budget` before `until`. A later time already known stays."""
        now = self._clock()
        with self._lock:
            self._closed = {b: t for b, t in self._closed.items() if t > now}
            self._closed[budget] = max(until, self._closed.get(budget, until))

    def closed_for(self, budget: Budget) -> float:
        """Seconds until `budget` opens again; 0 when it is open."""
        with self._lock:
            until = self._closed.get(budget)
        return 0.0 if until is None else max((until - self._clock()).total_seconds(), 0.0)
