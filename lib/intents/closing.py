"""How a change ended, told by what Recall has: what was sent, what was there before, or something else."""

from datetime import datetime

from lib.intents.order import Order
from lib.store import Transaction, changes
from lib.store.changes import Change, State, Value

NEVER_SENT = "It ended before it was sent."
SOMETHING_ELSE = "Recall has neither what was there before nor what was sent."
GONE = "The user or the meeting is gone, so nobody can tell."


def close_by(connection: Transaction, seq: int, order: Order | Change, present: Value, *, now: datetime) -> bool:
    """Close the change `seq`, which was sent for `order`, by what Recall has. False: it was closed before."""
    if present == order.after:
        return changes.close(connection, seq, State.APPLIED, now=now)
    if present == order.before:
        return changes.close(connection, seq, State.NOT_APPLIED, now=now)
    return changes.close(connection, seq, State.UNKNOWN, now=now, note=SOMETHING_ELSE)


def close_open_ones(connection: Transaction, order: Order, present: Value, *, now: datetime) -> None:
    """Close what others left open of the same thing: who has the turn knows that nobody is at it any more."""
    for change in changes.of_target(connection, order.kind, order.user.id, order.entry_id):
        if change.state is State.OPEN and _is_the_same(change, present):
            if change.sent_at is None:
                changes.close(connection, change.seq, State.NOT_APPLIED, now=now, note=NEVER_SENT)
            else:
                close_by(connection, change.seq, change, present, now=now)


def done_before(connection: Transaction, order: Order) -> int | None:
    """The last change in the record that made it so, if one did."""
    for change in changes.of_target(connection, order.kind, order.user.id, order.entry_id):
        if change.state is State.APPLIED and change.after == order.after:
            return change.seq
    return None


def _is_the_same(change: Change, present: Value) -> bool:
    """Of disconnecting: whether it is about the same platform."""
    return change.after is not None and change.after.get("platform") == present.get("platform")
