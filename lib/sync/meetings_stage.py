"""The second stage of a pass: the meetings of every user, read in parallel and stored in batches."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lib.errors import (
    DeskError,
    RecallCalendarLost,
    RecallError,
    RecallKeyRefused,
    RecallOutOfCredit,
    UnknownCalendarUser,
)
from lib.recall_api import timing_meetings
from lib.store import Transaction, passes, users
from lib.store.reads import last_tries
from lib.store.users import Readable
from lib.sync import user_meetings
from lib.sync.failures import failure_code
from lib.sync.running_pass import FAILURES_IN_A_ROW, CircuitBreaker, RunningPass
from lib.sync.user_meetings import MeetingsRead
from lib.sync.worker_pool import Finished, WorkerPool
from lib.writes import lost_calendar
from lib.writes.lost_calendar import ConnectionCheck

BATCH = 25
BATCH_SECONDS = 0.5
SLOW_THREADS = 2
"""How many users that were slow last time are read at the same time."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MeetingsOutcome:
    """What was read of one user: its meetings, or its connections after a 422. Recall took `seconds` over it."""

    calendar: MeetingsRead | None
    check: ConnectionCheck | None
    seconds: float


def read_all(running: RunningPass) -> None:
    """Read the meetings of all users that the pass has not tried, the slow ones last.

    A user that fails is marked, and keeps what was read before. Raises a `RecallError` when Recall as a whole refuses;
    the users then asked for are left to the next pass, unmarked.
    """
    with running.store.read() as connection:
        left = users.left(connection, running.key)
    breaker = CircuitBreaker(max(2, min(FAILURES_IN_A_ROW, len(left))))
    pool = WorkerPool(
        [user for user in left if not user.slow],
        lambda user: _read(running, user),
        threads=running.threads,
        last=[user for user in left if user.slow],
        last_threads=SLOW_THREADS,
    )
    for batch in pool.batches(BATCH, BATCH_SECONDS, running.stop, breaker.record):
        _keep(running, breaker.conclusive(batch))
    if breaker.problem:
        raise breaker.problem
    running.raise_if_stopped()


def read_again(running: RunningPass, again: Sequence[Readable]) -> None:
    """Read once more users of whom the pass stored nothing because it was not known whose their entries are."""
    for user in again:
        running.raise_if_stopped()
        try:
            found = user_meetings.read(running.recall, user.external_id, running.clock)
        except (RecallKeyRefused, RecallOutOfCredit):
            raise
        except (RecallError, UnknownCalendarUser):  # it stays marked as not read
            continue
        with running.write() as (connection, counts):
            changes = user_meetings.keep(connection, user.id, found, now=running.clock())
            counts["meetings_changed"] += user_meetings.changed(changes)
            counts["users_failed"] -= changes.doubt is None


def _read(running: RunningPass, user: Readable) -> MeetingsOutcome:
    """Read one user's meetings, unless the user is known to be gone: minting a token would create it again."""
    with running.store.read() as connection:
        if not users.is_listed(connection, user.key):
            raise UnknownCalendarUser
    with timing_meetings() as watch:
        try:
            found = user_meetings.read(running.recall, user.external_id, running.clock)
        except RecallCalendarLost as refused:
            check = lost_calendar.check_connections(running.recall, user.id, user.external_id, refused, running.clock)
            return MeetingsOutcome(None, check, watch.seconds)
    return MeetingsOutcome(found, None, watch.seconds)


def _keep(running: RunningPass, batch: Sequence[Finished[Readable, MeetingsOutcome]]) -> None:
    """Store a batch; where a defect prevents it, store each item by itself, and the defective one as failed."""
    try:
        return _store(running, batch)
    except DeskError:
        raise
    except Exception as defect:
        log.exception("the meetings of a user could not be stored")
        if len(batch) > 1:
            for done in batch:
                _keep(running, [done])
        elif batch and batch[0].error is None:
            _store(running, [Finished(batch[0].item, None, defect)])
        else:
            raise


def _store(running: RunningPass, batch: Sequence[Finished[Readable, MeetingsOutcome]]) -> None:
    known = [done for done in batch if not isinstance(done.error, UnknownCalendarUser)]  # deleted since the list
    with running.write() as (connection, counts):
        tries, now = last_tries(connection), running.clock()
        for done in known:
            if done.result is not None and done.result.calendar is not None:
                changes = user_meetings.keep(connection, done.item.id, done.result.calendar, now=now, tries=tries)
                counts["meetings_seen"] += len(done.result.calendar.entries)
                counts["meetings_changed"] += user_meetings.changed(changes)
                counts["users_failed"] += changes.doubt is not None
                counts["doubted"] += changes.doubt is not None
            else:
                users.failed(connection, done.item.id, failure_code(_problem(connection, done, now)), at=now)
                counts["users_failed"] += 1
            _note_speed(running, connection, done)
        passes.tried(connection, running.key, [done.item.key for done in known])
        counts["users_done"] += len(batch)
        counts["tokens_minted"] = running.tokens_minted


def _problem(connection: Transaction, done: Finished[Readable, MeetingsOutcome], now: datetime) -> Exception:
    """Why there are no meetings; the connections seen after a 422 are stored."""
    if done.result is not None and done.result.check is not None:
        return lost_calendar.keep_check(connection, done.item.id, done.result.check, now=now)
    return done.error or RuntimeError()


def _note_speed(running: RunningPass, connection: Transaction, done: Finished[Readable, MeetingsOutcome]) -> None:
    """Note whether the user is slow, if that changed."""
    seconds = done.result.seconds if done.result is not None and done.result.calendar is not None else None
    slow = user_meetings.was_slow(seconds, done.error, running.slow_after)
    if slow != done.item.slow:
        users.note_speed(connection, done.item.id, slow=slow)
