"""Leases: of all processes, one at a time does what a lease is for. It ends by itself when its holder dies."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from lib.store.tables import lease


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease in force. `holder` is whatever the process that took it calls itself; times are UTC."""

    name: str
    holder: str
    taken_at: datetime
    renewed_at: datetime
    expires_at: datetime


def take(connection: Connection, name: str, holder: str, *, ttl: timedelta, now: datetime) -> Lease:
    """Take the lease, or renew it where `holder` has it. Answers the lease in force: look whose it is.

    It is free when nobody has it or when it was not renewed for its time. A lease that ends further ahead than a new
    one would, twice over, comes from a clock that was put back since, and is free too.
    """
    found = find(connection, name)
    if found and found.holder != holder and now < found.expires_at <= now + 2 * ttl:
        return found
    taken_at = found.taken_at if found and found.holder == holder else now
    connection.execute(delete(lease).where(lease.c.name == name))
    mine = Lease(name, holder, taken_at, now, now + ttl)
    connection.execute(insert(lease).values({column: getattr(mine, column) for column in Lease.__slots__}))
    return mine


def renew(connection: Connection, name: str, holder: str, *, ttl: timedelta, now: datetime) -> bool:
    """Keep the lease for as long again. False: another has it meanwhile, or nobody, so stop working at once."""
    mine = update(lease).where(lease.c.name == name, lease.c.holder == holder)
    return connection.execute(mine.values(renewed_at=now, expires_at=now + ttl)).rowcount == 1


def holds(connection: Connection, name: str, holder: str) -> bool:
    """Whether nobody has taken the lease from `holder`: asked first in a transaction, it holds until its end."""
    found = find(connection, name)
    return found is not None and found.holder == holder


def give_back(connection: Connection, name: str, holder: str) -> None:
    """`holder` is done, or known to be dead. A lease that another has is left alone."""
    connection.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))


def find(connection: Connection, name: str) -> Lease | None:
    """The lease, expired or not; None when nobody has it."""
    row = connection.execute(select(lease).where(lease.c.name == name)).one_or_none()
    return Lease(**row._mapping) if row else None
