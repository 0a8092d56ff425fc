"""A sandbox of its own process, a store, and a client without patience: a fault is final at the first try."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from lib.clock import utc_now
from lib.domain import CalendarUser
from lib.store import Store, open_store
from tests.running import Sandbox, running_sandbox

EVERYTHING = {"record_external": True, "record_internal": True}

NewUser = Callable[..., CalendarUser]
Until = Callable[[Callable[[], bool]], None]


class MovableClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self._now = utc_now()

    def __call__(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("reading"), users=3, meetings=10) as sandbox:
        yield sandbox


@pytest.fixture
def store_url(made_file: Path, tmp_path: Path) -> str:
    shutil.copy(made_file, tmp_path / "desk.db")
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    store = open_store(store_url, recall_base_url="http://127.0.0.1")
    yield store
    store.close()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="session")
def numbers() -> "count[int]":
    return count(1)


@pytest.fixture
def new_user(sandbox: Sandbox, numbers: "count[int]") -> NewUser:
    """A user nobody else has, who wants everything recorded unless told otherwise."""

    def new(*, external_id: str | None = "", **more: Any) -> CalendarUser:
        number = next(numbers)
        name = f"reader-{number}" if external_id == "" else external_id
        email = f"reader{number}@acme.example"
        added = sandbox.add_user(name, email=email, preferences=more.pop("preferences", EVERYTHING), **more)
        return CalendarUser(added["id"], added["external_id"])

    return new


@pytest.fixture
def until() -> Until:
    """Wait for something that happens in the background; a test that waits in vain fails after ten seconds."""

    def wait(condition: Callable[[], bool]) -> None:
        ends_at = monotonic() + 10
        while not condition():
            assert monotonic() < ends_at, "it did not come to pass"
            sleep(0.01)

    return wait


def at_the_same_time(act: Callable[[], object], times: int) -> None:
    """Let `times` threads do this together."""
    gate = threading.Barrier(times)

    def one() -> None:
        gate.wait(5)
        act()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)


@contextmanager
def broken(store_url: str) -> Iterator[None]:
    """A SQLite store that nobody can use for a while: a table of it has another name."""
    with closing(sqlite3.connect(store_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("ALTER TABLE version RENAME TO gone")
        yield
        connection.execute("ALTER TABLE gone RENAME TO version")
