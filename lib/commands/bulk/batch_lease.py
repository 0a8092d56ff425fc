"""The lease of a batch: of all processes one at a time works at it, and one that died is known by its lease."""

from contextlib import AbstractContextManager
from datetime import timedelta

from lib.errors import InvalidChange
from lib.store import Transaction, leases
from lib.store.batches import Batch, BatchState
from lib.store.leases import HeldLease
from lib.writes import WriteContext

LASTS = timedelta(seconds=45)
RENEWED_EVERY_SECONDS = 10.0


def held(context: WriteContext, key: int) -> AbstractContextManager[HeldLease]:
    """Hold the batch for the block. Raises `InvalidChange` when another process works at it."""
    return leases.held(
        context.store,
        _name(key),
        ttl=LASTS,
        taken=lambda _: InvalidChange(f"Change {key} of many users is at work already. Look at how far it has come."),
        clock=context.now,
        renews_every=RENEWED_EVERY_SECONDS,
    )


def is_worked_at(connection: Transaction, batch: Batch, context: WriteContext) -> bool:
    """Whether a process that seems to live holds the batch."""
    return leases.is_taken(connection, _name(batch.key), context.now())


def state_now(connection: Transaction, batch: Batch, context: WriteContext) -> BatchState:
    """How far the batch has come: one that runs by the record alone was stopped by the death of its process."""
    if batch.state is BatchState.RUNNING and not is_worked_at(connection, batch, context):
        return BatchState.STOPPED
    return batch.state


def _name(key: int) -> str:
    return f"batch:{key}"
