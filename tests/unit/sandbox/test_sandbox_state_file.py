"""What was written survives the way to a file and back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from lib.sandbox.clock import SandboxClock
from lib.sandbox.ledger import Ledger, StateFile, StateOfAnotherWorld, Timeline, json_of
from lib.sandbox.settings import Settings, changed
from lib.sandbox.workspace import Workspace
from lib.sandbox.world.users import Connection, Preferences
from lib.sandbox.world.world import World

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def workspace(file: Path) -> Workspace:
    world = World(1, 20, 40)
    state = StateFile(file, world)
    return Workspace(world, state.load(), SandboxClock(NOW), state.save)


def write_everything(to: Workspace) -> int:
    created = to.directory.create("new", (Connection("google", True, "new@acme.example"),), Preferences(bot_name="Bot"))
    to.directory.set_preferences(3, NOW, Preferences(frozenset({"record_external"}), "Notes"))
    to.directory.connect(4, NOW, "microsoft", "other@elsewhere.example")
    to.directory.disconnect(5, NOW, "google")
    to.directory.rename(6, "renamed")
    to.directory.delete(7, NOW)
    to.ledger.overrides["some-meeting"] = Timeline(None, [(NOW, True)])
    to.calendars.added.add(created, to.directory.connections(created, NOW)[0], {"start_time": NOW.isoformat()})
    to.ledger.outcomes["some-bot"] = {"sub_code": "bot_errored", "shape": None}
    to.ledger.clock = (None, 3600.0)
    to.ledger.raw_users[3] = {"extra": {"plan": None}, "omit": ["id"]}
    to.ledger.raw_bots["some-bot"] = {"extra": {"recordings": None}}
    to.bots.add_lone({"join_at": NOW.isoformat(), "length_minutes": 30, "link": "zoom", "bot_name": "Lone"})
    wanted = {"retention": "none", "bot_shape": "v1.10", "tenants_that_ask_admins": ["a.example"], "rate_limits": False}
    to.ledger.settings = changed(to.ledger.settings, wanted)
    (added,) = to.calendars.added.of_user(created)
    to.drag(added, NOW + timedelta(hours=3), None, alone=False, keep_bot=False)
    to.saved()
    return created


def test_a_ledger_comes_back_as_it_was(tmp_path: Path) -> None:
    first = workspace(tmp_path / "state")
    created = write_everything(first)
    again = workspace(tmp_path / "state")
    for user in (3, 4, 5, 6, created):
        for when in (NOW - timedelta(days=1), NOW):
            assert again.directory.preferences(user, when) == first.directory.preferences(user, when)
            assert again.directory.connections(user, when) == first.directory.connections(user, when)
    assert json_of(again.ledger) == json_of(first.ledger)
    assert again.ledger.settings == first.ledger.settings
    assert list(again.calendars.added.of_user(created)) == list(first.calendars.added.of_user(created))
    assert [e.occurrence for e in again.calendars.added.of_user(created)] == [1]
    assert [b.id for b in again.bots.lone(NOW)] == [b.id for b in first.bots.lone(NOW)] != []
    assert (again.directory.number_of("new"), again.directory.number_of("renamed")) == (created, 6)
    assert not again.directory.exists(7)
    assert again.directory.number_of(first.world.external_id(6)) is None


def test_a_file_of_before_there_were_settings_drags_and_raw_fields_is_read(tmp_path: Path) -> None:
    created = write_everything(workspace(tmp_path / "state"))
    kept = orjson.loads((tmp_path / "state").read_bytes())
    for name in ("settings", "drags", "lone_bots", "raw_users", "raw_bots"):
        del kept["ledger"][name]
    kept["ledger"]["booking_lag_seconds"] = 0.5
    (tmp_path / "state").write_bytes(orjson.dumps(kept))
    again = workspace(tmp_path / "state")
    assert again.directory.number_of("new") == created
    assert again.ledger.settings == Settings(booking_lag_seconds=0.5)
    assert [e.occurrence for e in again.calendars.added.of_user(created)] == [0]


def test_a_file_of_another_world_is_refused(tmp_path: Path) -> None:
    workspace(tmp_path / "state").saved()
    with pytest.raises(StateOfAnotherWorld, match="another world"):
        StateFile(tmp_path / "state", World(2, 20, 40)).load()


def test_half_a_new_file_beside_the_old_one_does_no_harm(tmp_path: Path) -> None:
    created = write_everything(workspace(tmp_path / "state"))
    (tmp_path / "state.new").write_text('{"world": {')
    assert workspace(tmp_path / "state").directory.number_of("new") == created


def test_an_empty_ledger_is_what_there_is_without_a_file(tmp_path: Path) -> None:
    assert StateFile(tmp_path / "none", World(1, 1, 1)).load() == Ledger()
