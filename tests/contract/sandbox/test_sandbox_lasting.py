"""What outlives a process: the world always, what was written when a file keeps it."""

import signal
import time
from pathlib import Path

import pytest

from tests.contract.sandbox.sandbox_process import CALENDAR, KEY, NOW, Sandbox, running
from tests.modes import modes_of, umask

SMALL = ("--users", "15", "--meetings-per-user", "40", "--no-rate-limits")


def everything(sandbox: Sandbox) -> dict[str, object]:
    users = sandbox.get(f"{CALENDAR}/users/", headers=KEY).json()
    meetings = {u["external_id"]: sandbox.meetings(u["external_id"]) for u in users if u["external_id"]}
    return {"users": users, "meetings": meetings, "bots": sandbox.get("/api/v1/bot/", headers=KEY).json()["results"]}


def test_a_restart_at_the_same_time_shows_the_very_same() -> None:
    with running(*SMALL, "--now", NOW) as first:
        before = everything(first)
    with running(*SMALL, "--now", NOW) as second:
        assert everything(second) == before


def test_what_was_written_survives_a_kill(tmp_path: Path) -> None:
    kept = (*SMALL, "--now", NOW, "--state", str(tmp_path / "state"))
    with running(*kept) as first:
        user = first.new_user("record_internal")
        meeting = first.add_meeting(user)
        first.override(user, meeting, False)
        first.prefer(user, record_external=True, bot_name="Kept")
        first.token("made-by-minting")
        before = first.get(f"{CALENDAR}/user/", headers=first.token(user)).json()
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(10)
    with running(*kept) as second:
        assert second.get(f"{CALENDAR}/user/", headers=second.token(user)).json() == before
        assert second.meeting(user, meeting)["override_should_record"] is False
        assert "made-by-minting" in {u["external_id"] for u in second.get(f"{CALENDAR}/users/", headers=KEY).json()}


def test_drags_bots_and_settings_survive_a_kill(tmp_path: Path) -> None:
    kept = ("--users", "1", "--meetings-per-user", "1", "--now", NOW, "--state", str(tmp_path / "state"))
    with running(*kept) as first:
        user = first.new_user("record_internal")
        meeting = first.add_meeting(user, start_in_seconds=-7200)
        first.control("drags/", {"meeting": meeting["id"], "start_in_seconds": 3600})
        lone = first.control("bots/", {"join_in_seconds": -600, "shape": "recorded"})["bot_id"]
        first.control(f"bots/{lone}/", {"extra": {"labels": 1}}, "PATCH")
        first.control("settings/", {"retention": "none", "rate_limits": False, "booking_lag_seconds": 0})
        before = [first.bot(id_).json() for id_ in (lone, meeting["bot_id"])]
        row, settings = first.meeting(user, meeting), first.control("settings/", method="GET")
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(10)
    with running(*kept) as second:
        assert [second.bot(id_).json() for id_ in (lone, meeting["bot_id"])] == before
        assert second.meeting(user, meeting) == row
        assert second.control("settings/", method="GET") == settings
        assert settings["rate_limits"] is False
    with running(*kept, "--no-rate-limits") as third:
        assert third.control("settings/", {"rate_limits": True})["rate_limits"] is True


def test_a_state_file_of_another_world_is_refused_with_a_sentence(tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "state"))
    with running(*SMALL, *state) as first:
        first.new_user()
    with pytest.raises(IndexError), running(*SMALL, "--seed", "2", *state):
        pass


def test_a_state_file_names_its_world_so_that_it_need_not_be_said_again(tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "state"))
    with running(*SMALL, "--seed", "2", "--now", NOW, *state) as first:
        first.new_user()
        before = everything(first)
    with running("--no-rate-limits", "--now", NOW, *state) as second:
        assert everything(second) == before


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_says_once_where_it_is_and_ends_quietly(ending: signal.Signals) -> None:
    with running("--users", "1", "--meetings-per-user", "1") as sandbox:
        assert sandbox.base.startswith("http://127.0.0.1:")
        sandbox.process.send_signal(ending)
        assert sandbox.process.wait(10) == 0
        assert sandbox.process.stdout is not None
        assert sandbox.process.stdout.read() == ""


def test_a_clock_that_runs_can_be_moved_and_stopped() -> None:
    with running("--users", "1", "--meetings-per-user", "1") as sandbox:
        assert sandbox.control("clock/", method="GET")["frozen"] is False
        sandbox.control("clock/", {"now": "2027-01-01T00:00:00Z", "frozen": True})
        sandbox.advance(90)
        assert sandbox.control("clock/", method="GET") == {"now": "2027-01-01T00:01:30Z", "frozen": True}
        assert sandbox.control("clock/", {"frozen": False})["frozen"] is False


def test_latency_is_added_to_the_api_and_not_to_the_control_route() -> None:
    with running("--users", "1", "--meetings-per-user", "1", "--latency-ms", "250") as sandbox:
        began = time.monotonic()
        sandbox.control("clock/", method="GET")
        between = time.monotonic()
        assert sandbox.get(f"{CALENDAR}/users/", headers=KEY).ok
        assert between - began < 0.25 < time.monotonic() - between


def test_what_is_kept_is_for_its_owner_alone(tmp_path: Path) -> None:
    state = tmp_path / "state"
    kept = ("--users", "1", "--meetings-per-user", "1", "--now", NOW, "--state", str(state))
    with umask(0), running(*kept) as first:
        first.new_user("record_internal")
    assert modes_of(*tmp_path.iterdir()) == {"state": "0o600"}
    state.chmod(0o644)
    (tmp_path / "state.new").touch(0o644)  # of one that was killed
    with umask(0), running(*kept) as second:
        assert modes_of(state) == {"state": "0o600"}
        second.new_user("record_internal")
    assert modes_of(*tmp_path.iterdir()) == {"state": "0o600"}
