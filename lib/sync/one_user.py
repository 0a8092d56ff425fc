"""One user, read outside a pass: itself, its meetings and the bots of those that have begun, judged at once."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from lib.clock import Clock, utc_now
from lib.errors import (
    CalendarUserUnlisted,
    DeskError,
    RecallCalendarLost,
    RecallError,
    RecallKeyRefused,
    RecallLimited,
    RecallOutOfCredit,
    StoreError,
    UnknownCalendarUser,
)
from lib.recall_api import Recall, external_id_of, timing_meetings
from lib.store import Store, bots, users, users_list
from lib.store.bots import DueBots
from lib.store.meetings import MeetingChanges
from lib.store.users import UserRow
from lib.sync import bots_stage, user_meetings
from lib.sync.agreement import measure
from lib.sync.failures import failure_code
from lib.sync.running_pass import CircuitBreaker
from lib.sync.slow_calendars import was_slow
from lib.sync.verdicts_stage import judge_now
from lib.sync.worker_pool import WorkerPool
from lib.writes import lost_calendar

BOT_THREADS = 6
BOTS_AT_MOST = 5000
BATCH = 10
BATCH_SECONDS = 0.5
NOT_OF_THE_USER = (RecallKeyRefused, RecallOutOfCredit, RecallLimited, UnknownCalendarUser, StoreError)
"""Errors that say nothing of this one user, which is not marked for them."""

Progress = Callable[[str, int, int], None]
"""Told the stage ("meetings" or "bots"), and how much of it is done and wanted."""


@dataclass(frozen=True, slots=True)
class UserRead:
    """What a read of one user came to. `user` is how the store has it now."""

    user: UserRow
    changes: MeetingChanges
    bots_wanted: int = 0
    bots_failed: int = 0
    problem: DeskError | None = None
    """Why bots could not be read; the last reason there was."""


def read_user(
    store: Store,
    recall: Recall,
    user_id: str,
    *,
    clock: Clock = utc_now,
    progress: Progress | None = None,
    with_bots: bool = True,
) -> UserRead:
    """Read one user into the store, by Recall's uuid.

    Raises a `RecallError`, `UnknownCalendarUser`, `CalendarUserWithoutId`, or `StoreError`. What was known stays when
    the meetings cannot be read, and the user is marked stale; bots that cannot be read are counted. Whether Recall took
    long over the meetings is kept.
    """
    tell = progress or _nobody
    row = _find(store, user_id)
    if row.unlisted_since is not None:
        raise CalendarUserUnlisted
    external_id = external_id_of(row.user)
    tell("meetings", 0, 1)
    try:
        changes = _read_meetings(store, recall, user_id, external_id, clock)
    except NOT_OF_THE_USER:
        raise
    except RecallCalendarLost as refused:
        raise _looked_at(store, recall, user_id, external_id, refused, clock) from None
    except DeskError as error:
        with store.write() as connection:
            users.failed(connection, user_id, failure_code(error), at=clock())
            users.note_speed(connection, user_id, slow=was_slow(None, error))
        raise
    tell("meetings", 1, 1)
    failed: list[DeskError] = []
    wanted = _read_bots(store, recall, user_id, clock, tell, failed) if with_bots else 0
    judge_now(store, user_id)
    measure(store, clock=clock, user_ids=[user_id])
    return UserRead(_find(store, user_id), changes, wanted, len(failed), failed[-1] if failed else None)


def _find(store: Store, user_id: str) -> UserRow:
    with store.read() as connection:
        row = users.find(connection, user_id)
    if row is None:
        raise UnknownCalendarUser
    return row


def _read_meetings(store: Store, recall: Recall, user_id: str, external_id: str, clock: Clock) -> MeetingChanges:
    recall.require_listed(external_id)
    began = clock()
    now = recall.get_user(external_id)
    if now.id != user_id:  # deleted, and made again by somebody under the same external id
        raise UnknownCalendarUser
    with timing_meetings() as watch:
        read = user_meetings.read(recall, external_id, clock)
    with store.write() as connection:
        users_list.store(connection, [now], read_at=began, complete=False, now=clock())
        users.note_speed(connection, user_id, slow=was_slow(watch.seconds, None))
        changes = user_meetings.keep(connection, user_id, read, now=clock())
    if changes.doubt is not None:
        raise changes.doubt
    return changes


def _looked_at(
    store: Store, recall: Recall, user_id: str, external_id: str, refused: RecallCalendarLost, clock: Clock
) -> RecallError:
    """What a 422 comes to, by the connections as they are now, which are kept."""
    check = lost_calendar.look(recall, user_id, external_id, refused, clock)
    with store.write() as connection:
        problem = lost_calendar.keep(connection, user_id, check, now=clock())
        users.failed(connection, user_id, failure_code(problem), at=clock())
    return problem


def _read_bots(
    store: Store, recall: Recall, user_id: str, clock: Clock, tell: Progress, failed: list[DeskError]
) -> int:
    """Read the user's bots that are not final; answers how many, and puts errors into `failed`."""
    with store.read() as connection:
        ids = bots.due(connection, DueBots(clock(), user_id=user_id), limit=BOTS_AT_MOST)
    tell("bots", 0, len(ids))
    done, breaker = 0, CircuitBreaker()
    pool = WorkerPool(ids, lambda bot_id: bots_stage.read(recall, bot_id, clock), threads=min(BOT_THREADS, len(ids)))
    for batch in pool.batches(BATCH, BATCH_SECONDS, threading.Event(), breaker.note):
        with store.write() as connection:
            bots_stage.keep(connection, breaker.conclusive(batch), now=clock())
        failed += [each.error for each in batch if isinstance(each.error, DeskError)]
        done += len(batch)
        tell("bots", done, len(ids))
    return len(ids)


def _nobody(_stage: str, _done: int, _wanted: int) -> None:
    """Nobody is told."""
