"""The key that cookies are signed with, in real files."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from lib.errors import SettingsError
from lib.settings import Settings
from lib.staff.cookie_key import FILE, cookie_key
from tests.modes import UMASKS, modes_of, others_may_open, umask


def settings(folder: Path, **more: SecretStr) -> Settings:
    return Settings(_env_file=None, data_dir=folder, **more)  # type: ignore[arg-type]


def test_the_first_run_makes_a_key_that_the_next_one_finds(tmp_path: Path) -> None:
    made = cookie_key(settings(tmp_path / "data"))
    assert len(made.get_secret_value()) >= 32
    assert cookie_key(settings(tmp_path / "data")) == made
    assert cookie_key(settings(tmp_path / "elsewhere")) != made


@pytest.mark.parametrize("mask", UMASKS)
def test_nobody_else_on_the_machine_can_read_it_and_nothing_is_left_beside_it(tmp_path: Path, mask: int) -> None:
    data = tmp_path / "srv" / "data"
    with umask(mask):
        cookie_key(settings(data))
    assert [file.name for file in data.iterdir()] == [FILE]
    assert others_may_open(tmp_path / "srv") == {}


def test_a_key_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    key = cookie_key(settings(tmp_path))
    (tmp_path / FILE).chmod(0o644)
    assert cookie_key(settings(tmp_path)) == key
    assert modes_of(tmp_path / FILE) == {FILE: "0o600"}


def test_those_who_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = {key.get_secret_value() for key in pool.map(lambda _: cookie_key(settings(tmp_path)), range(64))}
    assert len(keys) == 1
    assert keys == {(tmp_path / FILE).read_text()}


def test_a_key_that_is_set_is_taken_and_no_file_is_made(tmp_path: Path) -> None:
    own = SecretStr("a key of somebody's own making, long enough")
    assert cookie_key(settings(tmp_path, cookie_key=own)) == own
    assert not list(tmp_path.iterdir())


def test_it_is_never_shown(tmp_path: Path) -> None:
    key = cookie_key(settings(tmp_path))
    assert key.get_secret_value() not in f"{key} {key!r}"


def test_a_file_cut_short_is_refused_and_not_quoted(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("only-a-part")
    with pytest.raises(SettingsError, match="too short") as refused:
        cookie_key(settings(tmp_path))
    assert "only-a-part" not in str(refused.value)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(SettingsError, match="DATA_DIR") as refused:
        cookie_key(settings(tmp_path / "data"))
    assert refused.value.__suppress_context__
