"""What became of each user of a batch, told by the results of the changes and by the record of them."""

from lib.store import Transaction, batches, outbox
from lib.store.batches import BatchItem, ItemState
from lib.store.outbox import Write, WriteState
from lib.writes import WriteContext, WriteOutcome, WriteResult

ALREADY = "It was so already; nobody here did it with this change."

_BY_STATE = {
    WriteState.APPLIED: ItemState.APPLIED,
    WriteState.NOT_APPLIED: ItemState.NOT_APPLIED,
    WriteState.OPEN: ItemState.UNKNOWN,
    WriteState.UNKNOWN: ItemState.UNKNOWN,
}
_BY_RESULT = {
    WriteOutcome.APPLIED: ItemState.APPLIED,
    WriteOutcome.NOT_APPLIED: ItemState.NOT_APPLIED,
    WriteOutcome.UNKNOWN: ItemState.UNKNOWN,
}
NOT_KNOWN_YET = "Sent, and its answer was lost. It is looked up with the next sync; do not repeat it."


def note_result(context: WriteContext, key: int, user_id: str, result: WriteResult) -> ItemState:
    """Write down how the change of one user ended."""
    with context.store.write() as connection:
        state, problem = _ended(connection, key, result)
        batches.set_item(connection, key, user_id, state, change=result.seq, problem=problem)
    return state


def note_problem(context: WriteContext, key: int, user_id: str, sentence: str) -> None:
    """Write down why nothing was done for one user."""
    with context.store.write() as connection:
        batches.set_item(connection, key, user_id, ItemState.NOT_APPLIED, problem=sentence)


def reconcile(connection: Transaction, key: int) -> int:
    """Take over from the record what a process that died could not write down, or what was settled since.

    Answers for how many users. One who waits, and to whom a change was not applied, waits on.
    """
    last = {change.user_id: change for change in outbox.of_batch(connection, key)}
    moved = 0
    for item in batches.items(connection, key):
        change = last.get(item.user_id)
        if change is None or item.state not in (ItemState.WAITING, ItemState.UNKNOWN):
            continue
        state = _by_record(item, change)
        if (state, change.seq) != (item.state, item.change):
            batches.set_item(connection, key, item.user_id, state, change=change.seq, problem=_why(state, change))
            moved += 1
    return moved


def _by_record(item: BatchItem, change: Write) -> ItemState:
    if item.state is ItemState.WAITING and (change.state is WriteState.NOT_APPLIED or change.sent_at is None):
        return ItemState.WAITING
    return _BY_STATE[change.state]


def _why(state: ItemState, change: Write) -> str | None:
    if state in (ItemState.APPLIED, ItemState.WAITING):
        return None
    return change.note or (
        NOT_KNOWN_YET if change.state is WriteState.OPEN else "Recall still has what was there before."
    )


def _ended(connection: Transaction, key: int, result: WriteResult) -> tuple[ItemState, str | None]:
    if result.already and not _is_ours(connection, key, result.seq):
        return ItemState.LEFT_OUT, ALREADY
    state = ItemState.NOT_APPLIED if result.problem else _BY_RESULT[result.applied]
    return state, None if state is ItemState.APPLIED else result.sentence


def _is_ours(connection: Transaction, key: int, seq: int | None) -> bool:
    change = outbox.find(connection, seq) if seq is not None else None
    return change is not None and change.batch == key
