"""One way to write: look, make it durable, send it once, read it back, close it."""

from collections.abc import Callable, Sequence

from lib.errors import ChangedMeanwhile, DeskError, InvalidChange, UnknownCalendarUser
from lib.recall_api import external_id_of
from lib.recording.overrides import problem_with_reason
from lib.staff import accounts
from lib.store import outbox, users
from lib.writes.context import Means
from lib.writes.current import Seen, look_at_all
from lib.writes.in_flight import changes_under_way
from lib.writes.intent import PERMISSION, Order
from lib.writes.outcome import close_those_of, done_before
from lib.writes.result import Applied, Progress, Result, Step
from lib.writes.send import Gate, made, nothing_more, read_back, send_all
from lib.writes.user_lease import Turn, turn

Check = Callable[[Order, Seen], None]
"""Raises an `InvalidChange` for what may not be done to what Recall has now."""


def carry_out(
    means: Means,
    actor: str,
    orders: Sequence[Order],
    *,
    check: Check | None = None,
    gate: Gate | None = None,
    progress: Progress | None = None,
) -> tuple[Result, ...]:
    """Carry out what the staff member called `actor` wants changed of one user: each order once, in their order.

    `gate` raises in the transaction that makes the changes durable where they may not be made, and once before.
    The account is looked up anew, once more in the transaction that makes the changes durable. What is so already is
    not sent again, and answered with the change in the record that made it so. What is not as it was shown is not
    touched (`ChangedMeanwhile`). A lost answer is settled by reading, never by sending again.

    Raises `NotPermitted`, `InvalidChange` for a reason that is too long, `ChangeUnderWay`, `UnknownCalendarUser`,
    `CalendarUserWithoutId`, `ServerEnding`, or `StoreError` before anything was sent. All else that goes wrong stands
    in the results.
    """
    _permit(means, actor, orders, gate or nothing_more)
    _refuse_a_long_reason(orders)
    if not orders:
        return ()
    external_id_of(orders[0].user)
    with changes_under_way.one(), turn(means, orders[0].user.id) as mine:
        _refuse_who_is_gone(means, orders[0].user.id)
        return _in_turn(mine, actor, orders, check, gate or nothing_more, progress or _nobody)


def _in_turn(
    mine: Turn, actor: str, orders: Sequence[Order], check: Check | None, gate: Gate, progress: Progress
) -> tuple[Result, ...]:
    looks = look_at_all(mine.means, orders)
    progress(Step.LOOKING)
    _close_left_open(mine.means, orders, looks)
    ended = [_without_sending(mine.means, o, seen, check) for o, seen in zip(orders, looks, strict=True)]
    to_send = [o for o, result in zip(orders, ended, strict=True) if result is None]
    under_way = made(mine, actor, to_send, gate)
    if not under_way:
        return tuple(result for result in ended if result)
    progress(Step.MADE)
    send_all(mine, under_way, progress)
    results = iter(read_back(mine.means, under_way, progress))
    progress(Step.CLOSED)
    return tuple(result or next(results) for result in ended)


def _permit(means: Means, actor: str, orders: Sequence[Order], gate: Gate) -> None:
    with means.store.read() as connection:
        for kind in {order.kind for order in orders}:
            accounts.require_now(connection, actor, PERMISSION[kind], user_id=orders[0].user.id)
        gate(connection)


def _refuse_a_long_reason(orders: Sequence[Order]) -> None:
    for order in orders:
        if order.why and order.why.strip() and (problem := problem_with_reason(order.why)):
            raise InvalidChange(problem)


def _refuse_who_is_gone(means: Means, user_id: str) -> None:
    """Asking Recall for a user who was deleted could create it again (contract 2.4)."""
    with means.store.read() as connection:
        row = users.find(connection, user_id)
    if row is not None and row.vanished_at is not None:
        raise UnknownCalendarUser


def _close_left_open(means: Means, orders: Sequence[Order], looks: Sequence[Seen | DeskError]) -> None:
    """Close what others left open of the same things: who has the turn knows that nobody is at it any more."""
    with means.store.read() as connection:
        left = [change for change in outbox.open_ones(connection) if change.user_id == orders[0].user.id]
    if not left:
        return
    with means.store.write() as connection:
        for order, seen in zip(orders, looks, strict=True):
            if isinstance(seen, Seen):
                close_those_of(connection, order, left, seen.value, now=means.now())


def _without_sending(means: Means, order: Order, seen: Seen | DeskError, check: Check | None) -> Result | None:
    """How it ends where there is nothing to send; None where there is."""
    if isinstance(seen, DeskError):
        return Result(Applied.NO, problem=seen)
    if seen.value == order.after:
        with means.store.read() as connection:
            seq = done_before(connection, order)
        return Result(Applied.YES, seq, already=True, now=seen.value, user=seen.user, entry=seen.entry)
    try:
        if seen.value != order.before:
            raise ChangedMeanwhile
        if check:
            check(order, seen)
    except InvalidChange as problem:
        return Result(Applied.NO, now=seen.value, user=seen.user, entry=seen.entry, problem=problem)
    return None


def _nobody(_: Step) -> None:
    """Nobody is told."""
