"""How fresh the store is: small questions, asked every few seconds by whatever keeps a part of it in memory."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from lib.store import leases, passes
from lib.store.passes import Pass, PassState
from lib.store.tables.workspace import calendar_user, version
from lib.store.version import StoreVersion, current

SYNC_LEASE = "sync"
"""The lease of the process that runs a pass."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh the store is, and whether a pass runs. Times are UTC."""

    version: StoreVersion
    users_version: int
    """The version of the newest change to a calendar user; 0 while there is none."""
    users_listed_at: datetime | None
    """Start of the newest complete users list."""
    as_of: datetime | None
    """Start of the last complete pass; None before there is one."""
    first_complete_at: datetime | None
    """Start of the first complete pass."""
    latest: Pass | None
    """The pass that runs, or ran last."""
    at_work: bool
    """Whether `latest` runs and whoever runs it lives: its lease is in force."""
    asked: bool
    """Whether a request for a pass waits."""


def freshness_of(connection: Connection, now: datetime) -> Freshness:
    """How fresh the store is at `now`. Ask this first, then for rows, in one transaction."""
    latest = passes.latest(connection)
    runs = latest is not None and latest.state is PassState.RUNNING
    return Freshness(
        version=current(connection),
        users_version=connection.scalar(_users_version) or 0,
        users_listed_at=connection.scalar(_listed_at),
        as_of=passes.as_of(connection),
        first_complete_at=passes.first_complete(connection),
        latest=latest,
        at_work=runs and leases.is_taken(connection, SYNC_LEASE, now),
        asked=bool(passes.asked(connection)),
    )


@dataclass(frozen=True, slots=True)
class UsersFreshness:
    """What moves whenever the users list was read whole, or what is kept of a user changed."""

    version: int
    listed_at: datetime | None


def freshness_of_users(connection: Connection) -> UsersFreshness:
    """How new the users are."""
    return UsersFreshness(connection.scalar(_users_version) or 0, connection.scalar(_listed_at))


_users_version = select(func.max(calendar_user.c.ver))
_listed_at = select(version.c.users_listed_at)
