"""From the record to Recall and back: made durable, sent once, read back, closed."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lib.errors import (
    CallNotAllowed,
    DeskError,
    RecallBlocked,
    RecallCalendarLost,
    RecallNotFound,
    RecallOutcomeUnknown,
    RecallRejected,
    RecallUnreachable,
    StoreError,
)
from lib.staff import accounts
from lib.store import Transaction, outbox
from lib.store.outbox import State
from lib.writes.context import Means
from lib.writes.current import Seen, look_at_all
from lib.writes.intent import PERMISSION, Order, send
from lib.writes.lost_calendar import explained
from lib.writes.outcome import close_by
from lib.writes.result import Applied, Progress, Result, Step
from lib.writes.user_lease import Turn

OF_THE_ITEM = (RecallRejected, RecallNotFound, RecallBlocked, CallNotAllowed)
"""Refusals that say nothing of the next one."""
LOST_AT_MOST = 3
"""So many answers may be lost; then the rest is not sent."""

Gate = Callable[[Transaction], None]
"""Raises where something may not be made durable."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Sending:
    """One order on its way. `problem`: it was refused, so that nothing was changed."""

    order: Order
    seq: int
    problem: DeskError | None = None


def nothing_more(_: Transaction) -> None:
    """The gate of what needs none."""


def made(mine: Turn, actor: str, orders: Sequence[Order], gate: Gate = nothing_more) -> list[Sending]:
    """All of them into the record, before the first is sent. Raises `NotPermitted`, `ChangeUnderWay`, `StoreError`."""
    if not orders:
        return []
    with mine.means.store.write() as connection:
        mine.keep(connection)
        for kind in {order.kind for order in orders}:
            accounts.require_now(connection, actor, PERMISSION[kind], user_id=orders[0].user.id)
        gate(connection)
        now = mine.means.now()
        return [Sending(order, outbox.make(connection, order.draft(actor), now=now)) for order in orders]


def send_all(mine: Turn, under_way: Sequence[Sending], progress: Progress) -> None:
    """Send each once, in their order, until it makes no sense to go on."""
    lost = 0
    ends_all: DeskError | None = None
    of_the_calendar: DeskError | None = None
    for each in under_way:
        each.problem = ends_all
        if ends_all is None:
            try:
                _send(mine, each, progress)
            except RecallOutcomeUnknown:  # reading back settles it
                lost += 1
                ends_all = RecallUnreachable() if lost >= LOST_AT_MOST else None
            except RecallCalendarLost as refused:  # the user may have another calendar, where the next one is
                of_the_calendar = of_the_calendar or explained(mine.means, each.order.user, refused)
                each.problem = of_the_calendar
            except OF_THE_ITEM as problem:
                each.problem = problem
            except DeskError as problem:
                each.problem = ends_all = problem
    progress(Step.ANSWERED)


def _send(mine: Turn, each: Sending, progress: Progress) -> None:
    with mine.means.store.write() as connection:
        mine.keep(connection)
        outbox.sent(connection, each.seq, now=mine.means.now())
    progress(Step.SENDING)
    send(mine.means.recall, each.order)


def read_back(means: Means, under_way: Sequence[Sending], progress: Progress) -> list[Result]:
    """What became of each, in their order, and into the record."""
    sent = [each for each in under_way if each.problem is None]
    looks = dict(zip((e.seq for e in sent), look_at_all(means, [e.order for e in sent], must_keep=False), strict=True))
    progress(Step.READ_BACK)
    try:
        with means.store.write() as connection:
            for each in under_way:
                seen = looks.get(each.seq)
                if each.problem is not None:
                    outbox.close(connection, each.seq, State.NOT_APPLIED, now=means.now(), note=str(each.problem))
                elif isinstance(seen, Seen):
                    close_by(connection, each.seq, each.order, seen.value, now=means.now())
    except StoreError as problem:  # settled later, as after a lost process
        log.warning("How a change ended could not be written down yet: %s", problem)
    return [_result(each, looks.get(each.seq)) for each in under_way]


def _result(each: Sending, seen: Seen | DeskError | None) -> Result:
    if each.problem is not None:
        return Result(Applied.NO, each.seq, problem=each.problem)
    if not isinstance(seen, Seen):
        return Result(Applied.UNKNOWN, each.seq)
    return Result(_applied(each.order, seen), each.seq, now=seen.value, user=seen.user, entry=seen.entry)


def _applied(order: Order, seen: Seen) -> Applied:
    if seen.value == order.after:
        return Applied.YES
    return Applied.NO if seen.value == order.before else Applied.UNKNOWN
