"""Changes that nobody closed, because a process died or Recall did not answer: reading settles how they ended."""

import logging
import random
from dataclasses import dataclass

from lib.errors import CalendarUserWithoutId, ChangeUnderWay, RecallError, RecallNotFound, UnknownCalendarUser
from lib.store import outbox, users
from lib.store.outbox import Write, WriteKind, WriteState
from lib.writes.context import WriteContext
from lib.writes.current import look
from lib.writes.intent import Intent
from lib.writes.outcome import GONE, NEVER_SENT, close_by
from lib.writes.user_lease import turn

AT_MOST = 50
"""How many changes are looked at: a call or two for each."""
IN_VAIN = 3
"""After so many that Recall did not answer for, the rest is left for later."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SettlementCounts:
    """How many changes were closed, and how many are still open."""

    closed: int
    left: int


def settle(context: WriteContext) -> SettlementCounts:
    """Close what is open and whose writer is not at it any more, by asking Recall what it has.

    What was never sent is not asked for. What Recall does not answer for stays open. Raises `StoreError`.
    """
    with context.store.read() as connection:
        waiting = outbox.open_ones(connection)
    closed = in_vain = 0
    # At random: some that cannot be looked up would otherwise stand before the others for ever.
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


def _settle(context: WriteContext, change: Write) -> bool:
    """Answers whether it was this call that closed it."""
    with turn(context, change.user_id, waits=0):
        now = _as_it_is(context, change.seq)  # its writer may have gone on until the turn was free
        if now.sent_at is None:
            return _close(context, now, WriteState.NOT_APPLIED, NEVER_SENT)
        intent = _order(context, now)
        try:
            seen = look(context, intent) if intent else None
        except (RecallNotFound, UnknownCalendarUser, CalendarUserWithoutId):
            seen = None
        if intent is None or seen is None:
            return _close(context, now, WriteState.UNKNOWN, GONE)
        with context.store.write() as connection:
            return close_by(connection, now.seq, intent, seen.value, now=context.now())


def _as_it_is(context: WriteContext, seq: int) -> Write:
    with context.store.read() as connection:
        found = outbox.find(connection, seq)
    if found is None:
        raise LookupError(f"change {seq} is not in the record, though nothing deletes it")
    return found


def _order(context: WriteContext, change: Write) -> Intent | None:
    """What was sent; None where nobody can ask for it any more."""
    with context.store.read() as connection:
        row = users.find(connection, change.user_id)
    if row is None or change.before is None or change.after is None:
        return None
    if row.vanished_at is not None and change.kind is not WriteKind.DELETE_USER:
        return None
    return Intent(change.kind, row.user, change.before, change.after, entry_id=change.entry_id)


def _close(context: WriteContext, change: Write, state: WriteState, note: str) -> bool:
    with context.store.write() as connection:
        return outbox.close(connection, change.seq, state, now=context.now(), note=note)
