"""Carry out a batch, a few users at a time, each by `carry_out`, and record what became of each."""

import logging
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from lib.commands.bulk.batch_lease import held, is_worked_at
from lib.errors import (
    CalendarUserWithoutId,
    ChangeUnderWay,
    DeskError,
    NotPermitted,
    RecallKeyRefused,
    RecallLimited,
    RecallOutOfCredit,
    RecallUnreachable,
    UnknownCalendarUser,
)
from lib.store import Transaction, batches, outbox, users
from lib.store.batches import Batch, BatchItem, BatchState, ItemState
from lib.store.leases import HeldLease
from lib.store.outbox import Write, WriteState
from lib.writes import Intent, WriteContext, WriteResult, carry_out, settle

AT_ONCE = 6
"""How many users are written at the same time."""
IN_VAIN = 3
"""After so many users in a row for whom Recall did not answer, the rest is left for later."""
LONGEST_WAIT_SECONDS = 120.0
OF_ONE_USER = (UnknownCalendarUser, CalendarUserWithoutId, ChangeUnderWay)
DIED = "The server that worked at it ended in the middle."
SERVER_ENDS = "The server was ended."

ALREADY = "It was so already; nobody here did it with this change."

_ITEM_STATES = {
    WriteState.APPLIED: ItemState.APPLIED,
    WriteState.NOT_APPLIED: ItemState.NOT_APPLIED,
    WriteState.OPEN: ItemState.UNKNOWN,
    WriteState.UNKNOWN: ItemState.UNKNOWN,
}
NOT_KNOWN_YET = "Sent, and its answer was lost. It is looked up with the next sync; do not repeat it."

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _BatchRun:
    """A batch that is being carried out, shared by the threads that work at it."""

    context: WriteContext
    lease: HeldLease
    batch: Batch
    actor: str
    waiting: deque[BatchItem]
    undoes: dict[str, int]
    server_ends: threading.Event
    lock: threading.Lock = field(default_factory=threading.Lock)
    in_vain: int = 0
    sentence: str | None = None
    """Why it stopped early; None while it has not."""

    def end(self, sentence: str) -> None:
        """Begin with no further user, because of `sentence`."""
        with self.lock:
            self.sentence = self.sentence or sentence

    def answered(self, problem: DeskError | None) -> None:
        """Count the users in a row for whom Recall did not answer."""
        with self.lock:
            self.in_vain = self.in_vain + 1 if isinstance(problem, RecallUnreachable) else 0
        if problem is not None and self.in_vain >= IN_VAIN:
            self.end(str(problem))


def run(context: WriteContext, key: int, actor: str, *, server_ends: threading.Event | None = None) -> BatchState:
    """Carry out the batch for the staff member called `actor`, and return how far it came.

    What a process that died left open is settled first. Nothing is sent twice for a user: whoever is done, or whose
    outcome is unknown, is skipped. The right is looked up again for each user. Raises `InvalidChange` when another
    process works at the batch, or `StoreError`.
    """
    with held(context, key) as lease:
        settle(context)
        job = _begin(context, lease, key, actor, server_ends or threading.Event())
        if job is None:
            return BatchState.STOPPED
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix=f"batch-{key}") as pool:
            for done in [pool.submit(_work_on, job) for _ in range(AT_ONCE)]:
                done.result()
        return _end(job)


def stop_abandoned(context: WriteContext) -> int:
    """Mark the batches whose process died as stopped; returns how many. Raises `StoreError`."""
    stopped = 0
    with context.store.write() as connection:
        for batch in batches.running(connection):
            if not is_worked_at(connection, batch, context):
                reconcile(connection, batch.key)
                batches.set_state(connection, batch.key, BatchState.STOPPED, now=context.now())
                batches.note(connection, batch.key, stopped=DIED)
                stopped += 1
    return stopped


def reconcile(connection: Transaction, key: int) -> int:
    """Take over from the outbox what a process that died could not record, or what was settled since.

    Returns for how many users. A waiting user whose write was not applied goes on waiting.
    """
    last = {change.user_id: change for change in outbox.of_batch(connection, key)}
    moved = 0
    for item in batches.items(connection, key):
        change = last.get(item.user_id)
        if change is None or item.state not in (ItemState.WAITING, ItemState.UNKNOWN):
            continue
        state = _by_record(item, change)
        if (state, change.seq) != (item.state, item.change):
            batches.set_item(
                connection, key, item.user_id, state, change=change.seq, problem=_problem_of(state, change)
            )
            moved += 1
    return moved


def _begin(
    context: WriteContext, lease: HeldLease, key: int, actor: str, server_ends: threading.Event
) -> _BatchRun | None:
    with context.store.write() as connection:
        batch = batches.find(connection, key)
        if batch is None or batch.state is BatchState.DONE or batch.state is BatchState.STOPPED:
            return None
        reconcile(connection, key)
        done = sum(n for state, n in batch.counts.items() if state not in (ItemState.WAITING, ItemState.LEFT_OUT))
        batches.set_state(connection, key, BatchState.RUNNING, now=context.now())
        batches.note(connection, key, stopped=None, begun_at=context.now().isoformat(), done_before=done, by=actor)
        waiting = deque(batches.items(connection, key, state=ItemState.WAITING))
        undone = batches.items(connection, batch.undoes) if batch.undoes else ()
    seqs = {item.user_id: item.change for item in undone if item.change is not None}
    return _BatchRun(context, lease, batch, actor, waiting, seqs, server_ends)


def _work_on(job: _BatchRun) -> None:
    """One thread's part: user after user, while any are left and nobody stopped the batch."""
    while _may_continue(job):
        try:
            item = job.waiting.popleft()
        except IndexError:
            return
        try:
            _write_one(job, item)
        except (NotPermitted, RecallKeyRefused, RecallOutOfCredit) as problem:
            job.end(f"Stopped: {problem}")
        except DeskError as problem:  # the store: what became of this one is in the outbox
            log.warning("batch %d stops: %s", job.batch.key, problem)
            job.end(str(problem))
        except Exception:
            job.end("Stopped because of a defect here. Tell your admin.")
            raise  # the job's end logs it


def _may_continue(job: _BatchRun) -> bool:
    if job.server_ends.is_set():
        job.end(SERVER_ENDS)
    if job.sentence is not None or job.lease.lost.is_set():
        return False
    with job.context.store.read() as connection:
        batch, is_held = batches.find(connection, job.batch.key), job.lease.is_held(connection)
    return batch is not None and batch.state is BatchState.RUNNING and is_held


def _write_one(job: _BatchRun, item: BatchItem) -> None:
    context, key = job.context, job.batch.key
    intent = _intent(job, item)
    if intent is None:
        _record_problem(context, key, item.user_id, str(UnknownCalendarUser()))
        return
    try:
        result = _carry_out(job, intent)
    except OF_ONE_USER as problem:
        _record_problem(context, key, item.user_id, str(problem))
        return
    if result is None:
        return  # stopped while it waited for Recall's limit: it waits on
    if isinstance(result.problem, RecallKeyRefused | RecallOutOfCredit):
        raise result.problem
    _record_result(context, key, item.user_id, result)
    job.answered(result.problem)


def _carry_out(job: _BatchRun, intent: Intent) -> WriteResult | None:
    """The result of one user's write, after waiting for Recall's rate limit; None when the batch stopped meanwhile."""
    while True:
        [result] = carry_out(job.context, job.actor, [intent])
        if not isinstance(result.problem, RecallLimited):
            return result
        seconds = (result.problem.retry_at - job.context.now()).total_seconds()
        job.server_ends.wait(min(max(seconds, 0.05), LONGEST_WAIT_SECONDS))
        if not _may_continue(job):
            return None


def _intent(job: _BatchRun, item: BatchItem) -> Intent | None:
    with job.context.store.read() as connection:
        row = users.find(connection, item.user_id)
    if row is None or row.vanished_at is not None or item.before is None or item.after is None:
        return None
    batch = job.batch
    undoes = job.undoes.get(item.user_id)
    return Intent(batch.kind, row.user, item.before, item.after, why=batch.why, batch=batch.key, undoes=undoes)


def _end(job: _BatchRun) -> BatchState:
    context, key = job.context, job.batch.key
    with context.store.write() as connection:
        reconcile(connection, key)
        batch = batches.find(connection, key)
        waiting = batches.items(connection, key, state=ItemState.WAITING)
        state = BatchState.STOPPED if waiting else BatchState.DONE
        if batch is not None and not job.lease.lost.is_set():
            batches.set_state(connection, key, state, now=context.now())
            if waiting and job.sentence:
                batches.note(connection, key, stopped=job.sentence)
    return state


def _record_result(context: WriteContext, key: int, user_id: str, result: WriteResult) -> ItemState:
    """Record how the write of one user ended."""
    with context.store.write() as connection:
        state, problem = _item_state(connection, key, result)
        batches.set_item(connection, key, user_id, state, change=result.seq, problem=problem)
    return state


def _record_problem(context: WriteContext, key: int, user_id: str, sentence: str) -> None:
    """Record why nothing was done for one user."""
    with context.store.write() as connection:
        batches.set_item(connection, key, user_id, ItemState.NOT_APPLIED, problem=sentence)


def _by_record(item: BatchItem, change: Write) -> ItemState:
    if item.state is ItemState.WAITING and (change.state is WriteState.NOT_APPLIED or change.sent_at is None):
        return ItemState.WAITING
    return _ITEM_STATES[change.state]


def _problem_of(state: ItemState, change: Write) -> str | None:
    if state in (ItemState.APPLIED, ItemState.WAITING):
        return None
    return change.note or (
        NOT_KNOWN_YET if change.state is WriteState.OPEN else "Recall still has what was there before."
    )


def _item_state(connection: Transaction, key: int, result: WriteResult) -> tuple[ItemState, str | None]:
    if result.already and not _is_ours(connection, key, result.seq):
        return ItemState.LEFT_OUT, ALREADY
    state = ItemState.NOT_APPLIED if result.problem else _ITEM_STATES[result.state]
    return state, None if state is ItemState.APPLIED else result.sentence


def _is_ours(connection: Transaction, key: int, seq: int | None) -> bool:
    change = outbox.find(connection, seq) if seq is not None else None
    return change is not None and change.batch == key
