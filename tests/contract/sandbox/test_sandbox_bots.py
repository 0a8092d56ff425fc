"""Bots live as time passes, end as they are told to, and are listed page by page."""

from typing import Any

import pytest

from tests.contract.sandbox.sandbox_process import KEY, Sandbox

EVERYTHING = ("record_external", "record_internal")
TEN_MINUTES = 600


def a_bot(sandbox: Sandbox, outcome: dict[str, Any] | None = None, **facts: Any) -> str:
    user = sandbox.new_user(*EVERYTHING)
    meeting = sandbox.add_meeting(user, **{"start_in_seconds": TEN_MINUTES, "link": "zoom", **facts})
    if outcome:
        sandbox.control("outcomes/", {"meeting": meeting["id"], **outcome})
    return str(meeting["bot_id"])


def codes(bot: Any) -> list[str]:
    return [change["code"] for change in bot["status_changes"]]


def listed(sandbox: Sandbox, **params: Any) -> Any:
    return sandbox.get("/api/v1/bot/", headers=KEY, params=params).json()


def test_a_bot_goes_through_its_statuses_as_the_clock_passes(sandbox: Sandbox) -> None:
    id_ = a_bot(sandbox, {"sub_code": "timeout_exceeded_everyone_left"})
    scheduled = sandbox.bot(id_).json()
    assert (codes(scheduled), scheduled["recordings"]) == ([], [])
    assert scheduled["join_at"] is not None
    assert scheduled["meeting_url"]["platform"] == "zoom"

    sandbox.advance(TEN_MINUTES - 115)
    joining = sandbox.bot(id_).json()
    assert (codes(joining), joining["join_at"]) == (["joining_call"], None)

    sandbox.advance(115 + TEN_MINUTES)
    recording = sandbox.bot(id_).json()
    assert codes(recording)[-1] == "in_call_recording"
    (piece,) = recording["recordings"]
    assert (piece["status"]["code"], piece["completed_at"]) == ("processing", None)
    assert piece["media_shortcuts"]["video_mixed"]["data"]["download_url"] is None

    sandbox.advance(3600)
    done = sandbox.bot(id_).json()
    assert codes(done)[-2:] == ["call_ended", "done"]
    assert done["status_changes"][-2]["sub_code"] == "timeout_exceeded_everyone_left"
    assert done["recordings"][0]["status"]["code"] == "done"
    assert done["recordings"][0]["media_shortcuts"]["audio_mixed"] is None


@pytest.mark.parametrize(
    ("outcome", "last", "recorded"),
    [
        ({"sub_code": "timeout_exceeded_waiting_room"}, "done", False),
        ({"sub_code": "zoom_local_recording_disabled"}, "done", False),
        ({"sub_code": "timeout_exceeded_noone_joined"}, "done", False),
        ({"sub_code": "meeting_requires_sign_in"}, "fatal", False),
        ({"sub_code": "a_code_of_the_future"}, "fatal", False),
        ({"sub_code": "bot_kicked_from_call"}, "done", True),
        ({"shape": "crashed", "sub_code": "bot_errored"}, "fatal", True),
    ],
)
def test_a_bot_ends_as_it_was_told_to(sandbox: Sandbox, outcome: dict[str, Any], last: str, recorded: bool) -> None:
    bot = sandbox.bot(a_bot(sandbox, outcome, start_in_seconds=-7200)).json()
    assert codes(bot)[-1] == last
    assert outcome["sub_code"] in [change["sub_code"] for change in bot["status_changes"]]
    assert bool(bot["recordings"]) is recorded is ("in_call_recording" in codes(bot))


def test_an_empty_recording_is_none(sandbox: Sandbox) -> None:
    bot = sandbox.bot(a_bot(sandbox, {"shape": "empty"}, start_in_seconds=-7200)).json()
    assert "in_call_recording" in codes(bot)
    assert bot["recordings"] == []


def test_links_and_media_are_forgotten_after_a_week(sandbox: Sandbox) -> None:
    told = {"sub_code": "call_ended_by_host"}
    bot = sandbox.bot(a_bot(sandbox, told, start_in_seconds=-9 * 86_400)).json()
    assert bot["meeting_url"] is None
    assert set(bot["recordings"][0]["media_shortcuts"].values()) == {None}
    assert bot["recordings"][0]["started_at"] is not None


def test_a_bot_carries_the_name_that_its_user_gave(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    meeting = sandbox.add_meeting(user)
    sandbox.prefer(user, bot_name="  Nötes & Co  ")
    assert sandbox.bot(meeting["bot_id"]).json()["bot_name"] == "Nötes & Co"


def test_all_pages_together_hold_every_bot_once(sandbox: Sandbox) -> None:
    ids: list[str] = []
    url, count = "/api/v1/bot/", 0
    while url:
        page = sandbox.get(url, headers=KEY).json()
        ids += [bot["id"] for bot in page["results"]]
        count, url = page["count"], (page["next"] or "").removeprefix(sandbox.base)
    assert len(ids) == len(set(ids)) == count > 100


def test_a_page_that_does_not_exist_is_not_found(sandbox: Sandbox) -> None:
    for page in ("9999", "0", "x"):
        assert sandbox.get(f"/api/v1/bot/?page={page}", headers=KEY).status_code == 404


def test_a_window_on_join_at_holds_the_bots_still_to_join(sandbox: Sandbox) -> None:
    id_ = a_bot(sandbox, start_in_seconds=5 * 86_400 + 777)
    join_at = sandbox.bot(id_).json()["join_at"]
    assert [b["id"] for b in listed(sandbox, join_at_after=join_at, join_at_before=join_at)["results"]] == [id_]
    past = listed(sandbox, join_at_before=sandbox.control("clock/", method="GET")["now"])
    assert past["count"] == 0


def test_the_list_is_filtered_by_status_and_platform(sandbox: Sandbox) -> None:
    a_bot(sandbox, {"sub_code": "meeting_requires_sign_in"}, start_in_seconds=-7200)
    fatal = listed(sandbox, status=["fatal"], platform=["zoom"])
    assert fatal["count"] > 0
    for bot in fatal["results"]:
        assert codes(bot)[-1] == "fatal"
        assert bot["meeting_url"] is None or bot["meeting_url"]["platform"] == "zoom"
    scheduled = listed(sandbox, status="ready")
    assert all(bot["status_changes"] == [] for bot in scheduled["results"])


def test_the_count_follows_what_is_written(sandbox: Sandbox) -> None:
    sandbox.advance(10)  # so that what other tests wrote has come to pass
    before = listed(sandbox)["count"]
    user = sandbox.new_user(*EVERYTHING)
    meeting = sandbox.add_meeting(user)
    assert listed(sandbox)["count"] == before + 1
    sandbox.override(user, meeting, False)
    sandbox.advance(3)
    assert listed(sandbox)["count"] == before
