"""Where a past is made, and when: once, and never where somebody was before."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from lib.demo.place import PART, Place, clear, place_of_a_past, store_url
from lib.errors import StoreError
from lib.settings import Settings
from lib.store import migrate, open_store

SETTINGS = Callable[..., Settings]


@pytest.fixture
def settings(tmp_path: Path) -> SETTINGS:
    return lambda **named: Settings(**({"data_dir": tmp_path} | named), _env_file=None)


def made(place: Place) -> None:
    """A store and a state as the demo leaves them."""
    place.begin()
    place.part_state.write_text("{}")
    url = store_url(place.part, place.store.name)
    migrate(url)
    open_store(url, recall_base_url="http://127.0.0.1").close()


def test_the_first_start_of_our_own_sandbox_gets_thirty_days(settings: SETTINGS, tmp_path: Path) -> None:
    place = place_of_a_past(settings())
    assert place == Place(tmp_path / "sandbox.db", tmp_path / "sandbox-state.json", 30)


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
    assert place_of_a_past(settings(**named)) is None


@pytest.mark.parametrize("name", ["sandbox.db", "sandbox.db-wal", "sandbox.db-shm", "sandbox-state.json"])
def test_where_there_is_a_store_or_a_world_that_was_written_to_it_is_left_alone(
    settings: SETTINGS, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("somebody's")
    assert place_of_a_past(settings()) is None
    assert (tmp_path / name).read_text() == "somebody's"


def test_half_of_one_is_made_again_even_when_it_stopped_between_the_two_files(
    settings: SETTINGS, tmp_path: Path
) -> None:
    place = place_of_a_past(settings())
    assert place is not None
    made(place)
    place.part_state.replace(place.state)  # and then the power went
    again = place_of_a_past(settings())
    assert again == place
    again.begin()
    assert list(place.part.iterdir()) == []


def test_what_is_finished_stands_in_place_and_nothing_is_left_beside_it(settings: SETTINGS, tmp_path: Path) -> None:
    place = place_of_a_past(settings())
    assert place is not None
    made(place)
    place.finish()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["sandbox-state.json", "sandbox.db"]
    assert place.store.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(place.store)) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    open_store(settings().store_url, recall_base_url="http://127.0.0.1").close()
    assert place_of_a_past(settings()) is None


def test_a_store_that_came_meanwhile_is_not_overwritten(settings: SETTINGS) -> None:
    place = place_of_a_past(settings())
    assert place is not None
    made(place)
    place.store.write_text("somebody's")
    with pytest.raises(StoreError):
        place.finish()
    assert place.store.read_text() == "somebody's"


def test_what_was_not_finished_and_is_not_wanted_any_more_is_removed(settings: SETTINGS, tmp_path: Path) -> None:
    place = place_of_a_past(settings())
    assert place is not None
    made(place)
    clear(settings())
    assert not (tmp_path / PART).exists()
    clear(settings())


@pytest.mark.parametrize("demo", ["0", "31", "watched"])
def test_other_numbers_of_days_are_refused(settings: SETTINGS, demo: str) -> None:
    with pytest.raises(ValueError, match="demo"):
        settings(demo=demo)


def test_fewer_days_can_be_asked_for(settings: SETTINGS) -> None:
    place = place_of_a_past(settings(demo="5"))
    assert place is not None
    assert place.days == 5
