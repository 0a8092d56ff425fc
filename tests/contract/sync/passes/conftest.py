"""A small workspace in a sandbox of its own process, a client without patience, and stores in real files."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from lib.clock import utc_now
from lib.store import Store, open_store
from tests.running import Sandbox, running_sandbox


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
