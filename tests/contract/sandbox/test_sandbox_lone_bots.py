"""Bots that no calendar entry names (contract N6), and raw fields of any bot and user."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.contract.sandbox.sandbox_process import CALENDAR, KEY, Sandbox

EVERYTHING = ("record_external", "record_internal")


def a_lone_bot(sandbox: Sandbox, **facts: Any) -> str:
    return str(sandbox.control("bots/", {"join_in_seconds": 600, **facts})["bot_id"])


def listed(sandbox: Sandbox) -> dict[str, Any]:
    return {b["id"]: b for b in sandbox.get("/api/v1/bot/", headers=KEY).json()["results"]}


def test_a_bot_without_an_entry_is_read_and_listed_and_lives(sandbox: Sandbox) -> None:
    id_ = a_lone_bot(sandbox, shape="recorded", platform="zoom", bot_name="Lone", length_minutes=45)
    coming = sandbox.bot(id_).json()
    assert (coming["bot_name"], coming["calendar_meetings"], coming["status_changes"]) == ("Lone", [], [])
    assert coming["meeting_url"]["platform"] == "zoom"
    assert datetime.fromisoformat(coming["join_at"]) == datetime.fromisoformat("2026-11-24T09:10:00Z")
    assert listed(sandbox)[id_] == coming
    sandbox.advance(7200)
    over = sandbox.bot(id_).json()
    (recording,) = over["recordings"]
    assert datetime.fromisoformat(recording["completed_at"]) - datetime.fromisoformat(
        recording["started_at"]
    ) > timedelta(minutes=35)
    assert over["calendar_meetings"] == []
    assert listed(sandbox)[id_] == over


def test_a_bot_without_an_entry_may_have_been_and_may_end_as_told(sandbox: Sandbox) -> None:
    id_ = str(sandbox.control("bots/", {"join_at": "2026-11-20T10:00:00Z", "sub_code": "meeting_locked"})["bot_id"])
    last = sandbox.bot(id_).json()["status_changes"][-1]
    assert (last["code"], last["sub_code"], last["created_at"][:13]) == ("fatal", "meeting_locked", "2026-11-20T10")


def test_two_bots_without_an_entry_have_fates_and_links_of_their_own(sandbox: Sandbox) -> None:
    bots = [sandbox.bot(a_lone_bot(sandbox, join_in_seconds=-7200)).json() for _ in range(12)]
    assert len({b["id"] for b in bots}) == len({str(b["meeting_url"]) for b in bots}) == 12
    assert len({str(b["status_changes"]) for b in bots}) == 12


@pytest.mark.parametrize(
    "wrong",
    [{"join_in_seconds": "x"}, {"platform": "fax"}, {"colour": 1}, {"bot_name": 5}, {"length_minutes": []}, None],
)
def test_a_bot_that_makes_no_sense_is_refused(sandbox: Sandbox, wrong: dict[str, Any] | None) -> None:
    body = {} if wrong is None else {"join_in_seconds": 60, **wrong}
    answer = sandbox.ask("POST", "/control/bots/", json=body)
    assert (answer.status_code, answer.json()["detail"][-1]) == (400, ".")


def test_a_bot_has_any_shape_that_is_put_over_it(sandbox: Sandbox) -> None:
    meeting = sandbox.add_meeting(sandbox.new_user(*EVERYTHING), start_in_seconds=-7200)
    raw = {"extra": {"recordings": [{"started_at": None}], "labels": 5}, "omit": ["metadata", "chat"]}
    changed = sandbox.control(f"bots/{meeting['bot_id']}/", raw, "PATCH")
    assert changed == sandbox.bot(meeting["bot_id"]).json()
    assert (changed["recordings"], changed["labels"]) == ([{"started_at": None}], 5)
    assert not {"metadata", "chat"} & changed.keys()
    lone = a_lone_bot(sandbox)
    sandbox.control(f"bots/{lone}/", {"extra": {"id": None}}, "PATCH")
    assert sandbox.bot(lone).json()["id"] is None


def test_a_user_has_any_shape_that_is_put_over_it(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    raw = {"extra": {"connections": None, "plan": "x"}, "omit": ["preferences"]}
    changed = sandbox.control(f"users/{user}/", raw, "PATCH")
    assert changed == sandbox.get(f"{CALENDAR}/user/", headers=sandbox.token(user)).json()
    assert changed in sandbox.get(f"{CALENDAR}/users/", headers=KEY).json()
    assert (changed["connections"], changed["plan"], "preferences" in changed) == (None, "x", False)
    again = sandbox.control(f"users/{changed['id']}/", {"extra": {}, "omit": []}, "PATCH")
    assert (again["connections"][0]["connected"], "preferences" in again) == (True, True)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("users/nobody/", {"extra": {}}),
        ("bots/none/", {"extra": {}}),
        ("users/{user}/", {"extra": []}),
        ("users/{user}/", {"omit": "id"}),
        ("users/{user}/", {"title": "x"}),
    ],
)
def test_raw_fields_that_make_no_sense_are_refused(sandbox: Sandbox, path: str, body: Any) -> None:
    answer = sandbox.ask("PATCH", f"/control/{path.format(user=sandbox.new_user())}", json=body)
    assert (answer.status_code, answer.json()["detail"][-1]) == (400, ".")
