"""Where the demo's history is made, and when: once, and never over an existing store or state."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from lib.demo.files import UNFINISHED, DemoFiles, demo_files, remove_unfinished, store_url
from lib.errors import StoreError
from lib.settings import Settings
from lib.store import migrate, open_store

SETTINGS = Callable[..., Settings]


@pytest.fixture
def settings(tmp_path: Path) -> SETTINGS:
    return lambda **named: Settings(**({"data_dir": tmp_path} | named), _env_file=None)


def made(files: DemoFiles) -> None:
    """A store and a state as the demo leaves them."""
    files.begin()
    files.unfinished_state.write_text("{}")
    url = store_url(files.folder, files.store.name)
    migrate(url)
    open_store(url, recall_base_url="http://127.0.0.1").close()


def test_the_first_start_of_our_own_sandbox_gets_thirty_days(settings: SETTINGS, tmp_path: Path) -> None:
    files = demo_files(settings())
    assert files == DemoFiles(tmp_path / "sandbox.db", tmp_path / "sandbox-state.json", 30)


@pytest.mark.parametrize(
    "named",
    [
        pytest.param({"demo": "fresh"}, id="fresh"),
        pytest.param({"recall_api_key": SecretStr("a-key")}, id="a key"),
        pytest.param({"database_url": "sqlite:////tmp/elsewhere.db"}, id="a store elsewhere"),
    ],
)
def test_a_fresh_start_a_real_recall_and_a_store_elsewhere_get_none(
    settings: SETTINGS, named: dict[str, object]
) -> None:
    assert demo_files(settings(**named)) is None


@pytest.mark.parametrize("name", ["sandbox.db", "sandbox.db-wal", "sandbox.db-shm", "sandbox-state.json"])
def test_where_there_is_a_store_or_a_world_that_was_written_to_it_is_left_alone(
    settings: SETTINGS, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("somebody's")
    assert demo_files(settings()) is None
    assert (tmp_path / name).read_text() == "somebody's"


def test_half_of_one_is_made_again_even_when_it_stopped_between_the_two_files(
    settings: SETTINGS, tmp_path: Path
) -> None:
    files = demo_files(settings())
    assert files is not None
    made(files)
    files.unfinished_state.replace(files.state)  # and then the power went
    again = demo_files(settings())
    assert again == files
    again.begin()
    assert list(files.folder.iterdir()) == []


def test_what_is_finished_stands_in_place_and_nothing_is_left_beside_it(settings: SETTINGS, tmp_path: Path) -> None:
    files = demo_files(settings())
    assert files is not None
    made(files)
    files.finish()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["sandbox-state.json", "sandbox.db"]
    assert files.store.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(files.store)) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    open_store(settings().store_url, recall_base_url="http://127.0.0.1").close()
    assert demo_files(settings()) is None


def test_a_store_that_came_meanwhile_is_not_overwritten(settings: SETTINGS) -> None:
    files = demo_files(settings())
    assert files is not None
    made(files)
    files.store.write_text("somebody's")
    with pytest.raises(StoreError):
        files.finish()
    assert files.store.read_text() == "somebody's"


def test_what_was_not_finished_and_is_not_wanted_any_more_is_removed(settings: SETTINGS, tmp_path: Path) -> None:
    files = demo_files(settings())
    assert files is not None
    made(files)
    remove_unfinished(settings())
    assert not (tmp_path / UNFINISHED).exists()
    remove_unfinished(settings())


@pytest.mark.parametrize("demo", ["0", "31", "watched"])
def test_other_numbers_of_days_are_refused(settings: SETTINGS, demo: str) -> None:
    with pytest.raises(ValueError, match="demo"):
        settings(demo=demo)


def test_fewer_days_can_be_asked_for(settings: SETTINGS) -> None:
    files = demo_files(settings(demo="5"))
    assert files is not None
    assert files.days == 5
