"""The sync: a cold pass within Recall's limits, a warm one without, what it holds in memory and what it writes."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench.memory import most_megabytes
from bench.table import Row, beside, never, single
from lib.clock import utc_now
from lib.recall_api import BACKGROUND, open_recall
from lib.store import Store, migrate, open_store, passes
from lib.store.leases import new_holder
from lib.sync.full_pass import THREADS, run_pass
from tests.contract.recall_api.scripted_recall import answer, meeting, serving
from tests.contract.sync.passes.answering import Workspace
from tests.running import clean_environment, free_port, running

USERS, MEETINGS = 1000, 5
TOKENS_A_MINUTE = 300
MOST_OF_THE_BUDGETS_TIME = 1.05
LATENCY_MS = 50
MOST_OF_IDEAL = 2
EARLY = 200
"""Users after which memory is looked at for the first time."""
KEPT_PER_USER_KB = 10
"""A token, a name, a time: what each user may leave behind in memory."""
LONGEST_SECONDS = 600
MOST_OF_THE_ENORMOUS_MB = 400
KEY = "sandbox-key"
WRITTEN_BY_READS = ("calendar_user", "entry", "entry_details", "bot", "observation", "preferences", "last_read")


def measure_syncing(folder: Path) -> list[Row]:
    """A cold pass as a process of its own takes three minutes, because Recall hands out 300 tokens a minute."""
    return [*_cold_pass(folder), *_warm_pass(folder), *_enormous(folder)]


def _cold_pass(folder: Path) -> list[Row]:
    """From nothing, with the sandbox's limits on: seconds until all meetings are read, and the process's memory."""
    with _sandbox(folder) as url:
        store_url = f"sqlite:///{folder / 'cold.db'}"
        migrate(store_url)
        with closing(open_store(store_url, recall_base_url=url)) as store, _sync(url, store_url, folder) as sync:
            began = time.monotonic()
            _until(sync, lambda: _counted(store, "users_done") >= EARLY)
            early = most_megabytes(sync.pid)
            _until(sync, lambda: _stage(store) not in ("", "users", "meetings"))
            seconds, late = time.monotonic() - began, most_megabytes(sync.pid)
            _until(sync, lambda: sync.poll() is not None)
            whole, done = time.monotonic() - began, _counted(store, "users_done")
    least = USERS / TOKENS_A_MINUTE * 60
    name = f"sync, cold pass over {done:,} users with limits on"
    return [
        beside(f"{name}: tokens and meetings", seconds, least, "s", most=MOST_OF_THE_BUDGETS_TIME),
        single(f"{name}: all of it, bots and judging too", whole, "s"),
        single(f"sync, memory at most after {EARLY} users", early, "MB"),
        single(f"sync, further memory for the next {USERS - EARLY} users", late - early, "MB", most=_may_grow()),
    ]


def _warm_pass(folder: Path) -> list[Row]:
    """A second pass in the process that made the first, limits off: its tokens live, and nothing has changed."""
    still = ["--no-rate-limits", "--latency-ms", str(LATENCY_MS), "--now", utc_now().isoformat()]
    store_url = f"sqlite:///{folder / 'warm.db'}"
    migrate(store_url)
    with (
        _sandbox(folder, *still) as url,
        closing(open_store(store_url, recall_base_url=url)) as store,
        # Without a pace: what 300 tokens a minute cost is measured above.
        open_recall(url, SecretStr(KEY), retry_policy=BACKGROUND) as recall,
    ):
        run_pass(store, recall, holder=new_holder())
        with _rows_written() as written:
            second = run_pass(store, recall, holder=new_holder())
    ideal = USERS * LATENCY_MS / 1000 / THREADS
    name = f"sync, second pass, {USERS:,} users, {THREADS} at once, {LATENCY_MS} ms an answer"
    return [
        beside(name, second.seconds, ideal, "s", most=MOST_OF_IDEAL),
        never("sync, rows written by storing unchanged users", sum(written), second.counts["users_done"]),
    ]


def _enormous(folder: Path) -> list[Row]:
    """Eight users at once whose calendars are as long as is taken, and eight whose are longer."""
    store_url = f"sqlite:///{folder / 'enormous.db'}"
    migrate(store_url)
    with serving() as recall:
        workspace = Workspace(recall, tuple(f"user{n}" for n in range(2 * THREADS)))
        long, longer = (answer([meeting(bot_id=None, description="x" * 10_000)] * number) for number in (2_500, 9_000))
        workspace.meetings |= {name: (long, longer)[place % 2] for place, name in enumerate(workspace.names)}
        with _sync(recall.url, store_url, folder) as sync:
            most = 0.0
            while sync.poll() is None:
                with suppress(OSError, StopIteration):  # it has just ended
                    most = max(most, most_megabytes(sync.pid))
                time.sleep(0.1)
    return [
        single(f"sync, memory at most over {2 * THREADS} enormous calendars", most, "MB", most=MOST_OF_THE_ENORMOUS_MB)
    ]


@contextmanager
def _sandbox(folder: Path, *options: str) -> Iterator[str]:
    port = free_port()
    size = ["--users", str(USERS), "--meetings-per-user", str(MEETINGS), "--api-key", KEY]
    command = [sys.executable, "-m", "lib.sandbox", "--port", str(port), *size, *options]
    url = f"http://127.0.0.1:{port}"
    with running(command, folder / "synced.log", f"{url}/control/clock/"):
        yield url


@contextmanager
def _sync(url: str, store_url: str, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """`python -m lib.sync once`, as a person would run it."""
    settings = {"RECALL_API_KEY": KEY, "RECALL_BASE_URL": url, "DATABASE_URL": store_url}
    command = [sys.executable, "-m", "lib.sync", "once", "--json"]
    with (folder / "sync.log").open("wb") as log:
        process = subprocess.Popen(command, env=clean_environment() | settings, stdout=log, stderr=log)  # noqa: S603
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def _until(sync: "subprocess.Popen[bytes]", reached: Any) -> None:
    ends_at = time.monotonic() + LONGEST_SECONDS
    while not reached():
        if time.monotonic() > ends_at or (sync.poll() is not None and not reached()):
            raise AssertionError(f"the pass ended early, or never ({sync.poll()})")
        time.sleep(0.1)


def _stage(store: Store) -> str:
    with store.read() as connection:
        found = passes.latest(connection)
    return found.stage if found else ""


def _counted(store: Store, name: str) -> int:
    with store.read() as connection:
        found = passes.latest(connection)
    return found.counts.get(name, 0) if found else 0


@contextmanager
def _rows_written() -> Iterator[list[int]]:
    """Rows that statements wrote to the tables of what Recall holds, one number a statement."""
    written: list[int] = []

    def note(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        words = statement.split()
        table = words[1] if words[0] == "UPDATE" else words[2] if words[0] in ("INSERT", "DELETE") else ""
        if table in WRITTEN_BY_READS:
            written.append(max(cursor.rowcount, 0))

    event.listen(Engine, "after_cursor_execute", note)
    try:
        yield written
    finally:
        event.remove(Engine, "after_cursor_execute", note)


def _may_grow() -> float:
    return (USERS - EARLY) * KEPT_PER_USER_KB / 1000
