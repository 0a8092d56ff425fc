"""How writes end, by what Recall has; also those left open because a process died or Recall did not answer."""

import logging
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lib.errors import CalendarUserWithoutId, ChangeUnderWay, RecallError, RecallNotFound, UnknownCalendarUser
from lib.store import Transaction, outbox, users
from lib.store.outbox import Value, Write, WriteKind, WriteState
from lib.writes.context import WriteContext
from lib.writes.current import current_state
from lib.writes.intent import Intent

AT_MOST = 50
"""How many open writes one settlement looks up, by a call or two for each."""
IN_VAIN = 3
"""After so many that Recall did not answer for, the rest is left for later."""
NEVER_SENT = "It ended before it was sent."
SOMETHING_ELSE = "Recall has neither what was there before nor what was sent."
GONE = "The user or the meeting is gone, so nobody can tell."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SettlementCounts:
    """How many writes were closed, and how many are still open."""

    closed: int
    left: int


def settle(context: WriteContext) -> SettlementCounts:
    """Close open writes that nobody works at any more, by asking Recall what it has.

    What was never sent is not asked for. What Recall does not answer for stays open. Raises `StoreError`.
    """
    with context.store.read() as connection:
        waiting = outbox.open_ones(connection)
    closed = in_vain = 0
    # In random order, because some that cannot be looked up would otherwise keep the others waiting for ever.
    for change in random.sample(waiting, min(AT_MOST, len(waiting))):
        try:
            closed += _settle(context, change)
        except ChangeUnderWay:
            continue
        except RecallError as problem:
            log.warning("change %d stays open: %s", change.seq, problem)
            in_vain += 1
        if in_vain >= IN_VAIN:
            break
    return SettlementCounts(closed, len(waiting) - closed)


def state_of(intent: Intent | Write, present: Value) -> WriteState:
    """What became of a write that was sent, when Recall now has `present`."""
    if present == intent.after:
        return WriteState.APPLIED
    return WriteState.NOT_APPLIED if present == intent.before else WriteState.UNKNOWN


def close_by(connection: Transaction, seq: int, intent: Intent | Write, present: Value, *, now: datetime) -> bool:
    """Close the write `seq`, which was sent for `intent`, by what Recall has. Returns False if it was closed before."""
    state = state_of(intent, present)
    note = SOMETHING_ELSE if state is WriteState.UNKNOWN else None
    return outbox.close(connection, seq, state, now=now, note=note)


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


def made_so_by(connection: Transaction, intent: Intent) -> int | None:
    """The number of the last applied write of the same thing if it set what `intent` wants, else None."""
    before = outbox.of_target(connection, intent.kind, intent.user.id, intent.entry_id)
    last = next((one for one in before if one.state is WriteState.APPLIED and _is_same_thing(one, intent)), None)
    return last.seq if last and last.after == intent.after else None


def _is_same_thing(change: Write, intent: Intent) -> bool:
    """Whether both, of the same user, are of one kind, about the same entry and the same calendar platform."""
    same_platform = change.after is not None and change.after.get("platform") == intent.after.get("platform")
    return (change.kind, change.entry_id) == (intent.kind, intent.entry_id) and same_platform


def _settle(context: WriteContext, change: Write) -> bool:
    """Returns whether this call closed the write."""
    with context.user_lease(change.user_id, waits=0):
        with context.store.read() as connection:  # its writer may have gone on until the lease was free
            now = outbox.find(connection, change.seq) or change
            intent = _sent_intent(connection, now)
        if now.sent_at is None:
            return _close(context, now, WriteState.NOT_APPLIED, NEVER_SENT)
        try:
            current = current_state(context, intent) if intent else None
        except (RecallNotFound, UnknownCalendarUser, CalendarUserWithoutId):
            current = None
        if intent is None or current is None:
            return _close(context, now, WriteState.UNKNOWN, GONE)
        with context.store.write() as connection:
            return close_by(connection, now.seq, intent, current.value, now=context.now())


def _sent_intent(connection: Transaction, change: Write) -> Intent | None:
    """What was sent; None where nobody can ask Recall about it any more."""
    row = users.find(connection, change.user_id)
    if row is None or change.before is None or change.after is None:
        return None
    if row.vanished_at is not None and change.kind is not WriteKind.DELETE_USER:
        return None
    return Intent(change.kind, row.user, change.before, change.after, entry_id=change.entry_id)


def _close(context: WriteContext, change: Write, state: WriteState, note: str) -> bool:
    with context.store.write() as connection:
        return outbox.close(connection, change.seq, state, now=context.now(), note=note)
