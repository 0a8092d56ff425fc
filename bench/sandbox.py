"""The sandbox at its largest: how soon it serves, and what memory it takes."""

import sys
from itertools import islice
from pathlib import Path
from time import perf_counter

from pydantic import SecretStr

from bench.memory import megabytes
from bench.table import Row, single
from lib.clock import utc_now
from lib.recall_api import Recall, open_recall
from lib.sync.user_meetings import window_of
from tests.running import free_port, running

USERS, MEETINGS = 10_000, 100
USERS_READ, BOTS_READ = 300, 300
MOST_SECONDS = 5
MOST_MEGABYTES = 1000
KEY = "sandbox-key"


def measure_sandbox(folder: Path) -> list[Row]:
    """10,000 users with 100 meetings each: until the first page of users is answered, then while much is read."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    size = ["--users", str(USERS), "--meetings-per-user", str(MEETINGS), "--no-rate-limits", "--api-key", KEY]
    command = [sys.executable, "-m", "lib.sandbox", "--port", str(port), *size]
    began = perf_counter()
    with running(command, folder / "large.log", f"{url}/control/clock/") as process:
        recall = open_recall(url, SecretStr(KEY))
        users = recall.list_users().rows
        serving = perf_counter() - began
        at_start = megabytes(process.pid)
        began = perf_counter()
        _read_much(recall, [user.external_id for user in users if user.external_id and user.connected][:USERS_READ])
        reading = perf_counter() - began
        return [
            single("sandbox 10,000 x 100: until all users are answered", serving, "s", most=MOST_SECONDS),
            single("sandbox 10,000 x 100: memory then", at_start, "MB", most=MOST_MEGABYTES),
            single(f"sandbox: reading {USERS_READ} users' meetings and {BOTS_READ} bots", reading, "s"),
            single("sandbox: memory after that", megabytes(process.pid), "MB", most=MOST_MEGABYTES),
        ]


def _read_much(recall: Recall, external_ids: list[str]) -> None:
    window = window_of(utc_now())
    calendars = [recall.list_meetings(id, window.after, window.before).rows for id in external_ids]
    bots = dict.fromkeys(entry.bot_id for entries in calendars for entry in entries if entry.bot_id)
    for bot_id in islice(bots, BOTS_READ):
        recall.get_bot(bot_id)
