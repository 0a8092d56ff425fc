"""The one way to write: read what Recall has, record the intent, send it once, read it back, close it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lib.errors import (
    CallNotAllowed,
    ChangedMeanwhile,
    DeskError,
    InvalidChange,
    RecallBlocked,
    RecallCalendarLost,
    RecallNotFound,
    RecallOutcomeUnknown,
    RecallRejected,
    RecallUnreachable,
    StoreError,
    UnknownCalendarUser,
)
from lib.recall_api import external_id_of
from lib.recording.overrides import problem_with_reason
from lib.staff import accounts
from lib.store import Transaction, outbox, users
from lib.store.leases import HeldLease
from lib.store.outbox import WriteState
from lib.writes.context import WriteContext, writes_in_flight
from lib.writes.current import CurrentState, current_states
from lib.writes.intent import PERMISSION, Intent, send
from lib.writes.lost_calendar import explain
from lib.writes.result import Progress, WriteResult, WriteStep
from lib.writes.settlement import close_by, close_those_of, made_so_by, state_of

OF_ONE_INTENT = (RecallRejected, RecallNotFound, RecallBlocked, CallNotAllowed)
"""Refusals that say nothing about the next intent."""
LOST_AT_MOST = 3
"""After so many lost answers the rest is not sent."""

Check = Callable[[Intent, CurrentState], None]
"""Raises an `InvalidChange` for what may not be done to what Recall has now."""
Precondition = Callable[[Transaction], None]
"""Raises where the intents may not be recorded."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class PendingWrite:
    """A recorded intent on its way. With a `problem` it was refused, so that nothing was changed."""

    intent: Intent
    seq: int
    problem: DeskError | None = None


def carry_out(
    context: WriteContext,
    actor: str,
    intents: Sequence[Intent],
    *,
    check: Check | None = None,
    precondition: Precondition | None = None,
    progress: Progress | None = None,
) -> tuple[WriteResult, ...]:
    """Carry out what the staff member called `actor` wants changed of one user: each intent once, in their order.

    The right is looked up at first and again in the transaction that records the intents; so is `precondition` asked.
    What Recall has already is not sent again, and answered with the recorded change that made it so. What is not as it
    was shown is not touched (`ChangedMeanwhile`). A lost answer is settled by reading, never by sending again.

    Raises `NotPermitted`, `InvalidChange` for a reason that is too long, `ChangeUnderWay`, `UnknownCalendarUser`,
    `CalendarUserWithoutId`, `ServerEnding`, or `StoreError` before anything was sent. All other failures are in the
    results.
    """
    require = precondition or _nothing_required
    with context.store.read() as connection:
        _require_permission(connection, actor, intents, require)
    _refuse_long_reasons(intents)
    if not intents:
        return ()
    user = intents[0].user
    external_id_of(user)
    with writes_in_flight.one(), context.user_lease(user.id) as lease:
        _refuse_deleted_user(context, user.id)
        return _carry_out(context, lease, actor, intents, check, require, progress or _no_progress)


def record(
    context: WriteContext, lease: HeldLease, actor: str, intents: Sequence[Intent], precondition: Precondition
) -> list[PendingWrite]:
    """Record all intents before the first is sent. Raises `NotPermitted`, `ChangeUnderWay`, `StoreError`."""
    if not intents:
        return []
    with context.store.write() as connection:
        lease.renew(connection)
        _require_permission(connection, actor, intents, precondition)
        now = context.now()
        return [PendingWrite(intent, outbox.add(connection, intent.draft(actor), now=now)) for intent in intents]


def _carry_out(
    context: WriteContext,
    lease: HeldLease,
    actor: str,
    intents: Sequence[Intent],
    check: Check | None,
    precondition: Precondition,
    progress: Progress,
) -> tuple[WriteResult, ...]:
    states = current_states(context, intents)
    progress(WriteStep.READ)
    _close_left_open(context, intents, states)
    ended = [_without_sending(context, one, state, check) for one, state in zip(intents, states, strict=True)]
    to_send = [intent for intent, result in zip(intents, ended, strict=True) if result is None]
    pending = record(context, lease, actor, to_send, precondition)
    if not pending:
        return tuple(result for result in ended if result)
    progress(WriteStep.RECORDED)
    _send_all(context, lease, pending, progress)
    results = iter(_read_back(context, pending, progress))
    progress(WriteStep.CLOSED)
    return tuple(result or next(results) for result in ended)


def _require_permission(
    connection: Transaction, actor: str, intents: Sequence[Intent], precondition: Precondition
) -> None:
    for kind in {intent.kind for intent in intents}:
        accounts.require_now(connection, actor, PERMISSION[kind], user_id=intents[0].user.id)
    precondition(connection)


def _refuse_long_reasons(intents: Sequence[Intent]) -> None:
    for intent in intents:
        if intent.why and intent.why.strip() and (problem := problem_with_reason(intent.why)):
            raise InvalidChange(problem)


def _refuse_deleted_user(context: WriteContext, user_id: str) -> None:
    """Refuse a user who was deleted: asking Recall for it could create it again (contract 2.4)."""
    with context.store.read() as connection:
        row = users.find(connection, user_id)
    if row is not None and row.vanished_at is not None:
        raise UnknownCalendarUser


def _close_left_open(
    context: WriteContext, intents: Sequence[Intent], states: Sequence[CurrentState | DeskError]
) -> None:
    """Close earlier changes of the same things: whoever holds the lease knows that nobody works at them any more."""
    with context.store.read() as connection:
        left = [change for change in outbox.open_ones(connection) if change.user_id == intents[0].user.id]
    if not left:
        return
    with context.store.write() as connection:
        for intent, state in zip(intents, states, strict=True):
            if isinstance(state, CurrentState):
                close_those_of(connection, intent, left, state.value, now=context.now())


def _without_sending(
    context: WriteContext, intent: Intent, current: CurrentState | DeskError, check: Check | None
) -> WriteResult | None:
    """The result where there is nothing to send; None where there is."""
    if isinstance(current, DeskError):
        return WriteResult(WriteState.NOT_APPLIED, problem=current)
    if current.value == intent.after:
        with context.store.read() as connection:
            seq = made_so_by(connection, intent)
        return _result(WriteState.APPLIED, seq, current, already=True)
    try:
        if current.value != intent.before:
            raise ChangedMeanwhile
        if check:
            check(intent, current)
    except InvalidChange as problem:
        return _result(WriteState.NOT_APPLIED, None, current, problem=problem)
    return None


def _send_all(context: WriteContext, lease: HeldLease, pending: Sequence[PendingWrite], progress: Progress) -> None:
    """Send each once, in their order, until there is no point in going on."""
    lost = 0
    ends_all: DeskError | None = None
    calendar_lost: DeskError | None = None
    for each in pending:
        each.problem = ends_all
        if ends_all is None:
            try:
                _send(context, lease, each, progress)
            except RecallOutcomeUnknown:  # reading back settles it
                lost += 1
                ends_all = RecallUnreachable() if lost >= LOST_AT_MOST else None
            except RecallCalendarLost as refused:  # the next one may be in another calendar of the user
                each.problem = calendar_lost = calendar_lost or explain(context, each.intent.user, refused)
            except OF_ONE_INTENT as problem:
                each.problem = problem
            except DeskError as problem:
                each.problem = ends_all = problem
    progress(WriteStep.ANSWERED)


def _send(context: WriteContext, lease: HeldLease, each: PendingWrite, progress: Progress) -> None:
    with context.store.write() as connection:
        lease.renew(connection)
        outbox.mark_sent(connection, each.seq, now=context.now())
    progress(WriteStep.SENDING)
    send(context.recall, each.intent)


def _read_back(context: WriteContext, pending: Sequence[PendingWrite], progress: Progress) -> list[WriteResult]:
    """Read what became of each, in their order, and close it in the outbox."""
    sent = [each for each in pending if each.problem is None]
    read = current_states(context, [each.intent for each in sent], must_keep=False)
    states = {each.seq: state for each, state in zip(sent, read, strict=True)}
    progress(WriteStep.READ_BACK)
    try:
        with context.store.write() as connection:
            for each in pending:
                state, now = states.get(each.seq), context.now()
                if each.problem is not None:
                    outbox.close(connection, each.seq, WriteState.NOT_APPLIED, now=now, note=str(each.problem))
                elif isinstance(state, CurrentState):
                    close_by(connection, each.seq, each.intent, state.value, now=now)
    except StoreError as problem:  # settled later, as after a lost process
        log.warning("How a change ended could not be written down yet: %s", problem)
    return [_result_of(each, states.get(each.seq)) for each in pending]


def _result_of(each: PendingWrite, current: CurrentState | DeskError | None) -> WriteResult:
    if each.problem is not None:
        return WriteResult(WriteState.NOT_APPLIED, each.seq, problem=each.problem)
    if not isinstance(current, CurrentState):
        return WriteResult(WriteState.UNKNOWN, each.seq)
    return _result(state_of(each.intent, current.value), each.seq, current)


def _result(
    state: WriteState,
    seq: int | None,
    current: CurrentState,
    *,
    already: bool = False,
    problem: DeskError | None = None,
) -> WriteResult:
    return WriteResult(state, seq, already, current.value, current.user, current.entry, problem)


def _nothing_required(_: Transaction) -> None:
    """The precondition of intents that have none."""


def _no_progress(_: WriteStep) -> None:
    """Tells nobody."""
