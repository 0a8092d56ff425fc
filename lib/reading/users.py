"""The list of calendar users: kept, refreshed in the background, answered at once."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lib.clock import Clock, utc_now
from lib.domain import CalendarUser
from lib.errors import DeskError, ReadingBroke
from lib.reading.background import Background
from lib.recall_api import Recall

FRESH_FOR = timedelta(seconds=60)
"""How old the list may be before it is read again. Recall allows 60 such calls a minute (contract 3.2)."""
RETRY_AFTER = timedelta(seconds=15)
"""How soon a list that could not be read is tried again."""


@dataclass(frozen=True, slots=True)
class UsersSnapshot:
    """What is known of the workspace's users. `as_of` is the start of the read it comes from (UTC), None before one."""

    users: tuple[CalendarUser, ...] = ()
    unreadable: int = 0
    as_of: datetime | None = None
    reading: bool = False
    problem: DeskError | None = None
    version: int = 0
    """Grows with every attempt to read, so that a page knows when to draw again."""

    def find(self, user_id: str) -> CalendarUser | None:
        """The user with this id of Recall's, or None."""
        return next((user for user in self.users if user.id == user_id), None)

    @property
    def connected(self) -> int:
        """How many users have at least one calendar that Recall can read."""
        return sum(1 for user in self.users if user.connected)


class UserDirectory:
    """Thread-safe. One for each process, shared by all who look."""

    def __init__(self, recall: Recall, clock: Clock = utc_now):
        self._recall = recall
        self._clock = clock
        self._background = Background("users", threads=1)
        self._lock = threading.Lock()
        self._known = UsersSnapshot()
        self._tried: datetime | None = None

    def snapshot(self) -> UsersSnapshot:
        """What is known now; starts a read in the background when there is nothing yet or it is old."""
        if self._is_due():
            self.read_again()
        return self._with_state()

    def read_again(self) -> None:
        """Start a read now, unless one is under way."""
        self._background.start("users", self._read)

    def close(self) -> None:
        """End the background work."""
        self._background.close()

    def _is_due(self) -> bool:
        with self._lock:
            if self._tried is None:
                return True
            wait = RETRY_AFTER if self._known.problem else FRESH_FOR
            return self._clock() - self._tried >= wait

    def _with_state(self) -> UsersSnapshot:
        with self._lock:
            return replace(self._known, reading=self._background.is_running("users"))

    def _read(self) -> None:
        started = self._clock()
        try:
            listing = self._recall.list_users()
            known = UsersSnapshot(listing.rows, listing.unreadable, started)
        except DeskError as problem:
            known = replace(self._known, problem=problem)
        except Exception:
            self._keep(replace(self._known, problem=ReadingBroke()), started)
            raise  # the job's end logs it
        self._keep(known, started)

    def _keep(self, known: UsersSnapshot, tried: datetime) -> None:
        with self._lock:
            self._known, self._tried = replace(known, version=self._known.version + 1), tried
