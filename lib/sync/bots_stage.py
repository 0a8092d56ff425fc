"""The third stage of a pass: what became of the bots of entries that have begun. A final bot is never read again.

List pages first, while they pay: a page is one of 60 a minute and a single read one of 300 (contract 9.1), so that a
page is worth five reads. Windows on `join_at` miss bots that have joined, so that the list is read as it is.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lib.clock import Clock
from lib.domain import Bot, Listing
from lib.errors import RecallError, RecallKeyRefused, RecallOutOfCredit
from lib.recall_api import Recall
from lib.recording.bot_result import bot_result
from lib.store import Transaction, bots, passes, version
from lib.store.bots import DueBots
from lib.sync.failures import failure_code
from lib.sync.running_pass import CircuitBreaker, RunningPass
from lib.sync.worker_pool import Finished, WorkerPool

WORTH_OF_A_PAGE = 300 / 60
"""How many single reads cost as much as a page."""
SEARCH = 0.1
"""The list begins with future bots: it is left after this share of the cost of single reads was spent in vain."""
BATCH = 50
BATCH_SECONDS = 1.0
AT_ONCE = 500
LOOKS_BACK, LOOKS_AHEAD, OVERLAP = timedelta(days=2), timedelta(minutes=30), timedelta(hours=1)
"""The window of bots without an entry: from shortly before the last complete pass until shortly after this one."""
WINDOW_PAGES = 20
"""The most pages of that window: a workspace may send thousands of bots in other ways."""

DOUBTED_BEFORE = timedelta(hours=1)
"""Recall may have been wrong for so long before the first answer that was doubted."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BotRead:
    """A bot as it was read. `read_at` is when that began (UTC)."""

    read_at: datetime
    bot: Bot


def read(recall: Recall, bot_id: str, clock: Clock) -> BotRead:
    """Read a bot, under the id by which entries name it. Raises a `RecallError`, or `CallNotAllowed`."""
    return BotRead(clock(), replace(recall.get_bot(bot_id), id=bot_id))


def keep(connection: Transaction, batch: Sequence[Finished[str, BotRead]], *, now: datetime) -> None:
    """Store bots that were read, and which could not be."""
    whole = [done.result for done in batch if done.result is not None]
    if whole:
        first = min(each.read_at for each in whole)
        bots.store(connection, [(each.bot, bot_result(each.bot).final) for each in whole], read_at=first)
    for done in batch:
        if done.error is not None:
            bots.failed(connection, done.item, failure_code(done.error), at=now)


def read_all(running: RunningPass) -> None:
    """Read all due bots that the pass has not tried, and some that no entry names. One that cannot be read is marked.

    Raises a `RecallError` when Recall as a whole refuses.
    """
    with running.store.read() as connection:
        wanted = bots.count_due(connection, _wanted(running))
    running.begin_stage("bots", bots_wanted=wanted + running.counts["bots_done"])
    if wanted > WORTH_OF_A_PAGE:
        _try_list(running, lambda: _read_list(running, wanted))
    _try_list(running, lambda: _read_window(running))
    while _read_some(running):
        running.raise_if_stopped()


def read_doubted_again(running: RunningPass) -> None:
    """Have bots that became final while Recall's answers were doubted read once more.

    While passes meet a doubt, only its beginning is remembered; the first pass without a doubt marks these bots.
    """
    with running.write() as (connection, counts):
        since = version.bots_doubted_since(connection)
        if counts["doubted"]:
            if since is None:
                version.doubt_bots(connection, since=running.begun_at - DOUBTED_BEFORE)
        elif since is not None:
            bots.doubt(connection, since)
            version.doubt_bots(connection, since=None)


def _wanted(running: RunningPass) -> DueBots:
    return DueBots(running.begun_at, tried_before=running.begun_at, now=running.now())


def _read_window(running: RunningPass) -> None:
    """Read the bots that join about now from the list, because some are named by no entry (contract 17, N6).

    A window ahead shows a bot before it has joined, because Recall clears `join_at` then (contract 9.1).
    """
    with running.store.read() as connection:
        before = passes.as_of(connection)
    after = max(before or running.begun_at, running.begun_at - LOOKS_BACK) - OVERLAP
    read_at = running.now()
    for number, page in enumerate(running.recall.list_bots(after, running.begun_at + LOOKS_AHEAD), 1):
        _keep_page(running, page, read_at)
        if number == WINDOW_PAGES:
            return
        running.raise_if_stopped()
        read_at = running.now()


def _try_list(running: RunningPass, read_it: Callable[[], None]) -> None:
    """Read the list, which only saves reads: if it fails, the bots are read one by one, and that tells why.

    Raises a `RecallError` that any other call would meet too.
    """
    try:
        read_it()
    except (RecallKeyRefused, RecallOutOfCredit):
        raise
    except RecallError as problem:
        log.warning("the list of bots could not be read, so they are read one by one: %s", problem)


def _read_list(running: RunningPass, wanted: int) -> None:
    """Take due bots from the list, page by page, until it ends or costs more than single reads."""
    credit = limit = 1 + wanted / WORTH_OF_A_PAGE * SEARCH
    read_at = running.now()
    for page in running.recall.list_bots():
        found = _keep_page(running, page, read_at)
        wanted -= found
        credit = min(limit, credit + found / WORTH_OF_A_PAGE - 1)
        if credit < 0 or wanted <= WORTH_OF_A_PAGE:
            return
        running.raise_if_stopped()
        read_at = running.now()


def _keep_page(running: RunningPass, page: Listing[Bot], read_at: datetime) -> int:
    """Store the due bots of a page, and those that no entry names so far; returns how many were due."""
    with running.write() as (connection, counts):
        ids = [bot.id for bot in page]
        wanted = bots.due_among(connection, _wanted(running), ids)
        new = bots.unknown_among(connection, ids)
        found = [Finished(bot.id, BotRead(read_at, bot), None) for bot in page if bot.id in wanted or bot.id in new]
        keep(connection, found, now=running.now())
        counts.update(bots_seen=len(wanted), bots_done=len(wanted))
        counts.update(bots_unreadable=len(page.unreadable), bots_odd=page.odd)
    return len(wanted)


def _read_some(running: RunningPass) -> bool:
    """Read some of the due bots one by one; returns False when there are none."""
    with running.store.read() as connection:
        ids = bots.due(connection, _wanted(running), limit=AT_ONCE)
    breaker = CircuitBreaker()
    pool = WorkerPool(ids, lambda bot_id: read(running.recall, bot_id, running.now), threads=running.threads)
    for batch in pool.batches(BATCH, BATCH_SECONDS, running.stop, breaker.record):
        _keep_batch(running, breaker.conclusive(batch))
    if breaker.problem:
        raise breaker.problem
    running.raise_if_stopped()
    return bool(ids)


def _keep_batch(running: RunningPass, batch: Sequence[Finished[str, BotRead]]) -> None:
    failures = sum(1 for done in batch if done.error is not None)
    with running.write() as (connection, counts):
        keep(connection, batch, now=running.now())
        counts.update(bots_seen=len(batch) - failures, bots_failed=failures, bots_done=len(batch))
