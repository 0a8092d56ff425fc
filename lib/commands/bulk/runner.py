"""Do what a batch says: a few users at a time, each by the one way to write, until it is done or stopped."""

import logging
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from lib.commands.bulk.batch_lease import held, is_worked_at
from lib.commands.bulk.outcome import note_problem, note_result, reconcile
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
from lib.store import batches, users
from lib.store.batches import Batch, BatchItem, BatchState, ItemState
from lib.store.leases import HeldLease
from lib.writes import Intent, WriteContext, WriteResult, carry_out, settle

AT_ONCE = 6
"""Users at a time."""
IN_VAIN = 3
"""After so many, one after the other, for whom Recall did not answer, the rest is left for later."""
LONGEST_WAIT_SECONDS = 120.0
OF_THE_USER = (UnknownCalendarUser, CalendarUserWithoutId, ChangeUnderWay)
DIED = "The server that worked at it ended in the middle."
SERVER_ENDS = "The server was ended."

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Work:
    """A batch on its way, shared by the threads that work at it."""

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
    """Why it ended before its end."""

    def end(self, sentence: str) -> None:
        """Let nobody begin with another user."""
        with self.lock:
            self.sentence = self.sentence or sentence

    def answered(self, problem: DeskError | None) -> None:
        """Count the users, one after the other, for whom Recall did not answer."""
        with self.lock:
            self.in_vain = self.in_vain + 1 if isinstance(problem, RecallUnreachable) else 0
        if problem is not None and self.in_vain >= IN_VAIN:
            self.end(str(problem))


def run(context: WriteContext, key: int, actor: str, *, server_ends: threading.Event | None = None) -> BatchState:
    """Work at the batch, in the name of the staff member called `actor`, and answer how far it came.

    What a process that died left open is settled first. Nobody is sent anything twice: who is done, or not known, is
    passed over. The right is looked up again for each user. Raises `InvalidChange` when another process works at it,
    or `StoreError`.
    """
    with held(context, key) as lease:
        settle(context)
        work = _begun(context, lease, key, actor, server_ends or threading.Event())
        if work is None:
            return BatchState.STOPPED
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix=f"batch-{key}") as pool:
            for done in [pool.submit(_work_on, work) for _ in range(AT_ONCE)]:
                done.result()
        return _ended(work)


def stop_abandoned(context: WriteContext) -> int:
    """Mark the batches as stopped whose process died; answers how many. Raises `StoreError`."""
    stopped = 0
    with context.store.write() as connection:
        for batch in batches.running(connection):
            if not is_worked_at(connection, batch, context):
                reconcile(connection, batch.key)
                batches.set_state(connection, batch.key, BatchState.STOPPED, now=context.now())
                batches.note(connection, batch.key, stopped=DIED)
                stopped += 1
    return stopped


def _begun(context: WriteContext, lease: HeldLease, key: int, actor: str, server_ends: threading.Event) -> _Work | None:
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
    return _Work(context, lease, batch, actor, waiting, seqs, server_ends)


def _work_on(work: _Work) -> None:
    """One thread's part: user after user, while there are any and nobody stopped it."""
    while _may_go_on(work):
        try:
            item = work.waiting.popleft()
        except IndexError:
            return
        try:
            _one(work, item)
        except (NotPermitted, RecallKeyRefused, RecallOutOfCredit) as problem:
            work.end(f"Stopped: {problem}")
        except DeskError as problem:  # the store: what became of this one stands in the record of changes
            log.warning("batch %d stops: %s", work.batch.key, problem)
            work.end(str(problem))
        except Exception:
            work.end("Stopped because of a defect here. Tell your admin.")
            raise  # the job's end logs it


def _may_go_on(work: _Work) -> bool:
    if work.server_ends.is_set():
        work.end(SERVER_ENDS)
    if work.sentence is not None or work.lease.lost.is_set():
        return False
    with work.context.store.read() as connection:
        batch, is_held = batches.find(connection, work.batch.key), work.lease.is_held(connection)
    return batch is not None and batch.state is BatchState.RUNNING and is_held


def _one(work: _Work, item: BatchItem) -> None:
    context, key = work.context, work.batch.key
    intent = _order(work, item)
    if intent is None:
        note_problem(context, key, item.user_id, str(UnknownCalendarUser()))
        return
    try:
        result = _carried_out(work, intent)
    except OF_THE_USER as problem:
        note_problem(context, key, item.user_id, str(problem))
        return
    if result is None:
        return  # stopped while it waited for Recall's limit: it waits on
    if isinstance(result.problem, RecallKeyRefused | RecallOutOfCredit):
        raise result.problem
    note_result(context, key, item.user_id, result)
    work.answered(result.problem)


def _carried_out(work: _Work, intent: Intent) -> WriteResult | None:
    """The change made. A limit of Recall's is waited for; None when it was stopped meanwhile."""
    while True:
        [result] = carry_out(work.context, work.actor, [intent])
        if not isinstance(result.problem, RecallLimited):
            return result
        seconds = (result.problem.retry_at - work.context.now()).total_seconds()
        work.server_ends.wait(min(max(seconds, 0.05), LONGEST_WAIT_SECONDS))
        if not _may_go_on(work):
            return None


def _order(work: _Work, item: BatchItem) -> Intent | None:
    with work.context.store.read() as connection:
        row = users.find(connection, item.user_id)
    if row is None or row.vanished_at is not None or item.before is None or item.after is None:
        return None
    batch = work.batch
    undoes = work.undoes.get(item.user_id)
    return Intent(batch.kind, row.user, item.before, item.after, why=batch.why, batch=batch.key, undoes=undoes)


def _ended(work: _Work) -> BatchState:
    context, key = work.context, work.batch.key
    with context.store.write() as connection:
        reconcile(connection, key)
        batch = batches.find(connection, key)
        waiting = batches.items(connection, key, state=ItemState.WAITING)
        state = BatchState.STOPPED if waiting else BatchState.DONE
        if batch is not None and not work.lease.lost.is_set():
            batches.set_state(connection, key, state, now=context.now())
            if waiting and work.sentence:
                batches.note(connection, key, stopped=work.sentence)
    return state
