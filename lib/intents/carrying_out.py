"""One way to write: look, make it durable, send it once, read it back, close it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lib.errors import (
    CallNotAllowed,
    ChangedMeanwhile,
    DeskError,
    InvalidChange,
    RecallBlocked,
    RecallNotFound,
    RecallOutcomeUnknown,
    RecallRejected,
    RecallUnreachable,
    StoreError,
    UnknownCalendarUser,
)
from lib.intents.closing import close_by, close_those_of, done_before
from lib.intents.looking import Seen, look_at_all
from lib.intents.means import Means
from lib.intents.order import PERMISSION, Order, send
from lib.intents.result import Applied, Progress, Result, Step
from lib.intents.turn import Turn, turn
from lib.recall_api import external_id_of
from lib.staff import accounts
from lib.store import changes, users
from lib.store.changes import State

OF_THE_ITEM = (RecallRejected, RecallNotFound, RecallBlocked, CallNotAllowed)
"""Refusals that say nothing of the next one."""
LOST_AT_MOST = 3
"""So many answers may be lost; then the rest is not sent."""

Check = Callable[[Order, Seen], None]
"""Raises an `InvalidChange` for what may not be done to what Recall has now."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Sending:
    """One order on its way. `problem`: it was refused, so that nothing was changed."""

    order: Order
    seq: int
    problem: DeskError | None = None


def carry_out(
    means: Means,
    actor: str,
    orders: Sequence[Order],
    *,
    check: Check | None = None,
    progress: Progress | None = None,
) -> tuple[Result, ...]:
    """Carry out what the staff member called `actor` wants changed of one user: each order once, in their order.

    The account is looked up anew, once more in the transaction that makes the changes durable. What is so already is
    not sent again, and answered with the change in the record that made it so. What is not as it was shown is not
    touched (`ChangedMeanwhile`). A lost answer is settled by reading, never by sending again.

    Raises `NotPermitted`, `ChangeUnderWay`, `UnknownCalendarUser`, `CalendarUserWithoutId`, or `StoreError` before
    anything was sent. All else that goes wrong stands in the results.
    """
    _permit(means, actor, orders)
    if not orders:
        return ()
    external_id_of(orders[0].user)
    with turn(means, orders[0].user.id) as mine:
        _refuse_who_is_gone(means, orders[0].user.id)
        return _in_turn(mine, actor, orders, check, progress or _nobody)


def _in_turn(
    mine: Turn, actor: str, orders: Sequence[Order], check: Check | None, progress: Progress
) -> tuple[Result, ...]:
    looks = look_at_all(mine.means, orders)
    progress(Step.LOOKING)
    _close_left_open(mine.means, orders, looks)
    ended = [_without_sending(mine.means, o, seen, check) for o, seen in zip(orders, looks, strict=True)]
    under_way = _made(mine, actor, [o for o, result in zip(orders, ended, strict=True) if result is None])
    if not under_way:
        return tuple(result for result in ended if result)
    progress(Step.MADE)
    _send_all(mine, under_way, progress)
    results = iter(_read_back(mine.means, under_way, progress))
    progress(Step.CLOSED)
    return tuple(result or next(results) for result in ended)


def _permit(means: Means, actor: str, orders: Sequence[Order]) -> None:
    with means.store.read() as connection:
        for kind in {order.kind for order in orders}:
            accounts.require_now(connection, actor, PERMISSION[kind])


def _refuse_who_is_gone(means: Means, user_id: str) -> None:
    """Asking Recall for a user who was deleted could create it again (contract 2.4)."""
    with means.store.read() as connection:
        row = users.find(connection, user_id)
    if row is not None and row.vanished_at is not None:
        raise UnknownCalendarUser


def _close_left_open(means: Means, orders: Sequence[Order], looks: Sequence[Seen | DeskError]) -> None:
    """Close what others left open of the same things: who has the turn knows that nobody is at it any more."""
    with means.store.read() as connection:
        left = [change for change in changes.open_ones(connection) if change.user_id == orders[0].user.id]
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


def _made(mine: Turn, actor: str, orders: Sequence[Order]) -> list[_Sending]:
    """All of them into the record, before the first is sent."""
    if not orders:
        return []
    with mine.means.store.write() as connection:
        mine.keep(connection)
        for kind in {order.kind for order in orders}:
            accounts.require_now(connection, actor, PERMISSION[kind])
        now = mine.means.now()
        return [_Sending(order, changes.make(connection, order.draft(actor), now=now)) for order in orders]


def _send_all(mine: Turn, under_way: Sequence[_Sending], progress: Progress) -> None:
    lost = 0
    ends_all: DeskError | None = None
    for each in under_way:
        each.problem = ends_all
        if ends_all is None:
            try:
                _send(mine, each, progress)
            except RecallOutcomeUnknown:  # reading back settles it
                lost += 1
                ends_all = RecallUnreachable() if lost >= LOST_AT_MOST else None
            except OF_THE_ITEM as problem:
                each.problem = problem
            except DeskError as problem:
                each.problem = ends_all = problem
    progress(Step.ANSWERED)


def _send(mine: Turn, each: _Sending, progress: Progress) -> None:
    with mine.means.store.write() as connection:
        mine.keep(connection)
        changes.sent(connection, each.seq, now=mine.means.now())
    progress(Step.SENDING)
    send(mine.means.recall, each.order)


def _read_back(means: Means, under_way: Sequence[_Sending], progress: Progress) -> list[Result]:
    """What became of each, in their order, and into the record."""
    sent = [each for each in under_way if each.problem is None]
    looks = dict(zip((e.seq for e in sent), look_at_all(means, [e.order for e in sent], must_keep=False), strict=True))
    progress(Step.READ_BACK)
    try:
        with means.store.write() as connection:
            for each in under_way:
                seen = looks.get(each.seq)
                if each.problem is not None:
                    changes.close(connection, each.seq, State.NOT_APPLIED, now=means.now(), note=str(each.problem))
                elif isinstance(seen, Seen):
                    close_by(connection, each.seq, each.order, seen.value, now=means.now())
    except StoreError as problem:  # settled later, as after a lost process
        log.warning("How a change ended could not be written down yet: %s", problem)
    return [_result(each, looks.get(each.seq)) for each in under_way]


def _result(each: _Sending, seen: Seen | DeskError | None) -> Result:
    if each.problem is not None:
        return Result(Applied.NO, each.seq, problem=each.problem)
    if not isinstance(seen, Seen):
        return Result(Applied.UNKNOWN, each.seq)
    return Result(_applied(each.order, seen), each.seq, now=seen.value, user=seen.user, entry=seen.entry)


def _applied(order: Order, seen: Seen) -> Applied:
    if seen.value == order.after:
        return Applied.YES
    return Applied.NO if seen.value == order.before else Applied.UNKNOWN


def _nobody(_: Step) -> None:
    """Nobody is told."""
