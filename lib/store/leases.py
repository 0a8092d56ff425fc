"""Leases: of all processes and threads one at a time does what a lease is for. It ends by itself when its holder dies.

`held` is the one way to have one. Its user names it, says for how long it lasts and what error says that it is taken.
"""

import logging
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import Connection, delete, insert, select, update

from lib.clock import Clock
from lib.errors import DeskError, StoreError
from lib.store.rows import from_row
from lib.store.store import Store
from lib.store.tables.workspace import lease

LOOKS_EVERY_SECONDS = 0.1
"""How often somebody who waits for a lease looks whether it is free."""
ENDED = "another process, which has ended since"
_NAME = re.compile(r"process (\d+) on (.+), ([0-9a-f]+)")

log = logging.getLogger(__name__)


def new_holder() -> str:
    """What this process calls itself: number, machine, and a word that no other process has, nor another call."""
    return f"process {os.getpid()} on {socket.gethostname()}, {token_hex(4)}"


def shown(holder: str) -> str:
    """A holder's name for people."""
    known = _NAME.fullmatch(holder)
    return f"process {known[1]} on {known[2]}" if known else holder


def is_dead(holder: str) -> bool:
    """Whether it was a process of this machine, and there is none of its number any more."""
    known = _NAME.fullmatch(holder)
    if known is None or known[2] != socket.gethostname():
        return False
    try:
        os.kill(int(known[1]), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease as it was taken. `holder` is whatever the process that took it calls itself; times are UTC."""

    name: str
    holder: str
    taken_at: datetime
    renewed_at: datetime
    expires_at: datetime

    def is_in_force(self, now: datetime) -> bool:
        """Whether it was renewed within its time and its holder lives, as far as anybody here can tell.

        One that was renewed further ahead than it lasts comes from a clock that was put back since, and is free.
        """
        lasts = self.expires_at - self.renewed_at
        return self.renewed_at - lasts <= now < self.expires_at and not is_dead(self.holder)


@dataclass(frozen=True, slots=True)
class HeldLease:
    """A lease that somebody here has. `lost` is set once it is known that another took it."""

    store: Store
    name: str
    holder: str
    ttl: timedelta
    clock: Clock
    taken: Callable[[str], DeskError]
    """The error that says that another has the lease, by its holder's name for people."""
    lost: threading.Event = field(default_factory=threading.Event)

    def is_held(self, connection: Connection) -> bool:
        """Whether nobody has taken the lease since: asked first in a transaction, it is held until its end."""
        found = find(connection, self.name)
        if found is None or found.holder != self.holder:
            self.lost.set()
        return not self.lost.is_set()

    def require(self, connection: Connection) -> None:
        """Raise the error unless the lease is still held, as in `is_held`."""
        if not self.is_held(connection):
            found = find(connection, self.name)
            raise self.taken(shown(found.holder) if found else ENDED)

    def renew(self, connection: Connection) -> None:
        """Keep the lease for as long again. Raises the error where another has it meanwhile, or nobody."""
        self.require(connection)
        mine = update(lease).where(lease.c.name == self.name)
        now = self.clock()
        connection.execute(mine.values(renewed_at=now, expires_at=now + self.ttl))


@contextmanager
def held(
    store: Store,
    name: str,
    *,
    ttl: timedelta,
    taken: Callable[[str], DeskError],
    clock: Clock,
    holder: str | None = None,
    waits: float = 0,
    renews_every: float | None = None,
) -> Iterator[HeldLease]:
    """Hold the lease for the block, and wait for it for up to `waits` seconds before. Raises what `taken` makes.

    With `renews_every` a thread renews it so often, in seconds; without, `HeldLease.renew` does within `ttl`.
    """
    mine = HeldLease(store, name, holder or new_holder(), ttl, clock, taken)
    _wait_for(mine, waits)
    over = threading.Event()
    renewing = threading.Thread(target=_renew_on, args=(mine, renews_every, over), name=name, daemon=True)
    if renews_every is not None:
        renewing.start()
    try:
        yield mine
    finally:
        over.set()
        if renews_every is not None:
            renewing.join()
        with suppress(StoreError), store.write() as connection:  # otherwise it ends by itself
            give_back(connection, name, mine.holder)


def _wait_for(mine: HeldLease, waits: float) -> None:
    gives_up_at = time.monotonic() + waits
    while (found := _taken(mine)).holder != mine.holder:
        if time.monotonic() >= gives_up_at:
            raise mine.taken(shown(found.holder))
        time.sleep(LOOKS_EVERY_SECONDS)


def _taken(mine: HeldLease) -> Lease:
    with mine.store.write() as connection:
        return take(connection, mine.name, mine.holder, ttl=mine.ttl, now=mine.clock())


def _renew_on(mine: HeldLease, every: float, over: threading.Event) -> None:
    while not mine.lost.is_set() and not over.wait(every):
        try:
            with mine.store.write() as connection:
                mine.renew(connection)
        except StoreError as problem:  # a lease lasts for several of these
            log.warning("The lease could not be renewed: %s", problem)
        except DeskError:
            return  # its user finds out by `lost`, or at its next write


def take(connection: Connection, name: str, holder: str, *, ttl: timedelta, now: datetime) -> Lease:
    """Take the lease, or renew it where `holder` has it. Answers the lease in force: look whose it is."""
    found = find(connection, name)
    if found and found.holder != holder and found.is_in_force(now):
        return found
    taken_at = found.taken_at if found and found.holder == holder else now
    connection.execute(delete(lease).where(lease.c.name == name))
    mine = Lease(name, holder, taken_at, now, now + ttl)
    connection.execute(insert(lease).values(asdict(mine)))
    return mine


def is_taken(connection: Connection, name: str, now: datetime) -> bool:
    """Whether a process that seems to live has the lease."""
    found = find(connection, name)
    return found is not None and found.is_in_force(now)


def give_back(connection: Connection, name: str, holder: str) -> None:
    """Give the lease up for `holder`. One that another has is left alone."""
    connection.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))


def find(connection: Connection, name: str) -> Lease | None:
    """The lease, expired or not; None when nobody has it."""
    row = connection.execute(select(lease).where(lease.c.name == name)).one_or_none()
    return from_row(Lease, row) if row else None
