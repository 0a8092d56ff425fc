"""How the whole stands, for admins: the last passes, the API's budgets, how old the data is, the store itself."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.clock import Clock, utc_now
from lib.queries.users import all_users
from lib.recall_api import PER_MINUTE
from lib.store import Store, contests, passes, totals
from lib.store.contests import Contest
from lib.store.freshness import freshness_of
from lib.store.passes import Pass
from lib.store.schema import version_of
from lib.store.users import UserRow
from lib.sync.failures import failure_sentence

PASSES = 20
IN_USE = timedelta(hours=2)
"""A session that was used within this counts as somebody who is there."""


@dataclass(frozen=True, slots=True)
class Run:
    """A pass, and why users could not be read in it, as far as no later pass read them."""

    of: Pass
    unread: tuple[tuple[str, int], ...]
    """Sentences of ours, each with how many users it is about."""

    @property
    def took(self) -> timedelta | None:
        """How long it lasted; None while it is not over."""
        return self.of.ended_at - self.of.begun_at if self.of.ended_at else None


@dataclass(frozen=True, slots=True)
class Budget:
    """What the workspace may ask of Recall by one call, in any minute."""

    call: str
    """Method and path."""
    most: int
    spent: int
    closed_until: datetime | None
    """Recall closed it until then (UTC); None: it is open."""


@dataclass(frozen=True, slots=True)
class SystemState:
    """How the whole stands. Times are UTC."""

    runs: tuple[Run, ...]
    """The last passes, newest first."""
    at_work: bool
    """Whether the newest runs and its process lives."""
    as_of: datetime | None
    users_listed_at: datetime | None
    oldest: UserRow | None
    """The listed user whose meetings were read longest ago."""
    unread: tuple[UserRow, ...]
    """Listed users whose last read did not work."""
    unlisted: tuple[UserRow, ...]
    """Users whom Recall's list lacks, and who are held as they were because that is doubted."""
    contests: tuple[Contest, ...]
    """Entries that two listed users were shown with, the oldest first."""
    labels: Mapping[str, str]
    """What the users of these are called, by Recall's id. Outside text."""
    odd: tuple[UserRow, ...]
    """Listed users of whose last answer rows could not be read, or had parts left out; the most first."""
    budgets: tuple[Budget, ...]
    users: int
    open_changes: int
    people: int
    """Sessions in use."""
    bytes: int
    kind: str
    """SQLite or PostgreSQL."""
    schema: str

    def label(self, user_id: str) -> str:
        """What a user of a contest is called. Outside text."""
        return self.labels.get(user_id, user_id)


def system_state(store: Store, *, clock: Clock = utc_now) -> SystemState:
    """How it stands now. Raises `StoreError`."""
    now = clock()
    with store.read() as connection:
        pulse, found = freshness_of(connection, now), totals.count(connection, now=now, sessions_since=now - IN_USE)
        recent, schema = passes.recent(connection, PASSES), version_of(connection)
        listed = [row for row in all_users(connection) if row.vanished_at is None]
        contested = contests.everyone(connection)
        kind = connection.dialect.name
    unread = tuple(row for row in listed if row.failure is not None)
    in_contest = {user for one in contested for user in (one.claimant, one.holder)}
    return SystemState(
        runs=tuple(Run(each, _why(each, unread)) for each in recent),
        at_work=pulse.at_work,
        as_of=pulse.as_of,
        users_listed_at=pulse.users_listed_at,
        oldest=min((row for row in listed if row.read_at), key=lambda row: row.read_at or now, default=None),
        unread=unread,
        unlisted=tuple(row for row in listed if row.unlisted_since is not None),
        contests=contested,
        labels={row.user.id: row.user.label for row in listed if row.user.id in in_contest},
        odd=tuple(sorted((row for row in listed if row.unreadable or row.odd), key=_most_odd_first)),
        budgets=tuple(
            Budget(call, most, found.spent.get(call, 0), _opens(found.closed_seconds.get(call), now))
            for call, most in PER_MINUTE.items()
        ),
        users=found.users,
        open_changes=found.open_changes,
        people=found.sessions,
        bytes=found.bytes,
        kind={"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(kind, kind),
        schema=schema,
    )


def _why(run: Pass, unread: Sequence[UserRow]) -> tuple[tuple[str, int], ...]:
    def is_of(row: UserRow) -> bool:
        tried = row.failed_at
        return tried is not None and tried >= run.begun_at and (run.ended_at is None or tried <= run.ended_at)

    return tuple(Counter(failure_sentence(row.failure or "") for row in unread if is_of(row)).most_common())


def _most_odd_first(row: UserRow) -> tuple[int, int]:
    return -row.unreadable, -row.odd


def _opens(seconds: float | None, now: datetime) -> datetime | None:
    return now + timedelta(seconds=seconds) if seconds else None
