"""Stores in real SQLite files and in databases of a real PostgreSQL server, and the address they are filled from."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from lib.store import Store, migrate, open_store
from lib.store.tables import metadata
from tests import postgres

BASE_URL = "http://127.0.0.1:8600"
EMPTIED = ";".join(
    [str(table.delete()) for table in reversed(metadata.sorted_tables) if table.name != "version"]
    + [
        "UPDATE version SET version = 0, epoch = 0, users_listed_at = NULL, erased_before = NULL",
        "UPDATE version SET bots_doubted_since = NULL",
    ]
)
_numbers = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL server with an up-to-date store in its database `made`."""
    if postgres.binaries() is None:
        pytest.skip(postgres.HOW_TO_INSTALL)
    with postgres.running() as running:
        running.sql("CREATE DATABASE made")
        migrate(running.url("made"))
        yield running


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a SQLite store is; its folder does not exist yet."""
    return tmp_path / "data" / "desk.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """Address of an up-to-date store on either database, asked for with little patience for a lock."""
    if request.param == "sqlite":
        file: Path = request.getfixturevalue("file")
        file.parent.mkdir(mode=0o700)
        shutil.copy(request.getfixturevalue("made_file"), file)
        return f"sqlite:///{file}?timeout=0.05"
    server: postgres.Server = request.getfixturevalue("server")
    server.sql(EMPTIED, "made")  # a new database for every test would cost a third of a second each
    return f"{server.url('made')}&timeout=0.05"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open store without staff."""
    opened = open_store(url, recall_base_url=BASE_URL)
    yield opened
    opened.close()


@pytest.fixture
def empty_database(server: postgres.Server) -> str:
    """Address of a new PostgreSQL database without any table."""
    name = f"desk_{next(_numbers)}"
    server.sql(f"CREATE DATABASE {name}")
    return server.url(name)
