"""The third stage of a pass: what became of the bots of entries that have begun. A final one is never read again.

List pages first, while they pay: a page is one of 60 a minute and a single read one of 300 (contract 9.1), so that a
page is worth five reads. Windows on `join_at` miss bots that have joined, so that the list is read as it is.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lib.clock import Clock
from lib.domain import Bot
from lib.errors import RecallError, RecallKeyRefused, RecallOutOfCredit
from lib.recall_api import Recall
from lib.recording.bot import fate_of
from lib.store import Transaction, bots
from lib.store.bots import Wanted
from lib.sync import moved
from lib.sync.crew import Crew, Done
from lib.sync.words import word_of
from lib.sync.work import Refusals, Work

WORTH_OF_A_PAGE = 300 / 60
"""How many single reads cost what a page does."""
SEARCH = 0.1
"""The list begins with bots to come: this part of what single reads would cost is spent in vain before it is left."""
BATCH = 50
BATCH_SECONDS = 1.0
AT_ONCE = 500

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BotRead:
    """A bot as it was read. `read_at` is when that began (UTC)."""

    read_at: datetime
    bot: Bot


def read(recall: Recall, bot_id: str, clock: Clock) -> BotRead:
    """A bot now, under the id that entries name it by. Raises a `RecallError`, or `CallNotAllowed`."""
    return BotRead(clock(), replace(recall.get_bot(bot_id), id=bot_id))


def keep(connection: Transaction, batch: Sequence[Done[str, BotRead]], *, now: datetime) -> None:
    """Bring what came of reading some bots into the store."""
    whole = [done.result for done in batch if done.result is not None]
    if whole:
        first = min(each.read_at for each in whole)
        bots.store(connection, [(each.bot, fate_of(each.bot).final) for each in whole], read_at=first)
        moved.settle_of_bots(connection, {each.bot.id for each in whole})
    for done in batch:
        if done.error is not None:
            bots.failed(connection, done.item, word_of(done.error), at=now)


def read_all(work: Work) -> None:
    """Read all wanted bots that the pass has not tried. One that cannot be read is noted.

    Raises a `RecallError` when Recall as a whole refuses.
    """
    with work.store.read() as connection:
        wanted = bots.count_wanted(connection, _wanted(work))
    work.begin_stage("bots", bots_wanted=wanted + work.counts["bots_done"])
    if wanted > WORTH_OF_A_PAGE:
        _try_list(work, wanted)
    while _read_some(work):
        work.go_on()


def _wanted(work: Work) -> Wanted:
    return Wanted(work.begun_at, tried_before=work.begun_at, now=work.now())


def _try_list(work: Work, wanted: int) -> None:
    """The list only saves reads: where it cannot be read the bots are read one by one, which tells what is the matter.

    Raises a `RecallError` that any other call would meet too.
    """
    try:
        _read_list(work, wanted)
    except (RecallKeyRefused, RecallOutOfCredit):
        raise
    except RecallError as problem:
        log.warning("the list of bots could not be read, so they are read one by one: %s", problem)


def _read_list(work: Work, wanted: int) -> None:
    """Take what is wanted from the list, page by page, until it ends or does not pay any more."""
    credit = limit = 1 + wanted / WORTH_OF_A_PAGE * SEARCH
    read_at = work.now()
    for page in work.recall.list_bots():
        found = _keep_page(work, page.rows, read_at)
        wanted -= found
        credit = min(limit, credit + found / WORTH_OF_A_PAGE - 1)
        if credit < 0 or wanted <= WORTH_OF_A_PAGE:
            return
        work.go_on()
        read_at = work.now()


def _keep_page(work: Work, page: Collection[Bot], read_at: datetime) -> int:
    """Store what is wanted of a page; answers how many."""
    with work.write() as (connection, counts):
        wanted = bots.wanted_among(connection, _wanted(work), [bot.id for bot in page])
        found = [Done(bot.id, BotRead(read_at, bot), None) for bot in page if bot.id in wanted]
        keep(connection, found, now=work.now())
        counts.update(bots_seen=len(found), bots_done=len(found))
    return len(found)


def _read_some(work: Work) -> bool:
    """Read some of the wanted bots one by one; False when there are none."""
    with work.store.read() as connection:
        ids = bots.wanted(connection, _wanted(work), limit=AT_ONCE)
    refusals = Refusals()
    crew = Crew(ids, lambda bot_id: read(work.recall, bot_id, work.now), threads=work.threads)
    for batch in crew.batches(BATCH, BATCH_SECONDS, work.stop, refusals.note):
        _keep_batch(work, refusals.of_the_item(batch))
    if refusals.problem:
        raise refusals.problem
    work.go_on()
    return bool(ids)


def _keep_batch(work: Work, batch: Sequence[Done[str, BotRead]]) -> None:
    failures = sum(1 for done in batch if done.error is not None)
    with work.write() as (connection, counts):
        keep(connection, batch, now=work.now())
        counts.update(bots_seen=len(batch) - failures, bots_failed=failures, bots_done=len(batch))
