"""What holds for the whole workspace, and can be set while it serves."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.sandbox.sandbox_process import CALENDAR, KEY, NOW, Sandbox, running


@pytest.fixture(scope="module")
def own() -> Iterator[Sandbox]:
    """A sandbox of this module, whose settings may be changed."""
    with running("--users", "3", "--meetings-per-user", "3", "--now", NOW) as sandbox:
        yield sandbox


def settle(sandbox: Sandbox, **settings: Any) -> Any:
    return sandbox.control("settings/", settings)


def test_limits_are_switched_off_and_on_again(own: Sandbox) -> None:
    settle(own, rate_limits=False)
    statuses = [own.get(f"{CALENDAR}/users/", headers=KEY).status_code for _ in range(62)]
    settle(own, rate_limits=True)
    statuses += [own.get(f"{CALENDAR}/users/", headers=KEY).status_code for _ in range(61)]
    assert statuses == [200] * 122 + [429]


def test_all_settings_are_told_with_what_the_sandbox_was_started_with(own: Sandbox) -> None:
    told = own.control("settings/", method="GET")
    assert (told["seed"], told["users"], told["meetings_per_user"]) == (1, 3, 3)
    assert set(told) == {
        "seed",
        "users",
        "meetings_per_user",
        "booking_lag_seconds",
        "rate_limits",
        "retention",
        "bot_shape",
        "next_host",
        "tenants_that_ask_admins",
        "lost_calendars_answer",
        "bots_without_bounds",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"booking_lag_seconds": -1},
        {"booking_lag_seconds": True},
        {"rate_limits": "no"},
        {"retention": "timed"},
        {"bot_shape": 1},
        {"next_host": "elsewhere.example"},
        {"tenants_that_ask_admins": "acme.example"},
        {"lost_calendars_answer": 500},
        {"bots_without_bounds": True},
        {"colour": "red"},
        {"rate_limits": False, "retention": "?"},
    ],
)
def test_what_no_setting_takes_is_refused_and_changes_nothing(own: Sandbox, wrong: dict[str, Any]) -> None:
    before = own.control("settings/", method="GET")
    answer = own.ask("POST", "/control/settings/", json=wrong)
    assert (answer.status_code, answer.json()["detail"][-1]) == (400, ".")
    assert own.control("settings/", method="GET") == before


def test_limits_of_the_command_line_are_off_until_they_are_switched_on(sandbox: Sandbox) -> None:
    assert sandbox.control("settings/", method="GET")["rate_limits"] is False


@pytest.fixture
def set_again(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The shared sandbox, set afterwards as it was before."""
    before = sandbox.control("settings/", method="GET")
    yield sandbox
    settle(sandbox, **{name: value for name, value in before.items() if name not in ("seed", "users", MEAN)})


MEAN = "meetings_per_user"
EVERYTHING = ("record_external", "record_internal")


def a_bot(sandbox: Sandbox, shape: str, start_in_seconds: int = -7200) -> str:
    meeting = sandbox.add_meeting(sandbox.new_user(*EVERYTHING), start_in_seconds=start_in_seconds)
    sandbox.control("outcomes/", {"meeting": meeting["id"], "shape": shape})
    return str(meeting["bot_id"])


def test_without_retention_a_bot_that_recorded_has_no_media(set_again: Sandbox) -> None:
    id_ = a_bot(set_again, "recorded")
    kept = set_again.bot(id_).json()
    settle(set_again, retention="none")
    bot = set_again.bot(id_).json()
    assert bot["recording_config"]["retention"] is None
    assert "retention" not in kept["recording_config"]
    assert bot["status_changes"] == kept["status_changes"]
    (recording,) = bot["recordings"]
    assert (recording["started_at"], recording["status"]["code"]) == (kept["recordings"][0]["started_at"], "done")
    assert set(recording["media_shortcuts"].values()) == {None}
    assert kept["recordings"][0]["media_shortcuts"]["video_mixed"] is not None


def test_a_bot_of_before_has_one_recording_that_its_statuses_name(set_again: Sandbox) -> None:
    id_ = a_bot(set_again, "recorded")
    settle(set_again, bot_shape="v1.10")
    bot = set_again.bot(id_).json()
    assert "recordings" not in bot
    named = {change["code"]: change["recording_id"] for change in bot["status_changes"]}
    assert (named["joining_call"], named["in_call_recording"], named["done"]) == (
        None,
        bot["recording"],
        bot["recording"],
    )
    assert bot["recording"] is not None
    assert bot["video_url"].startswith("https://recordings.example/")
    assert bot["media_retention_end"] > "2026-12-01"
    settle(set_again, retention="none")
    assert set_again.bot(id_).json()["video_url"] is set_again.bot(id_).json()["media_retention_end"] is None
    assert set_again.bot(id_).json()["recording"] == bot["recording"]


@pytest.mark.parametrize(
    ("shape", "start_in_seconds", "recording", "video"),
    [
        ("not_admitted", -7200, False, False),
        ("empty", -7200, False, False),
        ("recorded", -600, True, False),
        ("crashed", -7200, True, True),
        ("recorded", -8 * 86_400, True, False),
        ("recorded", 600, False, False),
    ],
)
def test_a_bot_of_before_shows_what_there_is_by_now(
    set_again: Sandbox, shape: str, start_in_seconds: int, recording: bool, video: bool
) -> None:
    id_ = a_bot(set_again, shape, start_in_seconds)
    settle(set_again, bot_shape="v1.10")
    bot = set_again.bot(id_).json()
    assert (bot["recording"] is not None, bot["video_url"] is not None) == (recording, video)
    assert any(change["recording_id"] for change in bot["status_changes"]) is recording


@pytest.mark.parametrize("path", ["/api/v1/bot/?join_at_after=2020-01-01T00:00:00Z", "/api/v1/bot/"])
def test_links_to_other_pages_may_name_another_host(set_again: Sandbox, path: str) -> None:
    here = set_again.get(path, headers=KEY).json()["next"]
    assert here.startswith(f"{set_again.base}/api/v1/bot/?")
    settle(set_again, next_host="http://elsewhere.example")
    there = set_again.get(path, headers=KEY).json()["next"]
    assert there == here.replace(set_again.base, "http://elsewhere.example")
    page = set_again.get(there.removeprefix("http://elsewhere.example"), headers=KEY).json()
    assert page["previous"].startswith("http://elsewhere.example/")


def test_links_of_the_users_list_may_name_another_host_too(set_again: Sandbox) -> None:
    for n in range(95):
        set_again.control("users/", {"external_id": f"elsewhere-{n}"})
    settle(set_again, next_host="https://alias.example:8443")
    page = set_again.get(f"{CALENDAR}/users/?paginate=true", headers=KEY).json()
    assert page["next"].startswith(f"https://alias.example:8443{CALENDAR}/users/?paginate=true&cursor=")


@pytest.mark.parametrize(("method", "path"), [("GET", "meetings/"), ("POST", "meetings/refresh/")])
def test_a_user_without_any_connected_calendar_may_be_refused(set_again: Sandbox, method: str, path: str) -> None:
    user = set_again.new_user(platforms=("google", "microsoft"))
    lost = {"user": user, "connected": False}

    def asked() -> Any:
        return set_again.ask(method, f"{CALENDAR}/{path}", headers=set_again.token(user))

    settle(set_again, lost_calendars_answer=422)
    set_again.control("connections/", {**lost, "platform": "google"})
    assert asked().status_code == 200
    set_again.control("connections/", {**lost, "platform": "microsoft"})
    assert (asked().status_code, asked().headers["Content-Type"]) == (422, "application/json")
    assert set_again.get(f"{CALENDAR}/user/", headers=set_again.token(user)).status_code == 200
    settle(set_again, lost_calendars_answer="empty")
    assert (asked().status_code, asked().json()) == (200, [])


def test_without_bounds_the_list_of_bots_may_hold_the_coming_ones_alone(set_again: Sandbox) -> None:
    over, coming = a_bot(set_again, "recorded"), a_bot(set_again, "recorded", 600)
    settle(set_again, bots_without_bounds="coming")
    found = set_again.get("/api/v1/bot/", headers=KEY).json()["results"]
    assert coming in {bot["id"] for bot in found}
    assert over not in {bot["id"] for bot in found}
    assert all(bot["join_at"] for bot in found)
