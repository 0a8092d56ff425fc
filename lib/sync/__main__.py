"""`python -m lib.sync once [--json]` and `python -m lib.sync run`: Recall -> store. `believe` and `check`: doubts.

Exit codes of `once`: 0 the pass is complete; 3 it is partial, or users failed, who are named on stderr; 1 nothing could
be done, and the reason is on stderr; 2 wrong usage. `run` ends with 0 on INT or TERM.
"""

import argparse
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import NoReturn
from zoneinfo import ZoneInfo

from lib import logs
from lib.clock import utc_now
from lib.errors import DeskError, RecallUnreachable, SyncStopped
from lib.recall_api import BACKGROUND, Recall, open_recall
from lib.settings import Settings, load_settings
from lib.store import Store, contests, migrate, open_store, users_list
from lib.store.leases import new_holder
from lib.store.passes import PassState
from lib.sync.full_pass import PassResult, run_pass
from lib.sync.loop import PassLoop
from lib.sync.shared_rate_limiter import SharedRateLimiter

COUNTED = (
    "users",
    "users_failed",
    "users_without_external_id",
    "meetings_seen",
    "meetings_changed",
    "bots_seen",
    "tokens_minted",
)


def main(arguments: list[str] | None = None, *, writes_log: bool = False) -> int:
    """Run the command and return its exit code. `writes_log`: the process, and so its log, is the command's alone."""
    asked = _parser().parse_args(arguments)
    stop = _ends_on_signals()
    try:
        settings = load_settings()
        # What stderr says of `once` is for scripts too: a line for each user, and nothing of every single call.
        if writes_log:
            logs.set_up("sync", form=settings.log_format, secrets=settings.secrets, level=asked.logs)
        with _opened(settings, stop) as (store, recall):
            code: int = asked.run(_Command(asked, settings, store, recall, stop))
            return code
    except DeskError as error:
        print(error, file=sys.stderr)
        return 1


@dataclass(frozen=True, slots=True)
class _Command:
    """A command's arguments, and what it works with."""

    asked: argparse.Namespace
    settings: Settings
    store: Store
    recall: Recall
    stop: threading.Event


@contextmanager
def _opened(settings: Settings, stop: threading.Event) -> Iterator[tuple[Store, Recall]]:
    migrate(settings.store_url)
    store = open_store(settings.store_url, recall_base_url=settings.workspace_url)
    try:
        sleep = partial(_sleep, stop)
        rate_limiter = SharedRateLimiter(store, sleep=sleep)
        with open_recall(
            settings.base_url, settings.api_key, retry_policy=BACKGROUND, rate_limiter=rate_limiter, sleep=sleep
        ) as recall:
            yield store, recall
    finally:
        store.close()


def _sleep(stop: threading.Event, seconds: float) -> None:
    """Wait for a budget or before another attempt, unless the process is to end."""
    if stop.wait(seconds):
        raise SyncStopped


def _once(command: _Command) -> int:
    done = _pass(command, new_holder())
    for failure in done.failures:
        print(f"{_plain(failure.user.label)}: {failure.why}", file=sys.stderr)
    if done.counts.get("users_unlisted"):
        unlisted = done.counts["users_unlisted"]
        print(f"{unlisted} users are not in Recall's list, which is doubted; they stay as they were.", file=sys.stderr)
    if done.counts.get("users_unreadable"):
        print(f"{done.counts['users_unreadable']} rows of the users list could not be read.", file=sys.stderr)
    if done.sentence:
        print(_why(done, command.settings), file=sys.stderr)
    if done.state is PassState.RUNNING:
        print("Stopped before its end; the next pass goes on from here.", file=sys.stderr)
    if done.problem and not done.counts.get("users_done"):
        return 1
    print(json.dumps(_counted(done)) if command.asked.json else _told(done))
    return 0 if done.state is PassState.COMPLETE and not _failed(done) else 3


def _why(done: PassResult, settings: Settings) -> str | None:
    if isinstance(done.problem, RecallUnreachable) and settings.uses_own_sandbox:
        return (
            f"The sandbox does not answer at {settings.base_url}. Start it, or set RECALL_API_KEY for the real Recall."
        )
    return done.sentence


def _run(command: _Command) -> int:
    holder, every = new_holder(), timedelta(minutes=command.settings.sync_minutes)
    PassLoop(command.store, lambda: _pass(command, holder), every, utc_now, command.stop).run()
    return 0


def _pass(command: _Command, holder: str) -> PassResult:
    keep = timedelta(days=command.settings.keep_personal_days)
    zone = ZoneInfo(command.settings.report_time_zone)
    return run_pass(command.store, command.recall, holder=holder, keep_personal=keep, zone=zone, stop=command.stop)


def _believe(command: _Command) -> int:
    with command.store.write() as connection:
        gone = users_list.believe(connection, read_at=utc_now())
    print(f"Users taken for gone: {gone}")
    return 0


def _check(command: _Command) -> int:
    with command.store.write() as connection:
        pairs = contests.note_shared(connection, at=utc_now())
    print(f"Pairs of users with the same entries: {pairs}")
    if pairs:
        print("The next two passes ask Recall whose they are; System names them.")
    return 0


def _failed(done: PassResult) -> int:
    return done.counts.get("users_failed", 0) + done.counts.get("users_unreadable", 0)


def _counted(done: PassResult) -> dict[str, int | float]:
    counted = {name: done.counts.get(name, 0) for name in COUNTED}
    return counted | {"users_failed": _failed(done), "seconds": round(done.seconds, 3)}


def _told(done: PassResult) -> str:
    counts = _counted(done)
    return (
        f"{counts['users']} users, {counts['meetings_seen']} meetings ({counts['meetings_changed']} changed), "
        f"{counts['bots_seen']} bots, in {done.seconds:.1f} s"
    )


def _plain(text: str) -> str:
    """Text from outside made safe for a terminal: nothing in it moves the cursor or begins a line."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)[:200]


def _ends_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lib.sync", description="Brings the workspace into the store.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    once = commands.add_parser("once", help="one pass")
    once.add_argument("--json", action="store_true", help="print what was done as one JSON object")
    once.set_defaults(run=_once, logs=logging.ERROR)
    believe = commands.add_parser("believe", help="take users whom Recall does not list any more for gone now")
    believe.set_defaults(run=_believe, logs=logging.ERROR)
    check = commands.add_parser("check", help="look for entries that two users have")
    check.set_defaults(run=_check, logs=logging.ERROR)
    run = commands.add_parser("run", help="pass after pass, until it is ended")
    run.set_defaults(run=_run, logs=logging.INFO)
    return parser


def _end(code: int) -> NoReturn:
    """End the process at once, after flushing its output.

    Nothing waits for threads that still read: if Python shut down under them, one in the middle of a long answer would
    abort the process.
    """
    logs.flush()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _end(main(writes_log=True))
