"""What every write needs: store, client, clock and the user's lease; and the writes that this process has in flight."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.clock import Clock, utc_now
from lib.errors import ChangeUnderWay, ServerEnding
from lib.recall_api import Recall
from lib.store import Store
from lib.store.leases import HeldLease, held

LEASE_LASTS = timedelta(minutes=3)
"""Longer than the calls of one change take."""
LEASE_WAITS_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class WriteContext:
    """The store that records a write, the client that sends it, and the clock."""

    store: Store
    recall: Recall
    clock: Clock = utc_now

    def now(self) -> datetime:
        """The current time (UTC)."""
        return self.clock()

    def user_lease(self, user_id: str, *, waits: float = LEASE_WAITS_SECONDS) -> AbstractContextManager[HeldLease]:
        """The lease of a calendar user: of all processes and threads one at a time changes something of them.

        Renew it in each transaction that relies on it. Raises `ChangeUnderWay` where another still has it after
        `waits` seconds, or took it meanwhile.
        """
        name = f"change:{user_id}"
        return held(self.store, name, ttl=LEASE_LASTS, taken=lambda _: ChangeUnderWay(), clock=self.now, waits=waits)


class InFlightWrites:
    """Counts writes while they are carried out, so that a process ends between two and not in the middle of one.

    Thread-safe.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._number = 0
        self._refuses = False

    @property
    def refuses(self) -> bool:
        """Whether new writes are refused."""
        return self._refuses

    @contextmanager
    def one(self) -> Iterator[None]:
        """Count one write for as long as the block lasts. Raises `ServerEnding` once new ones are refused."""
        with self._changed:
            if self._refuses:
                raise ServerEnding
            self._number += 1
        try:
            yield
        finally:
            with self._changed:
                self._number -= 1
                self._changed.notify_all()

    def refuse(self) -> None:
        """Refuse new writes from now on."""
        with self._changed:
            self._refuses = True

    def have_ended(self, within_seconds: float) -> bool:
        """Wait until no write is in flight. Returns False when some still are after `within_seconds`."""
        with self._changed:
            return self._changed.wait_for(lambda: self._number == 0, max(within_seconds, 0.0))


writes_in_flight = InFlightWrites()
"""The writes of this process."""
