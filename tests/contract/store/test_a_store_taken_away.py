"""A SQLite store whose files are taken away while it is in use: nothing is read or written any more, nothing new
appears, and all is there again once they are put back."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

from lib.errors import StoreError, StoreMissing
from lib.store import Store, migrate, open_store, sqlite
from lib.store import staff as rows
from lib.store.backups import back_up, restore
from lib.store.sqlite_file import StoreFile
from tests.contract.store.accounts import add, names

BASE_URL = "http://127.0.0.1:8600"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
TAKEN_AWAY = r"desk\.db was deleted or replaced while it was in use"
NOT_MADE = r"There is no store desk\.db"

PutBack = Callable[[], object]
TakeAway = Callable[[Path], PutBack]


@pytest.fixture
def url(file: Path) -> str:
    migrate(f"sqlite:///{file}")
    return f"sqlite:///{file}?timeout=0.05"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """With somebody in it whose row is in the log of what was written, not in the file yet."""
    opened = open_store(url, recall_base_url=BASE_URL)
    add(opened, "ada")
    yield opened
    opened.close()


def moved(file: Path) -> PutBack:
    kept = file.with_name("kept")
    file.rename(kept)
    return lambda: kept.replace(file)


def deleted(file: Path) -> PutBack:
    """Another name of the file is left, as a backup tool may have one; it is put back by that."""
    kept = file.with_name("kept")
    os.link(file, kept)
    file.unlink()
    return lambda: os.replace(kept, file)


def deleted_with_its_companions(file: Path) -> PutBack:
    back = [deleted_as(each) for each in (file, wal(file), shm(file))]
    return lambda: in_turn(*back)


def deleted_as(file: Path) -> PutBack:
    kept = file.with_name(f"{file.name}.kept")
    file.rename(kept)
    return lambda: kept.replace(file)


def replaced_by_a_copy(file: Path) -> PutBack:
    back = moved(file)
    shutil.copy(file.with_name("kept"), file)
    return back


def replaced_by_an_empty_file(file: Path) -> PutBack:
    back = moved(file)
    file.touch()
    return back


def replaced_by_a_link_to_itself(file: Path) -> PutBack:
    """Whoever opens it by the link looks for its companions beside the file, where there are none."""
    elsewhere = file.parent.parent / "elsewhere"
    elsewhere.mkdir()
    file.rename(elsewhere / file.name)
    file.symlink_to(elsewhere / file.name)
    return lambda: (elsewhere / file.name).replace(file)


def replaced_by_a_folder(file: Path) -> PutBack:
    back = moved(file)
    file.mkdir()
    return lambda: in_turn(file.rmdir, back)


def folder_moved(file: Path) -> PutBack:
    kept = file.parent.with_name("kept")
    file.parent.rename(kept)
    return lambda: kept.rename(file.parent)


def folder_replaced(file: Path) -> PutBack:
    back = folder_moved(file)
    file.parent.mkdir()
    return lambda: in_turn(file.parent.rmdir, back)


def log_deleted(file: Path) -> PutBack:
    return deleted(wal(file))


def index_of_the_log_deleted(file: Path) -> PutBack:
    return deleted(shm(file))


def log_replaced(file: Path) -> PutBack:
    back = moved(wal(file))
    wal(file).touch()
    return back


def in_turn(*deeds: PutBack) -> None:
    for deed in deeds:
        deed()


def wal(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def shm(file: Path) -> Path:
    return file.with_name(f"{file.name}-shm")


KINDS = [
    moved,
    deleted,
    deleted_with_its_companions,
    replaced_by_a_copy,
    replaced_by_an_empty_file,
    replaced_by_a_link_to_itself,
    replaced_by_a_folder,
    folder_moved,
    folder_replaced,
    log_deleted,
    log_replaced,
    index_of_the_log_deleted,
]


def everything_under(folder: Path) -> dict[str, tuple[int, int]]:
    """All files there, by name: which they are, and how long."""
    return {
        str(each.relative_to(folder)): (each.lstat().st_ino, each.lstat().st_size)
        for each in sorted(folder.rglob("*"))
        if each.suffix != ".db-shm"
    }


@pytest.mark.parametrize("take_away", KINDS)
def test_nothing_is_read_or_written_and_nothing_new_appears_and_all_is_there_once_it_is_put_back(
    take_away: TakeAway, file: Path, store: Store, tmp_path: Path
) -> None:
    put_back = take_away(file)
    left = everything_under(tmp_path)
    for use in (lambda: add(store, "bob"), lambda: names(store), store.answers):
        with pytest.raises(StoreError, match=TAKEN_AWAY) as told:
            use()
        assert str(tmp_path) not in str(told.value)
    assert everything_under(tmp_path) == left
    put_back()
    assert names(store) == {"ada"}
    add(store, "bob")
    store.answers()
    store.close()
    with closing(sqlite3.connect(file)) as another:
        assert another.execute("SELECT name FROM staff ORDER BY name").fetchall() == [("ada",), ("bob",)]
        assert another.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("take_away", KINDS)
def test_a_connection_that_is_opened_only_then_does_not_open_what_is_there_instead(
    take_away: TakeAway, file: Path, store: Store, tmp_path: Path
) -> None:
    store.close()
    add(store, "bob")  # opens the first connection anew
    with store.read():
        put_back = take_away(file)
        left = everything_under(tmp_path)
        with pytest.raises(StoreError, match=TAKEN_AWAY):
            names(store)
        with pytest.raises(StoreError, match=TAKEN_AWAY):
            add(store, "carol")
        assert everything_under(tmp_path) == left
        put_back()
    assert names(store) == {"ada", "bob"}


@pytest.mark.parametrize("take_away", [moved, deleted, folder_moved])
def test_a_store_that_is_not_there_is_made_by_nobody_who_opens_it_reads_it_or_backs_it_up(
    take_away: TakeAway, file: Path, url: str, tmp_path: Path
) -> None:
    take_away(file)
    left = everything_under(tmp_path)
    with pytest.raises(StoreMissing, match=NOT_MADE):
        open_store(url, recall_base_url=BASE_URL)
    with pytest.raises(StoreMissing, match=NOT_MADE):
        migrate(url, makes=False)
    with pytest.raises(StoreError, match=NOT_MADE):
        back_up(url, tmp_path / "backup")
    assert everything_under(tmp_path) == left


def test_no_connection_makes_a_file_though_one_was_there_a_moment_ago(
    file: Path, url: str, store: Store, tmp_path: Path
) -> None:
    back_up(url, tmp_path / "backup")
    gone = tmp_path / "gone.db"
    for connects in (
        StoreFile(gone, 0.05, lambda _: None).connect,
        lambda: sqlite.copy_from(make_url(f"sqlite:///{gone}"), tmp_path / "backup"),
        lambda: sqlite.copy_to(make_url(url), gone),
    ):
        with pytest.raises(sqlite3.OperationalError):
            connects()
        assert not gone.exists()


def test_none_is_made_beside_the_companions_of_one_that_was_taken_away(
    file: Path, url: str, store: Store, tmp_path: Path
) -> None:
    back_up(url, tmp_path / "backup")
    put_back = deleted(file)
    left = everything_under(tmp_path)
    with pytest.raises(StoreError, match=r"desk\.db is gone, and .* still there \(desk\.db-wal, desk\.db-shm\)"):
        migrate(url)
    with pytest.raises(StoreError, match=r"desk\.db is gone"):
        restore(url, tmp_path / "backup", recall_base_url=BASE_URL, replace=True)
    assert everything_under(tmp_path) == left
    put_back()
    assert names(store) == {"ada"}
    add(store, "bob")


def test_a_file_taken_away_while_something_is_written_is_told_and_not_taken_for_kept(file: Path, store: Store) -> None:
    def written() -> None:
        with store.write() as connection:
            rows.add(connection, rows.StaffRow("bob", "Bob", "viewer", None, True, NOON, NOON, NOON))
            moved(file)

    with pytest.raises(StoreError, match=TAKEN_AWAY):
        written()


def test_a_store_that_is_a_link_from_the_first_is_used_as_any_other(file: Path, url: str, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere" / "real.db"
    real.parent.mkdir()
    file.rename(real)
    file.symlink_to(real)
    store = open_store(url, recall_base_url=BASE_URL)
    add(store, "ada")
    assert names(store) == {"ada"}
    real.rename(real.with_name("kept"))
    with pytest.raises(StoreError, match=TAKEN_AWAY):
        add(store, "bob")
    real.with_name("kept").rename(real)
    add(store, "bob")
    store.close()


@pytest.mark.parametrize("name", ["a folder", "100%", "a#b", "a;b&c=d"])
def test_a_folder_of_any_name_holds_a_store(tmp_path: Path, name: str) -> None:
    file = tmp_path / name / "desk.db"
    migrate(f"sqlite:///{file}")
    store = open_store(f"sqlite:///{file}?timeout=0.05", recall_base_url=BASE_URL)
    add(store, "ada")
    assert names(store) == {"ada"}
    assert sorted(each.name for each in file.parent.iterdir()) == ["desk.db", "desk.db-shm", "desk.db-wal"]
    back_up(f"sqlite:///{file}", tmp_path / name / "backup")
    store.close()


def test_closing_the_last_connection_while_others_are_opened_is_no_taking_away(store: Store) -> None:
    def use(number: int) -> None:
        for _ in range(40):
            if number == 0:
                store.close()
            names(store)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(use, range(4)))
    assert names(store) == {"ada"}
