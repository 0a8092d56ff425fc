"""Who exists: the ids of the latest users list. Minting creates whoever is missing (contract 2.4), so it asks here."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from threading import Lock

from lib.clock import Clock
from lib.errors import UnknownCalendarUser
from lib.recall_api.single_flight import SingleFlight

LONG_AGO = datetime.min.replace(tzinfo=UTC)


class KnownUsers:
    """Thread-safe. `read` reads the users list: it takes a `mark` before and ends with `remember`."""

    def __init__(self, read: Callable[[], object], clock: Clock):
        self._read, self._clock = read, clock
        self._reading: SingleFlight[object] = SingleFlight()
        self._lock = Lock()
        self._ids: frozenset[str] = frozenset()
        self._as_of = LONG_AGO
        self._asked_at_mark = 0
        self._marks = 0
        self._forgotten: dict[str, int] = {}

    def mark(self) -> int:
        """Taken before a list is asked for: tells what was forgotten before from what was forgotten since."""
        with self._lock:
            self._marks += 1
            return self._marks

    def remember(self, ids: Iterable[str], mark: int) -> None:
        """The list asked for after `mark` holds these. What was forgotten since then stays forgotten.

        A list that comes after one that was asked for later says nothing new.
        """
        with self._lock:
            if mark > self._asked_at_mark:
                self._ids = frozenset(i for i in ids if self._forgotten.get(i, 0) < mark)
                self._as_of, self._asked_at_mark = self._clock(), mark

    def forget(self, external_id: str) -> None:
        """The user may be gone: only a list asked for from now on brings it back."""
        with self._lock:
            self._ids -= {external_id}
            self._forgotten[external_id] = self._marks

    def require(self, external_id: str, no_older_than: timedelta) -> None:
        """Raises `UnknownCalendarUser` unless the list holds the id and is no older than so.

        Otherwise the list is read again, once, by one for all who ask at that time.
        """
        age = self._clock() - self._as_of
        if not self._holds(external_id) or not timedelta(0) <= age <= no_older_than:  # below 0: a clock put back
            self._reading.do("users", self._read)
        if not self._holds(external_id):
            raise UnknownCalendarUser

    def require_anew(self, external_id: str) -> None:
        """Raises `UnknownCalendarUser` unless a list that is asked for from now on holds the id."""
        since = self.mark()
        for _ in range(2):  # whoever joins a read that is under way gets a list from before, and reads once more
            if self._asked_at_mark <= since:
                self._reading.do("users", self._read)
        if not self._holds(external_id):
            raise UnknownCalendarUser

    def _holds(self, external_id: str) -> bool:
        with self._lock:
            return external_id in self._ids
