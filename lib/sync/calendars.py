"""The second stage of a pass: the meetings of every user, side by side, into the store by the batch."""

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
from lib.sync import calendar
from lib.sync.calendar import Calendar
from lib.sync.failure_words import word_of
from lib.sync.slow_calendars import was_slow
from lib.sync.stage import IN_A_ROW, Refusals, Work
from lib.sync.worker_pool import Crew, Done
from lib.writes import lost_calendar
from lib.writes.lost_calendar import Looked

BATCH = 25
BATCH_SECONDS = 0.5
SLOW_THREADS = 2
"""How many users that were slow last time are read at the same time, of all that are."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    """What came of one user: its meetings, or what its connections are after a 422. Recall took `seconds` over it."""

    calendar: Calendar | None
    looked: Looked | None
    seconds: float


def read_all(work: Work) -> None:
    """Read the meetings of all users that the pass has not tried. A user that fails is named, and keeps what it had;
    one that was slow last time comes last.

    Raises a `RecallError` when Recall as a whole refuses; who was asked then is left to the next pass, and not marked.
    """
    with work.store.read() as connection:
        left = users.left(connection, work.key)
    refusals = Refusals(max(2, min(IN_A_ROW, len(left))))
    crew = Crew(
        [user for user in left if not user.slow],
        lambda user: _read(work, user),
        threads=work.threads,
        last=[user for user in left if user.slow],
        last_threads=SLOW_THREADS,
    )
    for batch in crew.batches(BATCH, BATCH_SECONDS, work.stop, refusals.note):
        _keep(work, refusals.of_the_item(batch))
    if refusals.problem:
        raise refusals.problem
    work.go_on()


def read_again(work: Work, again: Sequence[Readable]) -> None:
    """Read users once more of whom the pass has stored nothing, because it was not told whose their entries are."""
    for user in again:
        work.go_on()
        try:
            found = calendar.read(work.recall, user.external_id, work.clock)
        except (RecallKeyRefused, RecallOutOfCredit):
            raise
        except (RecallError, UnknownCalendarUser):  # it stays marked as not read
            continue
        with work.write() as (connection, counts):
            changes = calendar.keep(connection, user.id, found, now=work.clock())
            counts["meetings_changed"] += calendar.changed(changes)
            counts["users_failed"] -= changes.doubt is None


def _read(work: Work, user: Readable) -> Read:
    """One user's meetings. Who is known to be gone is not asked for: the token for it would create the user again."""
    with work.store.read() as connection:
        if not users.is_listed(connection, user.key):
            raise UnknownCalendarUser
    with timing_meetings() as watch:
        try:
            found = calendar.read(work.recall, user.external_id, work.clock)
        except RecallCalendarLost as refused:
            looked = lost_calendar.look(work.recall, user.id, user.external_id, refused, work.clock)
            return Read(None, looked, watch.seconds)
    return Read(found, None, watch.seconds)


def _keep(work: Work, batch: Sequence[Done[Readable, Read]]) -> None:
    """Store a batch; where one of it cannot be stored because of a defect, each by itself, and that one as failed."""
    try:
        return _store(work, batch)
    except DeskError:
        raise
    except Exception as defect:
        log.exception("the meetings of a user could not be stored")
        if len(batch) > 1:
            for done in batch:
                _keep(work, [done])
        elif batch and batch[0].error is None:
            _store(work, [Done(batch[0].item, None, defect)])
        else:
            raise


def _store(work: Work, batch: Sequence[Done[Readable, Read]]) -> None:
    known = [done for done in batch if not isinstance(done.error, UnknownCalendarUser)]  # deleted since the list
    with work.write() as (connection, counts):
        tries, now = last_tries(connection), work.clock()
        for done in known:
            if done.result is not None and done.result.calendar is not None:
                changes = calendar.keep(connection, done.item.id, done.result.calendar, now=now, tries=tries)
                counts["meetings_seen"] += len(done.result.calendar.entries)
                counts["meetings_changed"] += calendar.changed(changes)
                counts["users_failed"] += changes.doubt is not None
                counts["doubted"] += changes.doubt is not None
            else:
                users.failed(connection, done.item.id, word_of(_problem(connection, done, now)), at=now)
                counts["users_failed"] += 1
            _note_speed(work, connection, done)
        passes.tried(connection, work.key, [done.item.key for done in known])
        counts["users_done"] += len(batch)
        counts["tokens_minted"] = work.tokens_minted


def _problem(connection: Transaction, done: Done[Readable, Read], now: datetime) -> Exception:
    """Why there are no meetings. What was seen of the connections after a 422 is kept."""
    if done.result is not None and done.result.looked is not None:
        return lost_calendar.keep(connection, done.item.id, done.result.looked, now=now)
    return done.error or RuntimeError()


def _note_speed(work: Work, connection: Transaction, done: Done[Readable, Read]) -> None:
    """Only where it differs from the time before."""
    seconds = done.result.seconds if done.result is not None and done.result.calendar is not None else None
    slow = was_slow(seconds, done.error, work.slow_after)
    if slow != done.item.slow:
        users.note_speed(connection, done.item.id, slow=slow)
