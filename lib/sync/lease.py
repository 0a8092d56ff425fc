"""The sync's lease: of all processes one at a time works, it is named, and its place is free when it dies."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from lib.clock import Clock
from lib.errors import StoreError, SyncBusy
from lib.store import Store, Transaction, leases
from lib.store.freshness import SYNC_LEASE
from lib.store.lease_holder import is_dead, new_holder, shown

__all__ = ["held", "is_taken", "new_holder", "require", "shown"]

LASTS = timedelta(seconds=45)
RENEWED_EVERY_SECONDS = 10.0

log = logging.getLogger(__name__)


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
    return found is not None and now < found.expires_at <= now + 2 * LASTS and not is_dead(found.holder)


def require(connection: Transaction, holder: str) -> None:
    """Raise `SyncBusy` unless `holder` has the lease: first in a transaction, it holds until its end."""
    if not leases.holds(connection, SYNC_LEASE, holder):
        found = leases.find(connection, SYNC_LEASE)
        raise SyncBusy(shown(found.holder) if found else "another process, which has ended since")


def _take(store: Store, holder: str, clock: Clock) -> None:
    with store.write() as connection:
        found = leases.find(connection, SYNC_LEASE)
        if found and is_dead(found.holder):
            leases.give_back(connection, SYNC_LEASE, found.holder)
        lease = leases.take(connection, SYNC_LEASE, holder, ttl=LASTS, now=clock())
    if lease.holder != holder:
        raise SyncBusy(shown(lease.holder))


def _renew(store: Store, holder: str, clock: Clock, over: threading.Event) -> None:
    while not over.wait(RENEWED_EVERY_SECONDS):
        try:
            with store.write() as connection:
                if not leases.renew(connection, SYNC_LEASE, holder, ttl=LASTS, now=clock()):
                    return  # the next write of the pass finds out, too
        except StoreError as problem:
            log.warning("The lease could not be renewed: %s", problem)
