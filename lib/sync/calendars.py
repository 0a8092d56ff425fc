"""The second stage of a pass: the meetings of every user, side by side, into the store by the batch."""

import logging
from collections.abc import Sequence

from lib.errors import DeskError, UnknownCalendarUser
from lib.store import passes, users
from lib.store.reads import last_tries
from lib.store.users import Readable
from lib.sync import calendar
from lib.sync.calendar import Calendar
from lib.sync.crew import Crew, Done
from lib.sync.words import word_of
from lib.sync.work import IN_A_ROW, Refusals, Work

BATCH = 25
BATCH_SECONDS = 0.5

log = logging.getLogger(__name__)


def read_all(work: Work) -> None:
    """Read the meetings of all users that the pass has not tried. A user that fails is named, and keeps what it had.

    Raises a `RecallError` when Recall as a whole refuses; who was asked then is left to the next pass, and not marked.
    """
    with work.store.read() as connection:
        left = users.left(connection, work.key)
    refusals = Refusals(max(2, min(IN_A_ROW, len(left))))
    crew = Crew(left, lambda user: _read(work, user), threads=work.threads)
    for batch in crew.batches(BATCH, BATCH_SECONDS, work.stop, refusals.note):
        _keep(work, refusals.of_the_item(batch))
    if refusals.problem:
        raise refusals.problem
    work.go_on()


def _read(work: Work, user: Readable) -> Calendar:
    """One user's meetings. Who is known to be gone is not asked for: the token for it would create the user again."""
    with work.store.read() as connection:
        if not users.is_listed(connection, user.key):
            raise UnknownCalendarUser
    return calendar.read(work.recall, user.external_id, work.clock)


def _keep(work: Work, batch: Sequence[Done[Readable, Calendar]]) -> None:
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


def _store(work: Work, batch: Sequence[Done[Readable, Calendar]]) -> None:
    known = [done for done in batch if not isinstance(done.error, UnknownCalendarUser)]  # deleted since the list
    with work.write() as (connection, counts):
        tries, now = last_tries(connection), work.clock()
        for done in known:
            if done.result is None:
                users.failed(connection, done.item.id, word_of(done.error or RuntimeError()), at=now)
                counts["users_failed"] += 1
            else:
                changes = calendar.keep(connection, done.item.id, done.result, now=now, tries=tries)
                counts["meetings_seen"] += len(done.result.entries)
                counts["meetings_changed"] += calendar.changed(changes)
        passes.tried(connection, work.key, [done.item.key for done in known])
        counts["users_done"] += len(batch)
        counts["tokens_minted"] = work.tokens_minted
