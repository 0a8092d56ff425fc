"""The outcome of an entry of the audit log, as its chip says it. Pure."""

from enum import StrEnum

from lib.queries.audit_log import AuditEntry
from lib.store.batches import Batch, BatchState, ItemState
from lib.store.events import Event, EventKind
from lib.store.observations import Observation
from lib.store.outbox import Write, WriteState


class EntryOutcome(StrEnum):
    """How a change or an event ended; the value is its chip."""

    APPLIED = "✓ Applied"
    UNDER_WAY = "… Under way"
    SEEN = "• Seen"
    NOT_APPLIED = "✗ Not applied"
    UNDONE = "↩ Undone"
    UNKNOWN = "? Unknown"
    DONE = "✓ Done"
    IN_PART = "◐ In part"
    REFUSED = "✗ Refused"
    STOPPED = "! Stopped"


OUTCOME_CHIPS = (
    *list(EntryOutcome)[:8],
    "(9)",
    EntryOutcome.REFUSED,
    "(11)",
    "(12)",
    "(13)",
    "(14)",
    "(15)",
    EntryOutcome.STOPPED,
)
"""In the order of the outcome colours: green, blue, grey, orange, violet, grey."""
_OF_STATE = {
    WriteState.OPEN: EntryOutcome.UNDER_WAY,
    WriteState.APPLIED: EntryOutcome.APPLIED,
    WriteState.NOT_APPLIED: EntryOutcome.NOT_APPLIED,
    WriteState.UNKNOWN: EntryOutcome.UNKNOWN,
}


def outcome_of(entry: AuditEntry) -> EntryOutcome:
    """How it ended."""
    match entry.detail:
        case Write() as change:
            return EntryOutcome.UNDONE if change.undone else _OF_STATE[change.state]
        case Batch() as batch:
            return _outcome_of_batch(batch)
        case Observation():
            return EntryOutcome.SEEN
        case Event(kind=EventKind.SIGN_IN_REFUSED | EventKind.SIGN_IN_LOCKED | EventKind.EXPORT_REFUSED):
            return EntryOutcome.REFUSED
        case Event(kind=EventKind.REFRESH_ENDED, details={"outcome": outcome}) if outcome != "accepted":
            return EntryOutcome.NOT_APPLIED
        case _:
            return EntryOutcome.DONE


def _outcome_of_batch(batch: Batch) -> EntryOutcome:
    if batch.state is BatchState.STOPPED:
        return EntryOutcome.STOPPED
    if batch.state is not BatchState.DONE:
        return EntryOutcome.UNDER_WAY
    missed = sum(batch.counts.get(state, 0) for state in (ItemState.NOT_APPLIED, ItemState.UNKNOWN, ItemState.WAITING))
    if not missed:
        return EntryOutcome.APPLIED
    return EntryOutcome.IN_PART if batch.counts.get(ItemState.APPLIED) else EntryOutcome.NOT_APPLIED
