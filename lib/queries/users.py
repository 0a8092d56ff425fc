"""The list of calendar users: from the store at once, and brought there anew in the background when it is old."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count

from lib.clock import Clock, utc_now
from lib.customer.sight import EVERYTHING, Sight
from lib.domain import CalendarUser
from lib.errors import DeskError, ReadingBroke, StoreError
from lib.queries.background_jobs import BackgroundJobs, RefreshThrottle
from lib.queries.sight_cache import SightCache
from lib.recall_api import Recall
from lib.store import Store, Transaction, passes, users, version
from lib.store.freshness import UsersFreshness, freshness_of_users
from lib.store.users import UserRow
from lib.sync import read_users

FRESH_FOR = timedelta(minutes=5)
"""How old the list may be before it is read again here: the sync reads it every few minutes."""
RETRY_AFTER = timedelta(seconds=15)
"""How soon a list that could not be read is tried again."""


class UsersCache:
    """The users table, one copy for all queries of this process. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: object = None
        self._rows: tuple[UserRow, ...] = ()

    def rows(self, connection: Transaction) -> tuple[UserRow, ...]:
        """Everyone ever listed, in the order in which they were first seen.

        The store is read where it, or how far a pass has come, has changed since it was read last.
        """
        key = connection.engine, version.current(connection), passes.latest(connection)
        with self._lock:
            if key != self._key:
                self._key, self._rows = key, users.everyone(connection)
            return self._rows


all_users = UsersCache().rows


@dataclass(frozen=True)
class UsersSnapshot:
    """What is known of the workspace's users. `as_of` is the start of the read it comes from (UTC), None before one."""

    rows: tuple[UserRow, ...] = ()
    """Those that are listed."""
    unreadable: int = 0
    as_of: datetime | None = None
    is_refreshing: bool = False
    problem: DeskError | None = None
    version: int = 0
    """Another one whenever anything of this is, so that a page knows when to draw again."""
    sight: Sight = EVERYTHING
    """Whose users these are."""

    @cached_property
    def users(self) -> tuple[CalendarUser, ...]:
        """The users themselves."""
        return tuple(row.user for row in self.rows)

    def customer_of(self, user: CalendarUser) -> str | None:
        """The customer of a listed user; None: unassigned."""
        return self._by_id[user.id].customer

    @cached_property
    def connected(self) -> int:
        """How many users have at least one calendar that Recall can read."""
        return sum(1 for row in self.rows if row.user.connected)

    def find(self, user_id: str) -> CalendarUser | None:
        """The user with this id of Recall's, or None."""
        row = self._by_id.get(user_id)
        return row.user if row else None

    @cached_property
    def _by_id(self) -> dict[str, UserRow]:
        return {row.user.id: row for row in self.rows}


@dataclass(frozen=True, slots=True)
class _Attempt:
    """The last read of this process."""

    at: datetime
    unreadable: int = 0
    problem: DeskError | None = None


class UserDirectory:
    """Thread-safe. One for each process, shared by all who look."""

    def __init__(self, store: Store, recall: Recall, clock: Clock = utc_now):
        self._store = store
        self._recall = recall
        self._clock = clock
        self._background = BackgroundJobs("users", threads=1)
        self._throttle = RefreshThrottle(clock)
        self._lock = threading.Lock()
        self._versions = count(1)
        self._mark: UsersFreshness | None = None
        self._attempt: _Attempt | None = None
        self._known = UsersSnapshot()
        self._parts: SightCache[tuple[UserRow, ...]] = SightCache(len)

    def snapshot(self, sight: Sight) -> UsersSnapshot:
        """What is known now of the customers that `sight` sees; starts a read in the background when there is nothing
        yet or it is old."""
        self._look()
        if self._is_due():
            self._background.start("users", self._read)
        with self._lock:
            known = replace(self._known, is_refreshing=self._background.is_running("users"))
        return known if sight.is_everything else self._part(known, sight)

    def _part(self, known: UsersSnapshot, sight: Sight) -> UsersSnapshot:
        """The list's own rows that could not be read are nobody's, so that they are not told of."""
        rows = self._parts.part(
            sight, known.version, lambda: tuple(row for row in known.rows if sight.sees(row.customer))
        )
        return replace(known, rows=rows, unreadable=0, sight=sight)

    def read_again(self) -> None:
        """Start a read now, or when the one that is under way has ended: that one may be older than what is asked."""
        self._background.start_after("users", self._read)

    def refresh(self) -> None:
        """Read again for a click; one that comes a moment after another is answered by what that one brought."""
        if self._known.problem or self._throttle.allows("users"):
            self.read_again()

    def close(self) -> None:
        """End the background work."""
        self._background.close()

    def _is_due(self) -> bool:
        tried, known = self._attempt, self._known
        if tried and tried.problem and tried.problem is known.problem:
            return self._clock() - tried.at >= RETRY_AFTER
        newest = max((at for at in (known.as_of, tried and tried.at) if at), default=None)
        return newest is None or self._clock() - newest >= FRESH_FOR

    def _look(self) -> None:
        """Take from the store what changed there."""
        try:
            with self._store.read() as connection:
                mark = freshness_of_users(connection)
                if self._mark == mark and not isinstance(self._known.problem, StoreError):
                    return
                rows = tuple(row for row in all_users(connection) if row.vanished_at is None)
        except StoreError as problem:
            if str(problem) != str(self._known.problem):
                self._show(problem=problem)
        else:
            self._show(rows, mark)

    def _show(
        self,
        rows: tuple[UserRow, ...] | None = None,
        mark: UsersFreshness | None = None,
        problem: StoreError | None = None,
    ) -> None:
        with self._lock:  # rows and their mark together: older ones, taken later, are then seen to be old
            self._mark = mark or self._mark
            tried = self._attempt
            kept = self._known.rows if rows is None else rows
            as_of = self._listed_at(kept)
            was_in_vain = tried is not None and tried.problem and (as_of is None or as_of <= tried.at)
            self._known = UsersSnapshot(
                rows=kept,
                unreadable=tried.unreadable if tried else 0,
                as_of=as_of,
                problem=problem or (tried.problem if tried and was_in_vain else None),
                version=next(self._versions),
            )

    def _listed_at(self, rows: tuple[UserRow, ...]) -> datetime | None:
        """Of lists with a row that could not be read the store keeps the users alone, and no time."""
        tried = self._attempt
        times = [self._mark.listed_at if self._mark else None, tried.at if tried and not tried.problem else None]
        times += [max((row.first_seen_at for row in rows), default=None)]
        return max((time for time in times if time is not None), default=None)

    def _read(self) -> None:
        began = self._clock()
        try:
            read = read_users(self._store, self._recall, now=began)
        except DeskError as problem:
            self._ended(_Attempt(began, self._known.unreadable, problem))
        except Exception as defect:
            broke = ReadingBroke()
            self._ended(_Attempt(began, self._known.unreadable, broke))
            raise broke from defect  # the job's end logs both
        else:
            self._ended(_Attempt(began, len(read.unreadable)))

    def _ended(self, attempt: _Attempt) -> None:
        self._attempt, self._mark = attempt, None
        self._look()
