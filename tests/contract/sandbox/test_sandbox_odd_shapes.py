"""Each raw shape of the contract's section 17 that has no test of its own elsewhere, by a fact or a raw field."""

from typing import Any

import pytest

from tests.contract.sandbox.sandbox_process import KEY, Sandbox

EVERYTHING = ("record_external", "record_internal")
MICROSOFT = "040000008200E00074C5B7101A82E008"


@pytest.mark.parametrize(
    "odd",
    [
        {"attendees": ["guest@x.example", None]},
        {"zoom_invite": "https://zoom.example/j/1"},
        {"title": 5, "will_record_reason": ""},
        {"start_time": "soon", "will_record": "yes"},
        {"id": None},
    ],
)
def test_a_row_is_as_odd_as_it_is_told_to_be_and_still_gets_its_bot(sandbox: Sandbox, odd: dict[str, Any]) -> None:
    user = sandbox.new_user(*EVERYTHING)
    sandbox.add_meeting(user, extra=odd)
    (row,) = sandbox.meetings(user)
    assert {name: row[name] for name in odd} == odd
    assert sandbox.bot(row["bot_id"]).status_code == 200


def test_rows_of_one_call_show_different_uids_and_share_its_bot(sandbox: Sandbox) -> None:
    uid = f"{MICROSOFT}000000000000000000ABCDEF"
    dated = f"{MICROSOFT}07EA0C01" + uid[40:]
    forms = [{}, {"ical_uid": dated}, {"ical_uid": uid.lower()}, {"ical_uid": None}]
    rows = [
        sandbox.add_meeting(
            sandbox.new_user(*EVERYTHING, platforms=("microsoft",)),
            ical_uid=uid,
            start_time="2026-12-01T10:00:00Z",
            extra=form,
        )
        for form in forms
    ]
    assert [row["ical_uid"] for row in rows] == [uid, dated, uid.lower(), None]
    assert len({row["bot_id"] for row in rows}) == 1


def test_a_platform_may_be_unknown_without_any_invite(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    row = sandbox.add_meeting(user, link=None, extra={"meeting_platform": "unknown"})
    assert (row["meeting_platform"], row["will_record"], row["bot_id"]) == ("unknown", False, None)
    assert [value for name, value in row.items() if name.endswith("_invite")] == [None] * 5


def test_a_drag_to_where_it_stands_gives_a_meeting_another_bot(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    meeting = sandbox.add_meeting(user)
    sandbox.control("drags/", {"meeting": meeting["id"], "start_time": meeting["start_time"]})
    sandbox.advance(2.5)
    again = sandbox.meeting(user, meeting)
    assert again["start_time"] == meeting["start_time"]
    assert again["bot_id"] not in (None, meeting["bot_id"])


def test_a_row_may_name_a_bot_that_no_entry_sent_for(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    lone = sandbox.control("bots/", {"join_in_seconds": -3600, "shape": "recorded"})["bot_id"]
    meeting = sandbox.add_meeting(user, start_in_seconds=-3480)
    sandbox.control(f"meetings/{meeting['id']}/", {"extra": {"bot_id": lone}}, "PATCH")
    assert sandbox.meeting(user, meeting)["bot_id"] == lone
    assert sandbox.bot(lone).json()["calendar_meetings"] == []


def test_a_time_out_may_come_with_a_recording(sandbox: Sandbox) -> None:
    meeting = sandbox.add_meeting(sandbox.new_user(*EVERYTHING), start_in_seconds=-7200)
    told = {"sub_code": "timeout_exceeded_silence_detected", "shape": "recorded"}
    sandbox.control("outcomes/", {"meeting": meeting["id"], **told})
    bot = sandbox.bot(meeting["bot_id"]).json()
    assert told["sub_code"] in [change["sub_code"] for change in bot["status_changes"]]
    assert bot["recordings"][0]["status"]["code"] == "done"


def test_a_bot_cannot_be_deleted(sandbox: Sandbox) -> None:
    meeting = sandbox.add_meeting(sandbox.new_user(*EVERYTHING), start_in_seconds=-60)
    assert sandbox.ask("DELETE", f"/api/v1/bot/{meeting['bot_id']}/", headers=KEY).status_code == 405
