"""How far Recall decided as our rule had estimated, measured after each save of preferences."""

from collections.abc import Collection
from datetime import datetime, timedelta

from lib.clock import Clock, utc_now
from lib.recording.forecast import AHEAD_DAYS, forecast_agreement
from lib.store import Store, Transaction, agreements, entries, users
from lib.store.agreements import Agreement, Unmeasured
from lib.store.users import UserRow
from lib.writes.intent import preferences_of

LOOKED_BACK = timedelta(days=2)
"""A save that no read followed for so long is not measured any more: other meetings are ahead by now."""
SETTLES_WITHIN = timedelta(minutes=15)
"""Until then a save is measured again: how long Recall takes to decide anew is not documented (contract 7, 10)."""


def measure(store: Store, *, clock: Clock = utc_now, user_ids: Collection[str] | None = None) -> int:
    """Measure the saves, of these users or of all, that have no final figure yet; returns how many were measured.

    A save is measured once its user was read after it, with preferences that are still those that were saved.
    """
    now = clock()
    with store.read() as connection:
        waiting = agreements.unmeasured(
            connection, since=now - LOOKED_BACK, settled_since=now - SETTLES_WITHIN, user_ids=user_ids
        )
        found = [(save, seen) for save in waiting if (seen := _seen(connection, save))]
    if found:
        with store.write() as connection:
            for save, (agreed, read_at) in found:
                agreements.keep(connection, save.seq, agreed, at=read_at)
    return len(found)


def _seen(connection: Transaction, save: Unmeasured) -> tuple[Agreement, datetime] | None:
    row = users.find(connection, save.user_id)
    if row is None or row.vanished_at or row.read_at is None or row.read_at <= save.closed_at:
        return None
    if row.user.preferences != preferences_of(save.after):
        return None
    return _compared(connection, row, row.read_at), row.read_at


def _compared(connection: Transaction, row: UserRow, read_at: datetime) -> Agreement:
    until = read_at + timedelta(days=AHEAD_DAYS)
    kept = entries.of_user(connection, row.user.id, after=read_at, before=until)
    there = [stored.entry for stored in kept if stored.removed_at is None]
    return Agreement(*forecast_agreement(there, row.user, read_at, until))
