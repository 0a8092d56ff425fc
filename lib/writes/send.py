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
from lib.store.outbox import WriteState
from lib.writes.context import WriteContext
from lib.writes.current import CurrentState, look_at_all
from lib.writes.intent import PERMISSION, Intent, send
from lib.writes.lost_calendar import explained
from lib.writes.outcome import close_by
from lib.writes.result import Progress, WriteOutcome, WriteResult, WriteStep
from lib.writes.user_lease import Turn

OF_THE_ITEM = (RecallRejected, RecallNotFound, RecallBlocked, CallNotAllowed)
"""Refusals that say nothing of the next one."""
LOST_AT_MOST = 3
"""So many answers may be lost; then the rest is not sent."""

Precondition = Callable[[Transaction], None]
"""Raises where something may not be made durable."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class PendingWrite:
    """One order on its way. `problem`: it was refused, so that nothing was changed."""

    intent: Intent
    seq: int
    problem: DeskError | None = None


def nothing_more(_: Transaction) -> None:
    """The gate of what needs none."""


def made(
    mine: Turn, actor: str, intents: Sequence[Intent], precondition: Precondition = nothing_more
) -> list[PendingWrite]:
    """All of them into the record, before the first is sent. Raises `NotPermitted`, `ChangeUnderWay`, `StoreError`."""
    if not intents:
        return []
    with mine.context.store.write() as connection:
        mine.keep(connection)
        for kind in {intent.kind for intent in intents}:
            accounts.require_now(connection, actor, PERMISSION[kind], user_id=intents[0].user.id)
        precondition(connection)
        now = mine.context.now()
        return [PendingWrite(intent, outbox.add(connection, intent.draft(actor), now=now)) for intent in intents]


def send_all(mine: Turn, under_way: Sequence[PendingWrite], progress: Progress) -> None:
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
                of_the_calendar = of_the_calendar or explained(mine.context, each.intent.user, refused)
                each.problem = of_the_calendar
            except OF_THE_ITEM as problem:
                each.problem = problem
            except DeskError as problem:
                each.problem = ends_all = problem
    progress(WriteStep.ANSWERED)


def _send(mine: Turn, each: PendingWrite, progress: Progress) -> None:
    with mine.context.store.write() as connection:
        mine.keep(connection)
        outbox.mark_sent(connection, each.seq, now=mine.context.now())
    progress(WriteStep.SENDING)
    send(mine.context.recall, each.intent)


def read_back(context: WriteContext, under_way: Sequence[PendingWrite], progress: Progress) -> list[WriteResult]:
    """What became of each, in their order, and into the record."""
    sent = [each for each in under_way if each.problem is None]
    looks = dict(
        zip((e.seq for e in sent), look_at_all(context, [e.intent for e in sent], must_keep=False), strict=True)
    )
    progress(WriteStep.READ_BACK)
    try:
        with context.store.write() as connection:
            for each in under_way:
                seen = looks.get(each.seq)
                if each.problem is not None:
                    outbox.close(
                        connection, each.seq, WriteState.NOT_APPLIED, now=context.now(), note=str(each.problem)
                    )
                elif isinstance(seen, CurrentState):
                    close_by(connection, each.seq, each.intent, seen.value, now=context.now())
    except StoreError as problem:  # settled later, as after a lost process
        log.warning("How a change ended could not be written down yet: %s", problem)
    return [_result(each, looks.get(each.seq)) for each in under_way]


def _result(each: PendingWrite, seen: CurrentState | DeskError | None) -> WriteResult:
    if each.problem is not None:
        return WriteResult(WriteOutcome.NOT_APPLIED, each.seq, problem=each.problem)
    if not isinstance(seen, CurrentState):
        return WriteResult(WriteOutcome.UNKNOWN, each.seq)
    return WriteResult(_applied(each.intent, seen), each.seq, now=seen.value, user=seen.user, entry=seen.entry)


def _applied(intent: Intent, seen: CurrentState) -> WriteOutcome:
    if seen.value == intent.after:
        return WriteOutcome.APPLIED
    return WriteOutcome.NOT_APPLIED if seen.value == intent.before else WriteOutcome.UNKNOWN
