"""One way to write: look, make it durable, send it once, read it back, close it."""

from collections.abc import Callable, Sequence

from lib.errors import ChangedMeanwhile, DeskError, InvalidChange, UnknownCalendarUser
from lib.recall_api import external_id_of
from lib.recording.overrides import problem_with_reason
from lib.staff import accounts
from lib.store import outbox, users
from lib.writes.context import WriteContext
from lib.writes.current import CurrentState, look_at_all
from lib.writes.in_flight import writes_in_flight
from lib.writes.intent import PERMISSION, Intent
from lib.writes.outcome import close_those_of, done_before
from lib.writes.result import Progress, WriteOutcome, WriteResult, WriteStep
from lib.writes.send import Precondition, made, nothing_more, read_back, send_all
from lib.writes.user_lease import Turn, turn

Check = Callable[[Intent, CurrentState], None]
"""Raises an `InvalidChange` for what may not be done to what Recall has now."""


def carry_out(
    context: WriteContext,
    actor: str,
    intents: Sequence[Intent],
    *,
    check: Check | None = None,
    precondition: Precondition | None = None,
    progress: Progress | None = None,
) -> tuple[WriteResult, ...]:
    """Carry out what the staff member called `actor` wants changed of one user: each order once, in their order.

    `precondition` raises in the transaction that makes the changes durable where they may not be made, and once before.
    The account is looked up anew, once more in the transaction that makes the changes durable. What is so already is
    not sent again, and answered with the change in the record that made it so. What is not as it was shown is not
    touched (`ChangedMeanwhile`). A lost answer is settled by reading, never by sending again.

    Raises `NotPermitted`, `InvalidChange` for a reason that is too long, `ChangeUnderWay`, `UnknownCalendarUser`,
    `CalendarUserWithoutId`, `ServerEnding`, or `StoreError` before anything was sent. All else that goes wrong stands
    in the results.
    """
    _permit(context, actor, intents, precondition or nothing_more)
    _refuse_a_long_reason(intents)
    if not intents:
        return ()
    external_id_of(intents[0].user)
    with writes_in_flight.one(), turn(context, intents[0].user.id) as mine:
        _refuse_who_is_gone(context, intents[0].user.id)
        return _in_turn(mine, actor, intents, check, precondition or nothing_more, progress or _nobody)


def _in_turn(
    mine: Turn,
    actor: str,
    intents: Sequence[Intent],
    check: Check | None,
    precondition: Precondition,
    progress: Progress,
) -> tuple[WriteResult, ...]:
    looks = look_at_all(mine.context, intents)
    progress(WriteStep.LOOKING)
    _close_left_open(mine.context, intents, looks)
    ended = [_without_sending(mine.context, o, seen, check) for o, seen in zip(intents, looks, strict=True)]
    to_send = [o for o, result in zip(intents, ended, strict=True) if result is None]
    under_way = made(mine, actor, to_send, precondition)
    if not under_way:
        return tuple(result for result in ended if result)
    progress(WriteStep.MADE)
    send_all(mine, under_way, progress)
    results = iter(read_back(mine.context, under_way, progress))
    progress(WriteStep.CLOSED)
    return tuple(result or next(results) for result in ended)


def _permit(context: WriteContext, actor: str, intents: Sequence[Intent], precondition: Precondition) -> None:
    with context.store.read() as connection:
        for kind in {intent.kind for intent in intents}:
            accounts.require_now(connection, actor, PERMISSION[kind], user_id=intents[0].user.id)
        precondition(connection)


def _refuse_a_long_reason(intents: Sequence[Intent]) -> None:
    for intent in intents:
        if intent.why and intent.why.strip() and (problem := problem_with_reason(intent.why)):
            raise InvalidChange(problem)


def _refuse_who_is_gone(context: WriteContext, user_id: str) -> None:
    """Asking Recall for a user who was deleted could create it again (contract 2.4)."""
    with context.store.read() as connection:
        row = users.find(connection, user_id)
    if row is not None and row.vanished_at is not None:
        raise UnknownCalendarUser


def _close_left_open(
    context: WriteContext, intents: Sequence[Intent], looks: Sequence[CurrentState | DeskError]
) -> None:
    """Close what others left open of the same things: who has the turn knows that nobody is at it any more."""
    with context.store.read() as connection:
        left = [change for change in outbox.open_ones(connection) if change.user_id == intents[0].user.id]
    if not left:
        return
    with context.store.write() as connection:
        for intent, seen in zip(intents, looks, strict=True):
            if isinstance(seen, CurrentState):
                close_those_of(connection, intent, left, seen.value, now=context.now())


def _without_sending(
    context: WriteContext, intent: Intent, seen: CurrentState | DeskError, check: Check | None
) -> WriteResult | None:
    """How it ends where there is nothing to send; None where there is."""
    if isinstance(seen, DeskError):
        return WriteResult(WriteOutcome.NOT_APPLIED, problem=seen)
    if seen.value == intent.after:
        with context.store.read() as connection:
            seq = done_before(connection, intent)
        return WriteResult(WriteOutcome.APPLIED, seq, already=True, now=seen.value, user=seen.user, entry=seen.entry)
    try:
        if seen.value != intent.before:
            raise ChangedMeanwhile
        if check:
            check(intent, seen)
    except InvalidChange as problem:
        return WriteResult(WriteOutcome.NOT_APPLIED, now=seen.value, user=seen.user, entry=seen.entry, problem=problem)
    return None


def _nobody(_: WriteStep) -> None:
    """Nobody is told."""
