"""Events dragged to another start: what was held stays where it was held."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.contract.sandbox.sandbox_process import CALENDAR, KEY, Sandbox

LAG = 2.5
HOUR = 3600
EVERYTHING = ("record_external", "record_internal")


def drag(sandbox: Sandbox, meeting: Any, **to: Any) -> Any:
    return sandbox.control("drags/", {"meeting": meeting["id"], **(to or {"start_in_seconds": 2 * HOUR})})


def statuses(bot: Any) -> list[tuple[str, str]]:
    return [(change["code"], change["created_at"]) for change in bot["status_changes"]]


def listed(sandbox: Sandbox) -> list[Any]:
    """All bots of the list."""
    url, found = "/api/v1/bot/", list[Any]()
    while url:
        page = sandbox.get(url, headers=KEY).json()
        found += page["results"]
        url = (page["next"] or "").removeprefix(sandbox.base)
    return found


def held(sandbox: Sandbox, **facts: Any) -> tuple[str, Any]:
    """A user, and its meeting of two hours ago, which a bot recorded."""
    user = sandbox.new_user(*EVERYTHING)
    meeting = sandbox.add_meeting(user, start_in_seconds=-2 * HOUR, **facts)
    sandbox.control("outcomes/", {"meeting": meeting["id"], "shape": "recorded"})
    return user, meeting


def test_a_held_meeting_that_is_dragged_leaves_its_bot_and_gets_another(sandbox: Sandbox) -> None:
    user, meeting = held(sandbox)
    before = sandbox.bot(meeting["bot_id"]).json()
    moved = drag(sandbox, meeting)
    assert (moved["id"], moved["bot_id"], moved["will_record"]) == (meeting["id"], None, True)
    start, end = (datetime.fromisoformat(moved[name]) for name in ("start_time", "end_time"))
    assert start - datetime.fromisoformat(meeting["start_time"]) == timedelta(hours=4)
    assert end - start == timedelta(minutes=30)

    sandbox.advance(LAG)
    new = sandbox.meeting(user, meeting)["bot_id"]
    assert new not in (None, meeting["bot_id"])
    assert sandbox.bot(new).json()["status_changes"] == []
    after = sandbox.bot(meeting["bot_id"]).json()
    assert statuses(after) == statuses(before)
    (entry,) = after["calendar_meetings"]
    assert (entry["id"], entry["start_time"]) == (meeting["id"], meeting["start_time"])
    (coming,) = sandbox.bot(new).json()["calendar_meetings"]
    assert coming["start_time"] == moved["start_time"]


def test_a_row_may_go_on_naming_the_bot_that_is_over(sandbox: Sandbox) -> None:
    user, meeting = held(sandbox)
    moved = drag(sandbox, meeting, start_in_seconds=2 * HOUR, keep_bot=True)
    assert moved["bot_id"] == meeting["bot_id"]
    sandbox.advance(3 * HOUR)
    read = sandbox.meeting(user, meeting)
    assert (read["start_time"], read["bot_id"]) == (moved["start_time"], meeting["bot_id"])
    (entry,) = sandbox.bot(meeting["bot_id"]).json()["calendar_meetings"]
    assert entry["start_time"] == meeting["start_time"]
    named = [entry["id"] for bot in listed(sandbox) for entry in bot["calendar_meetings"]]
    assert named.count(meeting["id"]) == 1  # no other bot came
    later = [at for _, at in statuses(sandbox.bot(meeting["bot_id"]).json()) if at > moved["start_time"]]
    assert later == []


def test_a_meeting_dragged_before_its_start_is_recorded_where_it_is(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    meeting = sandbox.add_meeting(user, start_in_seconds=HOUR)
    drag(sandbox, meeting, start_in_seconds=2 * HOUR, length_minutes=60)
    assert sandbox.bot(meeting["bot_id"]).status_code == 200  # withdrawn a little later
    sandbox.advance(LAG)
    assert sandbox.bot(meeting["bot_id"]).status_code == 404
    sandbox.advance(2 * HOUR)
    bot = sandbox.bot(sandbox.meeting(user, meeting)["bot_id"]).json()
    assert statuses(bot)[0][0] == "joining_call"


def test_a_bot_that_was_kept_and_had_not_set_out_moves_along(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    meeting = sandbox.add_meeting(user, start_in_seconds=HOUR)
    drag(sandbox, meeting, start_in_seconds=2 * HOUR, keep_bot=True)
    sandbox.advance(HOUR + 600)
    bot = sandbox.bot(meeting["bot_id"]).json()
    assert bot["status_changes"] == []
    assert datetime.fromisoformat(bot["calendar_meetings"][0]["start_time"]) > datetime.fromisoformat(
        meeting["start_time"]
    )


@pytest.mark.parametrize("alone", [False, True])
def test_a_shared_call_is_dragged_whole_unless_one_entry_is_alone(sandbox: Sandbox, alone: bool) -> None:
    users = [sandbox.new_user(*EVERYTHING) for _ in range(3)]
    facts = {"ical_uid": f"dragged-{alone}@google.com", "start_in_seconds": -2 * HOUR}
    meetings = [sandbox.add_meeting(u, **facts) for u in users]
    drag(sandbox, meetings[0], start_in_seconds=2 * HOUR, alone=alone)
    sandbox.advance(LAG)
    read = [sandbox.meeting(u, m) for u, m in zip(users, meetings, strict=True)]
    old = meetings[0]["bot_id"]
    named = [row["bot_id"] for row in read]
    assert len({row["start_time"] for row in read}) == (2 if alone else 1)
    assert named[1:] == ([old, old] if alone else [named[0], named[0]])
    assert named[0] not in (None, old)
    claims = sandbox.bot(old).json()["calendar_meetings"]
    assert {(c["id"], c["start_time"]) for c in claims} == {(m["id"], meetings[0]["start_time"]) for m in meetings}


def test_an_event_can_be_dragged_again_and_again(sandbox: Sandbox) -> None:
    user, meeting = held(sandbox)
    bots = [meeting["bot_id"]]
    for _ in range(3):
        drag(sandbox, meeting, start_in_seconds=HOUR)
        sandbox.advance(2 * HOUR)
        bots.append(sandbox.meeting(user, meeting)["bot_id"])
    assert len(set(bots)) == 4
    starts = [sandbox.bot(id_).json()["calendar_meetings"][0]["start_time"] for id_ in bots]
    assert starts == sorted(set(starts))


def test_dragged_bots_are_in_the_list_once_each(sandbox: Sandbox) -> None:
    _, meeting = held(sandbox)
    drag(sandbox, meeting)
    sandbox.advance(LAG)
    found = [b["id"] for b in listed(sandbox) if meeting["id"] in {m["id"] for m in b["calendar_meetings"]}]
    assert len(found) == len(set(found)) == 2


def test_what_is_said_of_a_dragged_event_later_changes_nothing_of_what_was_held(sandbox: Sandbox) -> None:
    user, meeting = held(sandbox)
    drag(sandbox, meeting)
    sandbox.control(f"meetings/{meeting['id']}/", {"cancelled": True, "start_in_seconds": 5 * HOUR}, "PATCH")
    sandbox.override(user, meeting, False)
    sandbox.advance(LAG)
    assert sandbox.meeting(user, meeting)["bot_id"] is None
    (entry,) = sandbox.bot(meeting["bot_id"]).json()["calendar_meetings"]
    assert entry["start_time"] == meeting["start_time"]


def test_a_meeting_of_the_world_is_dragged_into_another_week_and_found_there(sandbox: Sandbox) -> None:
    users = [u["external_id"] for u in sandbox.get(f"{CALENDAR}/users/", headers=KEY).json()]
    found = ((u, m) for u in users if u for m in sandbox.meetings(u) if m["bot_id"] and m["start_time"] < "2026-11-20")
    user, meeting = next(found)
    moved = drag(sandbox, meeting, start_time="2026-12-16T10:00:00Z")
    week = {"start_time_after": "2026-12-14T00:00:00Z", "start_time_before": "2026-12-18T00:00:00Z"}
    assert moved["id"] in {m["id"] for m in sandbox.meetings(user, **week)}
    assert sandbox.bot(meeting["bot_id"]).json()["calendar_meetings"][0]["start_time"] == meeting["start_time"]


@pytest.mark.parametrize(
    "wrong", [{"meeting": "none"}, {"start_time": "soon"}, {"keep_bot": "yes"}, {"length_minutes": "x"}, {"colour": 1}]
)
def test_a_drag_that_makes_no_sense_is_refused(sandbox: Sandbox, wrong: dict[str, Any]) -> None:
    meeting = sandbox.add_meeting(sandbox.new_user())
    body = {"meeting": meeting["id"], "start_time": "2026-12-01T10:00:00Z", **wrong}
    answer = sandbox.ask("POST", "/control/drags/", json=body)
    assert (answer.status_code, answer.json()["detail"][-1]) == (400, ".")
