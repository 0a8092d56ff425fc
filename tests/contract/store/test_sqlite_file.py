"""The file of a SQLite store: whose it is, and how every connection to it is set up."""

from pathlib import Path

import pytest

from lib.store import Store, migrate, open_store
from lib.store.backups import back_up
from tests.modes import UMASKS, others_may_open, umask

BASE_URL = "http://127.0.0.1:8600"


@pytest.fixture
def url(file: Path) -> str:
    """Address of a new file; the one that other tests get is a copy, whose mode its maker chose."""
    migrate(f"sqlite:///{file}")
    return f"sqlite:///{file}"


@pytest.mark.parametrize("mask", UMASKS)
def test_folder_and_files_are_for_their_owner_alone(tmp_path: Path, mask: int) -> None:
    file = tmp_path / "srv" / "data" / "desk.db"
    with umask(mask):
        migrate(f"sqlite:///{file}")
        store = open_store(f"sqlite:///{file}", recall_base_url=BASE_URL)
        back_up(f"sqlite:///{file}", file.parent / "backup")
    assert sorted(each.name for each in file.parent.iterdir()) == ["backup", "desk.db", "desk.db-shm", "desk.db-wal"]
    assert others_may_open(tmp_path / "srv") == {}
    store.close()


def test_in_a_folder_of_others_the_files_are_for_their_owner_alone_all_the_same(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "backup.part").touch(0o644)  # of one that was killed
    with umask(0):
        migrate(f"sqlite:///{tmp_path / 'desk.db'}")
        store = open_store(f"sqlite:///{tmp_path / 'desk.db'}", recall_base_url=BASE_URL)
        back_up(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path / "backup")
    assert others_may_open(tmp_path) == {tmp_path.name: "0o755"}
    store.close()


def test_files_that_others_can_read_are_closed_to_them(file: Path, store: Store, url: str) -> None:
    for each in file.parent.iterdir():
        each.chmod(0o644)
    open_store(url, recall_base_url=BASE_URL).close()
    assert others_may_open(file.parent) == {}


def test_every_connection_is_set_up_for_safety(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    migrate(url)
    store = open_store(url, recall_base_url=BASE_URL)
    expected = {"journal_mode": "wal", "busy_timeout": 5000, "foreign_keys": 1, "synchronous": 2, "secure_delete": 1}
    with store.read() as first, store.read() as second:
        for connection in (first, second):
            assert {p: connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in expected} == expected
    store.close()
