"""A small workspace in a sandbox of its own process, a client without patience, and stores in real files."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from pydantic import SecretStr

from lib.clock import utc_now
from lib.recall_api import Recall, open_recall
from lib.recall_api.retries import RetryPolicy
from lib.store import Store, migrate, open_store
from tests.running import Sandbox, ready_for_a_test, running_sandbox

AT_ONCE = RetryPolicy(attempts=1, total_seconds=5, read_seconds=3, longest_wait_seconds=0, pause_seconds=0.01)


class SlidingClock:
    """Runs as the real one does, and is moved by hand besides."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sync"), users=10, meetings=16) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    with ready_for_a_test(running) as sandbox:
        yield sandbox


@pytest.fixture
def recall(sandbox: Sandbox) -> Iterator[Recall]:
    with open_recall(sandbox.url, SecretStr(sandbox.key), retry_policy=AT_ONCE) as recall:
        yield recall


@pytest.fixture(scope="session")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An up-to-date, empty store in a file, to copy."""
    file = tmp_path_factory.mktemp("made") / "desk.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def file(tmp_path: Path, made_file: Path) -> Path:
    """An empty store in a file."""
    return Path(shutil.copy(made_file, tmp_path / "desk.db"))


@pytest.fixture
def store(file: Path, sandbox: Sandbox) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{file}?timeout=2", recall_base_url=sandbox.url)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> SlidingClock:
    return SlidingClock()


@pytest.fixture(scope="session")
def numbers() -> "count[int]":
    return count(1)
