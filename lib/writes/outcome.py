"""How a change ended, told by what Recall has: what was sent, what was there before, or something else."""

from collections.abc import Iterable
from datetime import datetime

from lib.store import Transaction, outbox
from lib.store.outbox import Change, State, Value
from lib.writes.intent import Order

NEVER_SENT = "It ended before it was sent."
SOMETHING_ELSE = "Recall has neither what was there before nor what was sent."
GONE = "The user or the meeting is gone, so nobody can tell."


def close_by(connection: Transaction, seq: int, order: Order | Change, present: Value, *, now: datetime) -> bool:
    """Close the change `seq`, which was sent for `order`, by what Recall has. False: it was closed before."""
    if present == order.after:
        return outbox.close(connection, seq, State.APPLIED, now=now)
    if present == order.before:
        return outbox.close(connection, seq, State.NOT_APPLIED, now=now)
    return outbox.close(connection, seq, State.UNKNOWN, now=now, note=SOMETHING_ELSE)


def close_those_of(
    connection: Transaction, order: Order, left_open: Iterable[Change], present: Value, *, now: datetime
) -> None:
    """Close those of `left_open` that are about the same thing as `order`, by what Recall has of it."""
    for change in left_open:
        if not _is_same_thing(change, order):
            continue
        if change.sent_at is None:
            outbox.close(connection, change.seq, State.NOT_APPLIED, now=now, note=NEVER_SENT)
        else:
            close_by(connection, change.seq, change, present, now=now)


def done_before(connection: Transaction, order: Order) -> int | None:
    """The last change in the record of the same thing, if it made it so; else somebody did it elsewhere."""
    before = outbox.of_target(connection, order.kind, order.user.id, order.entry_id)
    last = next((one for one in before if one.state is State.APPLIED and _is_same_thing(one, order)), None)
    return last.seq if last and last.after == order.after else None


def _is_same_thing(change: Change, order: Order) -> bool:
    """Of the same user: of one kind, the same entry, and where there are several, the same platform."""
    same_platform = change.after is not None and change.after.get("platform") == order.after.get("platform")
    return (change.kind, change.entry_id) == (order.kind, order.entry_id) and same_platform
