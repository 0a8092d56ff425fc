"""How what was done ended, as chips say it. Pure."""

from enum import StrEnum

from lib.queries.audit_log import AuditEntry
from lib.store.batches import Batch, BatchState, ItemState
from lib.store.events import Event, EventKind
from lib.store.observations import Observation
from lib.store.outbox import Write, WriteState


class Ending(StrEnum):
    """How it ended, as its chip says it."""

    APPLIED = "✓ Applied"
    UNDER_WAY = "… Under way"
    SEEN = "• Seen"
    NOT_APPLIED = "✗ Not applied"
    TAKEN_BACK = "↩ Taken back"
    UNKNOWN = "? Unknown"
    DONE = "✓ Done"
    IN_PART = "◐ In part"
    REFUSED = "✗ Refused"
    STOPPED = "! Stopped"


ENDING_CHIPS = (*list(Ending)[:8], "(9)", Ending.REFUSED, "(11)", "(12)", "(13)", "(14)", "(15)", Ending.STOPPED)
"""In the order of the outcome colours: green, blue, grey, orange, violet, grey."""
_OF_STATE = {
    WriteState.OPEN: Ending.UNDER_WAY,
    WriteState.APPLIED: Ending.APPLIED,
    WriteState.NOT_APPLIED: Ending.NOT_APPLIED,
    WriteState.UNKNOWN: Ending.UNKNOWN,
}


def ending_of(entry: AuditEntry) -> Ending:
    """How it ended."""
    match entry.detail:
        case Write() as change:
            return Ending.TAKEN_BACK if change.undone else _OF_STATE[change.state]
        case Batch() as batch:
            return _ending_of_many(batch)
        case Observation():
            return Ending.SEEN
        case Event(kind=EventKind.SIGN_IN_REFUSED | EventKind.SIGN_IN_LOCKED | EventKind.EXPORT_REFUSED):
            return Ending.REFUSED
        case Event(kind=EventKind.REFRESH_ENDED, details={"outcome": outcome}) if outcome != "accepted":
            return Ending.NOT_APPLIED
        case _:
            return Ending.DONE


def _ending_of_many(batch: Batch) -> Ending:
    if batch.state is BatchState.STOPPED:
        return Ending.STOPPED
    if batch.state is not BatchState.DONE:
        return Ending.UNDER_WAY
    missed = sum(batch.counts.get(state, 0) for state in (ItemState.NOT_APPLIED, ItemState.UNKNOWN, ItemState.WAITING))
    if not missed:
        return Ending.APPLIED
    return Ending.IN_PART if batch.counts.get(ItemState.APPLIED) else Ending.NOT_APPLIED
