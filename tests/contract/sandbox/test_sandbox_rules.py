"""Rules written into the past, and the sandbox's own record of them."""

from typing import Any

import pytest

from tests.contract.sandbox.sandbox_process import CALENDAR, KEY, Sandbox

A_DAY = 86_400
YESTERDAY, LAST_WEEK = "2026-11-23T09:00:00Z", "2026-11-17T09:00:00Z"


def prefer_since(sandbox: Sandbox, user: str, at: str, **preferences: Any) -> Any:
    return sandbox.control("preferences/", {"user": user, "preferences": preferences, "at": at})


def history(sandbox: Sandbox, user: str) -> Any:
    return sandbox.control(f"history/?user={user}", method="GET")


def test_what_was_wanted_from_a_past_instant_on_decided_about_what_was_held_since(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    before = sandbox.add_meeting(user, start_in_seconds=-3 * A_DAY)
    after = sandbox.add_meeting(user, start_in_seconds=-A_DAY // 2)
    changed = prefer_since(sandbox, user, YESTERDAY, record_internal=True)
    assert changed["preferences"]["record_internal"] is True
    assert sandbox.meeting(user, before)["bot_id"] is None
    assert sandbox.meeting(user, after)["bot_id"] is not None


def test_bots_of_the_past_are_counted_anew_when_rules_of_the_past_are_written(sandbox: Sandbox) -> None:
    def count() -> int:
        return int(sandbox.get("/api/v1/bot/", headers=KEY).json()["count"])

    prefer_since(sandbox, "northwater-1004", "2026-01-01T00:00:00Z", record_external=False, record_internal=False)
    without = count()
    assert count() == without
    prefer_since(sandbox, "northwater-1004", LAST_WEEK, record_external=True, record_internal=True)
    since_last_week = count()
    prefer_since(sandbox, "northwater-1004", "2026-01-01T00:00:00Z", record_external=True, record_internal=True)
    assert without < since_last_week < count()


def test_preferences_hold_from_now_on_unless_told_otherwise(sandbox: Sandbox) -> None:
    user = sandbox.new_user("record_internal")
    held = sandbox.add_meeting(user, start_in_seconds=-3600)
    sandbox.control("preferences/", {"user": user, "preferences": {"record_internal": False}})
    assert sandbox.meeting(user, held)["bot_id"] == held["bot_id"]
    assert sandbox.meeting(user, held)["will_record"] is False


def test_a_calendar_may_have_been_broken_for_a_while(sandbox: Sandbox) -> None:
    user = sandbox.new_user("record_internal")
    early = sandbox.add_meeting(user, start_in_seconds=-3 * A_DAY)
    late = sandbox.add_meeting(user, start_in_seconds=-A_DAY // 2)
    for at, connected in ((YESTERDAY, False), ("2026-11-24T08:00:00Z", True)):
        sandbox.control("connections/", {"user": user, "platform": "google", "connected": connected, "at": at})
    read = {m["id"]: m["bot_id"] for m in sandbox.meetings(user)}
    assert read == {early["id"]: early["bot_id"], late["id"]: None}


def test_the_record_tells_all_that_held_and_since_when(sandbox: Sandbox) -> None:
    user = sandbox.new_user("record_internal")
    meeting = sandbox.add_meeting(user, override=True)
    prefer_since(sandbox, user, LAST_WEEK, record_external=True)
    sandbox.prefer(user, record_internal=False)
    sandbox.override(user, meeting, False)
    sandbox.control("connections/", {"user": user, "platform": "google", "connected": False, "at": YESTERDAY})
    email = f"{user}@google.acme.example"
    assert history(sandbox, user) == {
        "preferences": [
            {"at": None, "flags": ["record_internal"]},
            {"at": LAST_WEEK, "flags": ["record_external", "record_internal"]},
            {"at": "2026-11-24T09:00:00Z", "flags": ["record_external"]},
        ],
        "connections": [
            {"at": None, "platform": "google", "connected": True, "email": email},
            {"at": YESTERDAY, "platform": "google", "connected": False, "email": email},
        ],
        "overrides": {
            meeting["id"]: [{"at": None, "value": True}, {"at": "2026-11-24T09:00:00Z", "value": False}],
        },
    }


def test_the_record_of_a_user_of_the_world_begins_with_what_the_world_gave(sandbox: Sandbox) -> None:
    token = sandbox.token("northwater-1003")
    user = sandbox.get(f"{CALENDAR}/user/", headers=token).json()
    told = history(sandbox, "northwater-1003")
    flags = sorted(name for name, value in user["preferences"].items() if value is True)
    assert told["preferences"] == [{"at": None, "flags": flags}]
    assert [(c["platform"], c["email"]) for c in told["connections"]] == [
        (c["platform"], c["email"]) for c in user["connections"]
    ]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "history/?user=nobody", None),
        ("POST", "preferences/", {"user": "nobody", "preferences": {}}),
        ("POST", "preferences/", {"user": "northwater-1003"}),
        ("POST", "preferences/", {"user": "northwater-1003", "preferences": {"record_external": "yes"}}),
        ("POST", "users/", {"external_id": "wishful", "preferences": {"bot_name": ""}}),
        ("POST", "preferences/", {"user": "northwater-1003", "preferences": {}, "at": "soon"}),
        ("POST", "connections/", {"user": "northwater-1003", "platform": "google", "at": 5}),
        ("POST", "connections/", {"user": "northwater-1003"}),
    ],
)
def test_rules_that_make_no_sense_are_refused(sandbox: Sandbox, method: str, path: str, body: Any) -> None:
    answer = sandbox.ask(method, f"/control/{path}", json=body)
    assert (answer.status_code, answer.json()["detail"][-1]) == (400, ".")
