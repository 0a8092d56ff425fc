"""How a change ended, told by what Recall has: what was sent, what was there before, or something else."""

from collections.abc import Iterable
from datetime import datetime

from lib.store import Transaction, outbox
from lib.store.outbox import Value, Write, WriteState
from lib.writes.intent import Intent

NEVER_SENT = "It ended before it was sent."
SOMETHING_ELSE = "Recall has neither what was there before nor what was sent."
GONE = "The user or the meeting is gone, so nobody can tell."


def close_by(connection: Transaction, seq: int, intent: Intent | Write, present: Value, *, now: datetime) -> bool:
    """Close the change `seq`, which was sent for `intent`, by what Recall has. False: it was closed before."""
    if present == intent.after:
        return outbox.close(connection, seq, WriteState.APPLIED, now=now)
    if present == intent.before:
        return outbox.close(connection, seq, WriteState.NOT_APPLIED, now=now)
    return outbox.close(connection, seq, WriteState.UNKNOWN, now=now, note=SOMETHING_ELSE)


def close_those_of(
    connection: Transaction, intent: Intent, left_open: Iterable[Write], present: Value, *, now: datetime
) -> None:
    """Close those of `left_open` that are about the same thing as `intent`, by what Recall has of it."""
    for change in left_open:
        if not _is_same_thing(change, intent):
            continue
        if change.sent_at is None:
            outbox.close(connection, change.seq, WriteState.NOT_APPLIED, now=now, note=NEVER_SENT)
        else:
            close_by(connection, change.seq, change, present, now=now)


def done_before(connection: Transaction, intent: Intent) -> int | None:
    """The last change in the record of the same thing, if it made it so; else somebody did it elsewhere."""
    before = outbox.of_target(connection, intent.kind, intent.user.id, intent.entry_id)
    last = next((one for one in before if one.state is WriteState.APPLIED and _is_same_thing(one, intent)), None)
    return last.seq if last and last.after == intent.after else None


def _is_same_thing(change: Write, intent: Intent) -> bool:
    """Of the same user: of one kind, the same entry, and where there are several, the same platform."""
    same_platform = change.after is not None and change.after.get("platform") == intent.after.get("platform")
    return (change.kind, change.entry_id) == (intent.kind, intent.entry_id) and same_platform
