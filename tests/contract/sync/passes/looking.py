"""What tests of the sync look at: the store by its own answers and by its bare rows, and Recall without our client."""

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from lib.clock import Clock, utc_now
from lib.recall_api import Recall
from lib.store import Store, entries, passes, users
from lib.store.entries import StoredEntry
from lib.store.users import UserRow
from lib.sync import PassResult, run_pass
from lib.sync.user_meetings import window_of
from tests.running import Sandbox

OF_A_PASS = frozenset({"sync_pass", "lease", "budget", "spending"})


def a_pass(store: Store, recall: Recall, clock: Clock = utc_now, **more: Any) -> PassResult:
    asked: dict[str, Any] = {"holder": "this test", "clock": clock, "threads": 4} | more
    return run_pass(store, recall, **asked)


def everyone(store: Store) -> dict[str, UserRow]:
    """Users by Recall's id."""
    with store.read() as connection:
        return {row.user.id: row for row in users.everyone(connection)}


def calendar(store: Store, user_id: str) -> dict[str, StoredEntry]:
    """A user's entries by id."""
    with store.read() as connection:
        return {stored.entry.id: stored for stored in entries.of_user(connection, user_id)}


def latest(store: Store) -> passes.Pass:
    with store.read() as connection:
        found = passes.latest(connection)
    assert found is not None
    return found


def as_of(store: Store) -> Any:
    with store.read() as connection:
        return passes.as_of(connection)


def rows(file: Path, *, without: frozenset[str] = OF_A_PASS) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, as they stand in the file."""
    raw = sqlite3.connect(file)
    raw.row_factory = sqlite3.Row
    try:
        named = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: [dict(row) for row in raw.execute(f'SELECT * FROM "{name}" ORDER BY 1')]  # noqa: S608
            for name in named
            if name not in without
        }
    finally:
        raw.close()


class Raw:
    """Recall asked with nothing but urllib."""

    def __init__(self, sandbox: Sandbox):
        self._sandbox = sandbox

    def users(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("calendar/users/")
        return found

    def meetings(self, external_id: str) -> dict[str, dict[str, Any]]:
        token = self._ask("calendar/authenticate/", body={"user_id": external_id})["token"]
        window = window_of(utc_now())
        bounds = {"start_time_after": window.after.isoformat(), "start_time_before": window.before.isoformat()}
        found = self._ask(f"calendar/meetings/?{urlencode(bounds)}", {"x-recallcalendarauthtoken": token})
        return {each["id"]: each for each in found}

    def bot(self, bot_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self._ask(f"bot/{bot_id}/")
        return found

    def _ask(self, path: str, headers: Mapping[str, str] | None = None, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        sent = headers or {"Authorization": f"Token {self._sandbox.key}"}
        request = Request(f"{self._sandbox.url}/api/v1/{path}", data, {"Content-Type": "application/json", **sent})  # noqa: S310
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
            return json.loads(answer.read())
