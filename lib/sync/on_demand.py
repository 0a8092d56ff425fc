"""Reads outside a pass, for somebody who waits: the users list, or one user with its meetings and bots."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from lib.clock import Clock, utc_now
from lib.domain import CalendarUser, Listing
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
from lib.store import Store, Transaction, bots, users, users_list
from lib.store.bots import DueBots
from lib.store.meetings import MeetingChanges
from lib.store.users import UserRow
from lib.sync import bots_stage, user_meetings
from lib.sync.agreement import measure
from lib.sync.failures import failure_code
from lib.sync.running_pass import CircuitBreaker
from lib.sync.verdicts_stage import judge_now
from lib.sync.worker_pool import WorkerPool
from lib.writes import lost_calendar

BOT_THREADS = 6
BOTS_AT_MOST = 5000
BATCH = 10
BATCH_SECONDS = 0.5
NOT_OF_THE_USER = (RecallKeyRefused, RecallOutOfCredit, RecallLimited, UnknownCalendarUser, StoreError)
"""Errors that say nothing about this user, who is not marked as failed for them."""

Progress = Callable[[str, int, int], None]
"""Called with the stage ("meetings" or "bots"), how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class UserRead:
    """What a read of one user showed. `user` is as the store has it now."""

    user: UserRow
    changes: MeetingChanges
    bots_wanted: int = 0
    bots_failed: int = 0
    problem: DeskError | None = None
    """Why bots could not be read: the last reason."""


def read_user(
    store: Store,
    recall: Recall,
    user_id: str,
    *,
    clock: Clock = utc_now,
    progress: Progress | None = None,
    with_bots: bool = True,
) -> UserRead:
    """Read the user with this uuid of Recall's into the store: itself, its meetings, and the bots of those that began.

    When the meetings cannot be read, what was read before stays, and the user is marked; bots that cannot be read are
    counted. Raises a `RecallError`, `UnknownCalendarUser`, `CalendarUserWithoutId`, or `StoreError`.
    """
    tell = progress or _no_progress
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
        raise _explain(store, recall, user_id, external_id, refused, clock) from None
    except DeskError as error:
        with store.write() as connection:
            users.failed(connection, user_id, failure_code(error), at=clock())
            users.note_speed(connection, user_id, slow=user_meetings.was_slow(None, error))
        raise
    tell("meetings", 1, 1)
    failed: list[DeskError] = []
    wanted = _read_bots(store, recall, user_id, clock, tell, failed) if with_bots else 0
    judge_now(store, user_id)
    measure(store, clock=clock, user_ids=[user_id])
    return UserRead(_find(store, user_id), changes, wanted, len(failed), failed[-1] if failed else None)


def read_users(store: Store, recall: Recall, *, now: datetime) -> Listing[CalendarUser]:
    """Read the users list into the store; `now` is when this begins. Raises a `RecallError`, or `StoreError`."""
    listing = recall.list_users()
    with store.write() as connection:
        store_users(connection, listing, read_at=now, now=utc_now())
    return listing


def store_users(connection: Transaction, listing: Listing[CalendarUser], *, read_at: datetime, now: datetime) -> None:
    """Store a users list that was read."""
    users_list.store(
        connection, listing.rows, read_at=read_at, complete=listing.complete, unreadable=listing.unreadable, now=now
    )


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
        users.note_speed(connection, user_id, slow=user_meetings.was_slow(watch.seconds, None))
        changes = user_meetings.keep(connection, user_id, read, now=clock())
    if changes.doubt is not None:
        raise changes.doubt
    return changes


def _explain(
    store: Store, recall: Recall, user_id: str, external_id: str, refused: RecallCalendarLost, clock: Clock
) -> RecallError:
    """What a 422 means, by the connections as they are now, which are stored."""
    check = lost_calendar.check_connections(recall, user_id, external_id, refused, clock)
    with store.write() as connection:
        problem = lost_calendar.keep_check(connection, user_id, check, now=clock())
        users.failed(connection, user_id, failure_code(problem), at=clock())
    return problem


def _read_bots(
    store: Store, recall: Recall, user_id: str, clock: Clock, tell: Progress, failed: list[DeskError]
) -> int:
    """Read the user's bots that are not final; returns how many, and appends errors to `failed`."""
    with store.read() as connection:
        ids = bots.due(connection, DueBots(clock(), user_id=user_id), limit=BOTS_AT_MOST)
    tell("bots", 0, len(ids))
    done, breaker = 0, CircuitBreaker()
    pool = WorkerPool(ids, lambda bot_id: bots_stage.read(recall, bot_id, clock), threads=min(BOT_THREADS, len(ids)))
    for batch in pool.batches(BATCH, BATCH_SECONDS, threading.Event(), breaker.record):
        with store.write() as connection:
            bots_stage.keep(connection, breaker.conclusive(batch), now=clock())
        failed += [each.error for each in batch if isinstance(each.error, DeskError)]
        done += len(batch)
        tell("bots", done, len(ids))
    return len(ids)


def _no_progress(_stage: str, _done: int, _wanted: int) -> None:
    """Tells nobody."""
