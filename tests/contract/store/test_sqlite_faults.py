"""A SQLite store that is locked, read-only, full, damaged, no store, or whose writer was killed: a sentence each."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lib.errors import StoreError
from lib.store import Store, migrate, open_store
from tests.contract.store.accounts import add, names

ROOT = Path(__file__).parents[3]
BASE_URL = "http://127.0.0.1:8600"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
NOBODY = 65534


@pytest.fixture
def url(file: Path) -> str:
    """Address of a SQLite store that is not made yet, asked for with little patience for a locked file."""
    return f"sqlite:///{file}?timeout=0.05"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """The same, made and open."""
    migrate(url)
    opened = open_store(url, recall_base_url=BASE_URL)
    yield opened
    opened.close()


def add_many(store: Store) -> None:
    for n in range(1000):
        add(store, f"ada-{n}")


def test_a_locked_store_can_be_read_and_says_why_it_cannot_be_written(file: Path, store: Store) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"written by another process.*try again"):
            add(store, "ada")
        assert names(store) == set()
        store.answers()
        other.execute("ROLLBACK")
    add(store, "ada")
    assert names(store) == {"ada"}


def test_a_full_disk_costs_that_write_alone(store: Store) -> None:
    with store.write() as connection:  # the only pooled connection: the limit stays with it
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match=r"is full.*free some space") as full:
        add_many(store)
    assert "hash-of-it" not in str(full.value.__cause__)
    before = names(store)
    assert before
    with store.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    add(store, "bob")
    assert names(store) == before | {"bob"}


@pytest.mark.parametrize("use", [migrate, lambda url: open_store(url, recall_base_url=BASE_URL)])
def test_a_file_that_is_no_database_is_left_as_it_is(file: Path, url: str, use: Callable[[str], object]) -> None:
    file.parent.mkdir()
    text = "a shopping list, and no database at all\n" * 200
    file.write_text(text)
    with pytest.raises(StoreError, match=r"desk\.db is not a store"):
        use(url)
    assert file.read_text() == text


def test_a_damaged_store_says_so_when_opened_and_to_the_health_check(file: Path, store: Store, url: str) -> None:
    store.close()
    size = file.stat().st_size
    with file.open("r+b") as raw:
        raw.seek(4096)
        raw.write(b"\xa5" * (size - 4096))
    with pytest.raises(StoreError, match=r"is damaged.*backup"):
        store.answers()
    with pytest.raises(StoreError, match=r"is damaged.*backup"):
        open_store(url, recall_base_url=BASE_URL)
    store.close()


def test_a_store_that_may_not_be_written_is_refused_when_opened() -> None:
    with an_ordinary_person() as folder:
        file = folder / "desk.db"
        migrate(f"sqlite:///{file}")
        file.chmod(0o400)
        with pytest.raises(StoreError, match=r"desk\.db cannot be written.*Let this process"):
            open_store(f"sqlite:///{file}", recall_base_url=BASE_URL)


def test_a_folder_that_may_not_be_written_is_refused() -> None:
    with an_ordinary_person() as folder:
        migrate(f"sqlite:///{folder / 'desk.db'}")
        folder.chmod(0o500)
        with pytest.raises(StoreError, match="cannot be"):
            open_store(f"sqlite:///{folder / 'desk.db'}", recall_base_url=BASE_URL)
        with pytest.raises(StoreError, match="cannot be opened"):
            migrate(f"sqlite:///{folder / 'new' / 'desk.db'}")


def test_a_writer_killed_in_the_middle_loses_nothing_that_it_was_told_is_kept(file: Path, store: Store) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITES_PAIRS, f"sqlite:///{file}"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with writer:
        assert writer.stdout is not None
        told = {writer.stdout.readline().strip() for _ in range(20)}
        writer.kill()
        told |= set(writer.stdout.read().split())
    kept = names(store)
    assert {f"{n}-{half}" for n in told for half in "ab"} <= kept
    assert {name[:-1] for name in kept if name.endswith("a")} == {name[:-1] for name in kept if name.endswith("b")}
    with store.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    add(store, "after")
    assert "after" in names(store)


def test_a_transaction_open_when_its_process_is_killed_leaves_nothing(file: Path, store: Store) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", HOLDS_A_WRITE, f"sqlite:///{file}"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "half way\n"
        writer.kill()
    assert names(store) == set()
    add(store, "after")
    assert names(store) == {"after"}


WRITER = """
import itertools, sys, time
from datetime import UTC, datetime
from lib.store import open_store
from lib.store import staff as rows

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
store = open_store(sys.argv[1], recall_base_url="http://127.0.0.1:8600")

def add(connection, name):
    rows.add(connection, rows.StaffRow(name, "x" * 2000, "viewer", "h", True, NOON, NOON, NOON))
"""
WRITES_PAIRS = (
    WRITER
    + """
for n in range(100_000):
    with store.write() as connection:
        add(connection, f"{n}-a")
        add(connection, f"{n}-b")
    print(n, flush=True)
"""
)
HOLDS_A_WRITE = (
    WRITER
    + """
with store.write() as connection:
    connection.exec_driver_sql("PRAGMA cache_size = 5")  # so that pages reach the file before the end
    for n in range(500):
        add(connection, str(n))
    print("half way", flush=True)
    time.sleep(60)
"""
)


@contextmanager
def an_ordinary_person() -> Iterator[Path]:
    """A folder of somebody to whom file modes apply: they do not apply to root, who often runs tests in containers."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "theirs"
        folder.mkdir()
        if os.geteuid() != 0:
            yield folder
            folder.chmod(0o700)
            return
        Path(made).chmod(0o755)
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            os.seteuid(0)
