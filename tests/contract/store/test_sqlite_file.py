"""The file of a SQLite store: whose it is, and how every connection to it is set up."""

import stat
from pathlib import Path

import pytest

from lib.store import Store, migrate, open_store

BASE_URL = "http://127.0.0.1:8600"


@pytest.fixture
def url(file: Path) -> str:
    """Address of a new file; the one that other tests get is a copy, whose mode its maker chose."""
    migrate(f"sqlite:///{file}")
    return f"sqlite:///{file}"


def test_folder_and_files_are_for_their_owner_alone(file: Path, store: Store) -> None:
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()}
    assert modes == {"desk.db": 0o600, "desk.db-wal": 0o600, "desk.db-shm": 0o600}


def test_a_file_that_others_can_read_is_closed_to_them(file: Path, store: Store, url: str) -> None:
    store.close()
    file.chmod(0o644)
    open_store(url, recall_base_url=BASE_URL).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_every_connection_is_set_up_for_safety(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    migrate(url)
    store = open_store(url, recall_base_url=BASE_URL)
    expected = {"journal_mode": "wal", "busy_timeout": 5000, "foreign_keys": 1, "synchronous": 2, "secure_delete": 1}
    with store.read() as first, store.read() as second:
        for connection in (first, second):
            assert {p: connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in expected} == expected
    store.close()
