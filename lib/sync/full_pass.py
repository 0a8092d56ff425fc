"""One pass over the workspace: users, their meetings, bots, verdicts. It resumes one that died half-way."""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from zoneinfo import ZoneInfo

from lib.clock import Clock, utc_now
from lib.domain import CalendarUser
from lib.errors import RecallError, SyncBusy, SyncStopped
from lib.recall_api import Recall
from lib.store import Store, passes, privacy, users
from lib.store.freshness import SYNC_LEASE
from lib.store.leases import HeldLease, held
from lib.store.passes import PassState
from lib.sync import bots_stage, meetings_stage, owners
from lib.sync.agreement import measure
from lib.sync.failures import failure_sentence
from lib.sync.on_demand import store_users
from lib.sync.recount import recount
from lib.sync.running_pass import RunningPass
from lib.sync.user_meetings import SLOW_AFTER_SECONDS
from lib.sync.verdicts_stage import judge_and_end
from lib.writes import WriteContext, settle

THREADS = 8
"""How many users, and later bots, are read at the same time."""
LEASE_LASTS = timedelta(seconds=45)
LEASE_RENEWED_EVERY_SECONDS = 10.0
RESUMED_WITHIN = timedelta(hours=1)
"""An older pass is not resumed: what it read first would be too old at its end."""
KEEP_PERSONAL = timedelta(days=90)
GONE_FOR = timedelta(hours=24)
"""A user that has been missing from the users list for so long was deleted."""
UTC = ZoneInfo("UTC")
LIST_NOT_WHOLE = "Recall's list of users named a further page that could not be read, so some users may be missing."

COUNTED = (
    "users",  # in the list
    "users_without_external_id",
    "users_unreadable",  # rows of the list
    "users_odd",  # rows of it with parts that were left out
    "users_unlisted",  # not in the list, and held as they were, because it is doubted
    "users_done",  # tried
    "users_failed",
    "meetings_seen",
    "meetings_changed",  # new, different, gone or back
    "bots_wanted",
    "bots_done",  # tried
    "bots_seen",  # read
    "bots_failed",
    "bots_unreadable",  # rows of the list of bots
    "bots_odd",  # rows of it with parts that were left out
    "users_due",  # for judging
    "users_judged",
    "doubted",  # answers of which nothing, or nobody's absence, was concluded
    "tokens_minted",
)


@dataclass(frozen=True, slots=True)
class Failure:
    """A user that could not be read, and why, as a sentence."""

    user: CalendarUser
    why: str


@dataclass(frozen=True, slots=True)
class PassResult:
    """How a pass ended. RUNNING: this process was asked to end, and the next one resumes the pass."""

    key: int
    state: PassState
    counts: Mapping[str, int]
    """By the names in `COUNTED`."""
    seconds: float
    """How long this process worked at it."""
    failures: tuple[Failure, ...] = field(default=())
    problem: RecallError | None = None
    """What cut the pass off."""
    sentence: str | None = None
    """Why it is not complete, in words for everybody."""


def run_pass(
    store: Store,
    recall: Recall,
    *,
    holder: str,
    clock: Clock = utc_now,
    threads: int = THREADS,
    keep_personal: timedelta = KEEP_PERSONAL,
    zone: ZoneInfo = UTC,
    stop: threading.Event | None = None,
    slow_after: float = SLOW_AFTER_SECONDS,
) -> PassResult:
    """Run a pass, or the rest of one whose process died. It answers all requests for a pass.

    `holder` names this process; `stop` ends the pass early; `zone` is the report's, for the months that are compared
    when the counting itself has changed. A user whose meetings take Recall longer than `slow_after` seconds is read
    last the next time. Raises `SyncBusy` when another process runs the sync, and `StoreError`; what was read until then
    is kept, and the next pass resumes there.
    """
    began = monotonic()
    with held(
        store,
        SYNC_LEASE,
        holder=holder,
        ttl=LEASE_LASTS,
        renews_every=LEASE_RENEWED_EVERY_SECONDS,
        taken=SyncBusy,
        clock=clock,
    ) as lease:
        running = _begin(recall, lease, stop or threading.Event(), threads)
        running.slow_after = slow_after
        try:
            recount(running, zone)
            problem = _run(running, keep_personal)
        except SyncStopped:
            return _result(running, monotonic() - began, None)
        measure(store, clock=clock)
    return _result(running, monotonic() - began, problem)


def _begin(recall: Recall, lease: HeldLease, stop: threading.Event, threads: int) -> RunningPass:
    store, clock = lease.store, lease.clock
    with store.write() as connection:
        lease.require(connection)
        begun = passes.begin(connection, now=clock(), resume_within=RESUMED_WITHIN)
        passes.take_requests(connection, now=clock())
    counts = Counter(dict.fromkeys(COUNTED, 0) | dict(begun.counts))
    return RunningPass(store, recall, clock, lease, stop, threads, begun.key, begun.begun_at, begun.stage, counts)


def _run(running: RunningPass, keep_personal: timedelta) -> RecallError | None:
    """Run the stages in order; returns what cut the pass off, if anything."""
    try:
        _erase(running, keep_personal)
        whole = _read_everything(running)
    except RecallError as problem:
        judge_and_end(running, PassState.PARTIAL, str(problem))
        return problem
    if whole:
        judge_and_end(running, PassState.COMPLETE)
    else:
        judge_and_end(running, PassState.PARTIAL, LIST_NOT_WHOLE)
    return None


def _read_everything(running: RunningPass) -> bool:
    """Read users, settle writes, read meetings and bots; returns whether no page of the users list was missing."""
    running.begin_stage("users")
    whole = _read_users(running)
    settle(WriteContext(running.store, running.recall, running.clock))
    running.begin_stage("meetings")
    meetings_stage.read_all(running)
    owners.settle_contests(running)
    bots_stage.read_doubted_again(running)
    bots_stage.read_all(running)
    return whole


def _read_users(running: RunningPass) -> bool:
    """Read the users list; returns whether no page of it was missing."""
    read_at = running.now()
    found = running.recall.list_users()
    with running.write() as (connection, counts):
        store_users(connection, found, read_at=read_at, now=running.now())
        counts["users"] = len(found)
        counts["users_without_external_id"] = sum(not user.external_id for user in found)
        counts["users_unreadable"] = len(found.unreadable)
        counts["users_odd"] = found.odd
        counts["users_unlisted"] = users.count_unlisted(connection)
        counts["doubted"] += counts["users_unlisted"] > 0
        counts["tokens_minted"] = running.tokens_minted
    return found.complete


def _erase(running: RunningPass, keep_personal: timedelta) -> None:
    """Erase details of meetings that ended more than `keep_personal` ago, and users that have been gone for a day.

    This does not wait for Recall to answer.
    """
    now = running.clock()
    before = (now - keep_personal).replace(minute=0, second=0, microsecond=0)  # once an hour there is something to do
    with running.store.read() as connection:
        gone = users.gone_since(connection, now - GONE_FOR)
        old = privacy.erased_before(connection) != before
    if not gone and not old:
        return
    with running.write() as (connection, _):
        if old:
            privacy.erase_personal(connection, before)
        for user_id in gone:
            privacy.erase_user(connection, user_id, now=now)


def _result(running: RunningPass, seconds: float, problem: RecallError | None) -> PassResult:
    with running.store.read() as connection:
        found = next(each for each in passes.recent(connection) if each.key == running.key)
        failed = users.failed_since(connection, running.begun_at)
    failures = tuple(Failure(row.user, failure_sentence(row.failure or "")) for row in failed)
    return PassResult(running.key, found.state, found.counts, seconds, failures, problem, found.problem)
