"""Of all processes one at a time works at a batch. Who died is known by the lease that nobody renews."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

from lib.errors import InvalidChange, StoreError
from lib.store import Transaction, leases
from lib.store.batches import Batch, BatchState
from lib.store.lease_holder import is_dead, new_holder
from lib.writes import WriteContext

LASTS = timedelta(seconds=45)
RENEWED_EVERY_SECONDS = 10.0


@dataclass(slots=True)
class Hold:
    """A batch that this process works at. `lost` is set when another took it."""

    context: WriteContext
    name: str
    holder: str
    lost: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def renew_on(self) -> None:
        """Renew it now and then, until it is over."""
        while not self.over.wait(RENEWED_EVERY_SECONDS):
            with suppress(StoreError), self.context.store.write() as connection:  # a lease lasts for several of these
                now = self.context.now()
                if not leases.renew(connection, self.name, self.holder, ttl=LASTS, now=now):
                    self.lost.set()


@contextmanager
def held(context: WriteContext, key: int) -> Iterator[Hold]:
    """Hold the batch for the block. Raises `InvalidChange` when another process works at it."""
    hold = Hold(context, _name(key), new_holder())
    _take(hold, key)
    renewing = threading.Thread(target=hold.renew_on, name=hold.name, daemon=True)
    renewing.start()
    try:
        yield hold
    finally:
        hold.over.set()
        renewing.join()
        with suppress(StoreError), context.store.write() as connection:  # otherwise it ends by itself
            leases.give_back(connection, hold.name, hold.holder)


def is_worked_at(connection: Transaction, batch: Batch, context: WriteContext) -> bool:
    """Whether a process that seems to live holds the batch."""
    found = leases.find(connection, _name(batch.key))
    return found is not None and context.now() < found.expires_at and not is_dead(found.holder)


def state_now(connection: Transaction, batch: Batch, context: WriteContext) -> BatchState:
    """How far the batch has come: one that runs by the record alone was stopped by the death of its process."""
    if batch.state is BatchState.RUNNING and not is_worked_at(connection, batch, context):
        return BatchState.STOPPED
    return batch.state


def _take(hold: Hold, key: int) -> None:
    with hold.context.store.write() as connection:
        found = leases.find(connection, hold.name)
        if found and is_dead(found.holder):
            leases.give_back(connection, hold.name, found.holder)
        lease = leases.take(connection, hold.name, hold.holder, ttl=LASTS, now=hold.context.now())
    if lease.holder != hold.holder:
        raise InvalidChange(f"Change {key} of many users is at work already. Look at how far it has come.")


def _name(key: int) -> str:
    return f"batch:{key}"
