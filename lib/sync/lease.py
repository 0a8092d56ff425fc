"""The sync's lease: of all processes one at a time works, it is named, and its place is free when it dies."""

import logging
import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from secrets import token_hex

from lib.clock import Clock
from lib.errors import StoreError, SyncBusy
from lib.store import Store, Transaction, leases
from lib.store.pulse import SYNC_LEASE

LASTS = timedelta(seconds=45)
RENEWED_EVERY_SECONDS = 10.0

_NAME = re.compile(r"process (\d+) on (.+), ([0-9a-f]+)")

log = logging.getLogger(__name__)


def new_holder() -> str:
    """What this process calls itself: number, machine, and a word that no other process has."""
    return f"process {os.getpid()} on {socket.gethostname()}, {token_hex(4)}"


def shown(holder: str) -> str:
    """A holder's name for people."""
    known = _NAME.fullmatch(holder)
    return f"process {known[1]} on {known[2]}" if known else holder


@contextmanager
def held(store: Store, holder: str, clock: Clock) -> Iterator[None]:
    """Hold the lease, renewed by a thread, until the end of the block. Raises `SyncBusy` when another has it."""
    _take(store, holder, clock)
    over = threading.Event()
    renewing = threading.Thread(target=_renew, args=(store, holder, clock, over), name="lease", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        over.set()
        renewing.join()
        with suppress(StoreError), store.write() as connection:  # otherwise it ends by itself
            leases.give_back(connection, SYNC_LEASE, holder)


def is_taken(connection: Transaction, now: datetime) -> bool:
    """Whether a process that seems to live has the lease."""
    found = leases.find(connection, SYNC_LEASE)
    return found is not None and now < found.expires_at <= now + 2 * LASTS and not _is_dead(found.holder)


def require(connection: Transaction, holder: str) -> None:
    """Raise `SyncBusy` unless `holder` has the lease: first in a transaction, it holds until its end."""
    if not leases.holds(connection, SYNC_LEASE, holder):
        found = leases.find(connection, SYNC_LEASE)
        raise SyncBusy(shown(found.holder) if found else "another process, which has ended since")


def _take(store: Store, holder: str, clock: Clock) -> None:
    with store.write() as connection:
        found = leases.find(connection, SYNC_LEASE)
        if found and _is_dead(found.holder):
            leases.give_back(connection, SYNC_LEASE, found.holder)
        lease = leases.take(connection, SYNC_LEASE, holder, ttl=LASTS, now=clock())
    if lease.holder != holder:
        raise SyncBusy(shown(lease.holder))


def _is_dead(holder: str) -> bool:
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


def _renew(store: Store, holder: str, clock: Clock, over: threading.Event) -> None:
    while not over.wait(RENEWED_EVERY_SECONDS):
        try:
            with store.write() as connection:
                if not leases.renew(connection, SYNC_LEASE, holder, ttl=LASTS, now=clock()):
                    return  # the next write of the pass finds out, too
        except StoreError as problem:
            log.warning("The lease could not be renewed: %s", problem)
