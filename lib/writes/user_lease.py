"""The lease of a calendar user: of all processes and threads one at a time changes something of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from lib.errors import ChangeUnderWay
from lib.store import Transaction
from lib.store.leases import HeldLease, held
from lib.writes.context import WriteContext

LASTS = timedelta(minutes=3)
"""Longer than the calls of one change take."""
WAITS_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that somebody has."""

    context: WriteContext
    lease: HeldLease

    def keep(self, connection: Transaction) -> None:
        """Raise `ChangeUnderWay` when it was lost; otherwise it lasts as long again, from this transaction on."""
        self.lease.renew(connection)


@contextmanager
def turn(context: WriteContext, user_id: str, *, waits: float = WAITS_SECONDS) -> Iterator[Turn]:
    """Wait for one's turn with this user, and have it for the block. Raises `ChangeUnderWay` after so many seconds."""
    name, clock = f"change:{user_id}", context.now
    with held(context.store, name, ttl=LASTS, taken=lambda _: ChangeUnderWay(), clock=clock, waits=waits) as lease:
        yield Turn(context, lease)
