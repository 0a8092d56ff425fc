"""Turns: of all processes and threads one at a time changes something of a calendar user."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from lib.errors import ChangeUnderWay, StoreError
from lib.store import Transaction, leases
from lib.store.lease_holder import is_dead, new_holder
from lib.writes.context import WriteContext

LASTS = timedelta(minutes=3)
"""Longer than the calls of one change take. The turn of a process that died on this machine ends with it."""
WAITS_SECONDS = 20.0
LOOKS_EVERY_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that somebody has."""

    context: WriteContext
    name: str
    holder: str

    def keep(self, connection: Transaction) -> None:
        """Raise `ChangeUnderWay` when it was lost; else it holds until the end of this transaction, and goes on."""
        if not leases.renew(connection, self.name, self.holder, ttl=LASTS, now=self.context.now()):
            raise ChangeUnderWay


@contextmanager
def turn(context: WriteContext, user_id: str, *, waits: float = WAITS_SECONDS) -> Iterator[Turn]:
    """Wait for one's turn with this user, and have it for the block. Raises `ChangeUnderWay` after so many seconds."""
    mine = Turn(context, f"change:{user_id}", new_holder())
    gives_up_at = time.monotonic() + waits
    while not _taken(mine):
        if time.monotonic() >= gives_up_at:
            raise ChangeUnderWay
        time.sleep(LOOKS_EVERY_SECONDS)
    try:
        yield mine
    finally:
        with suppress(StoreError), context.store.write() as connection:  # otherwise it ends by itself
            leases.give_back(connection, mine.name, mine.holder)


def _taken(mine: Turn) -> bool:
    with mine.context.store.write() as connection:
        found = leases.find(connection, mine.name)
        if found and is_dead(found.holder):
            leases.give_back(connection, mine.name, found.holder)
        lease = leases.take(connection, mine.name, mine.holder, ttl=LASTS, now=mine.context.now())
    return lease.holder == mine.holder
