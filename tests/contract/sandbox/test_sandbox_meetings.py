"""Meetings as they are listed: bounds, prefixes, shapes and the window of 90 days."""

from datetime import datetime

import pytest

from tests.contract.sandbox.sandbox_process import CALENDAR, Sandbox

AT = "2026-12-02T10:00:00Z"
INVITES = {
    "zoom": "zoom_invite",
    "google_meet": "meet_invite",
    "microsoft_teams": "teams_invite",
    "microsoft_teams_live": "teams_invite",
    "webex": "webex_invite",
    "webex_personal_room": "webex_invite",
    "goto_meeting": "goto_meeting_invite",
}


def test_bounds_include_their_own_instant(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    sandbox.add_meeting(user, start_time=AT)
    assert len(sandbox.meetings(user, start_time_after=AT, start_time_before="2026-12-02T11:00:00+01:00")) == 1
    assert sandbox.meetings(user, start_time_after="2026-12-02T10:00:00.001Z") == []
    assert sandbox.meetings(user, start_time_before="2026-12-02T09:59:59Z") == []


def test_a_bound_that_is_no_time_is_refused_with_its_name(sandbox: Sandbox) -> None:
    path = f"{CALENDAR}/meetings/?start_time_after=yesterday"
    answer = sandbox.get(path, headers=sandbox.token(sandbox.new_user()))
    assert answer.status_code == 400
    assert "start_time_after" in answer.json()


def test_the_prefix_of_the_uid_minds_its_case(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    sandbox.add_meeting(user, ical_uid="AbC@google.com")
    assert len(sandbox.meetings(user, ical_uid="AbC")) == 1
    assert sandbox.meetings(user, ical_uid="abc") == []


def test_parameters_of_the_other_version_are_ignored(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    sandbox.add_meeting(user)
    assert len(sandbox.meetings(user, start_time__gte="2030-01-01T00:00:00Z")) == 1


@pytest.mark.parametrize(("days", "shown"), [(-61, 0), (-59, 1), (29, 1), (31, 0)])
def test_sixty_days_back_and_thirty_ahead_are_shown(sandbox: Sandbox, days: int, shown: int) -> None:
    user = sandbox.new_user()
    added = sandbox.add_meeting(user, start_in_seconds=days * 86_400)
    assert len(sandbox.meetings(user)) == shown
    path = f"{CALENDAR}/meetings/{added['id']}/"
    assert sandbox.get(path, headers=sandbox.token(user)).ok is bool(shown)


@pytest.mark.parametrize(("method", "path"), [("GET", "meetings/"), ("POST", "meetings/refresh/")])
def test_without_bounds_only_what_is_to_come_is_shown(sandbox: Sandbox, method: str, path: str) -> None:
    user = sandbox.new_user()
    sandbox.add_meeting(user, start_in_seconds=-60)
    coming = sandbox.add_meeting(user, start_in_seconds=60)
    listed = sandbox.ask(method, f"{CALENDAR}/{path}", headers=sandbox.token(user)).json()
    assert [m["id"] for m in listed] == [coming["id"]]


def test_one_bound_alone_is_enough_to_see_the_past(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    past = sandbox.add_meeting(user, start_in_seconds=-86_400)
    now = sandbox.control("clock/", method="GET")["now"]
    assert [m["id"] for m in sandbox.meetings(user, start_time_before=now)] == [past["id"]]


def test_another_users_meeting_is_not_found(sandbox: Sandbox) -> None:
    added = sandbox.add_meeting(sandbox.new_user())
    answer = sandbox.get(f"{CALENDAR}/meetings/{added['id']}/", headers=sandbox.token(sandbox.new_user()))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(("kind", "invite"), INVITES.items())
def test_a_link_fills_its_own_invite_alone(sandbox: Sandbox, kind: str, invite: str) -> None:
    added = sandbox.add_meeting(sandbox.new_user(), link=kind)
    assert [name for name in sorted({*INVITES.values()}) if added[name]] == [invite]
    assert kind.startswith(added["meeting_platform"])


@pytest.mark.parametrize(("kind", "times"), [("null_times", {None}), ("midnight", {"T00:00:00Z"})])
def test_whole_days_come_in_both_forms(sandbox: Sandbox, kind: str, times: set[str | None]) -> None:
    added = sandbox.add_meeting(sandbox.new_user("record_internal"), whole_day=kind)
    assert {t and t[10:] for t in (added["start_time"], added["end_time"])} == times
    assert (added["will_record"], added["bot_id"]) == (False, None)


def test_raw_fields_are_shown_as_given_and_others_left_out(sandbox: Sandbox) -> None:
    extra = {"labels": ["x"], "visibility": "team_only"}
    added = sandbox.add_meeting(sandbox.new_user(), extra=extra, omit=["description"])
    assert (added["labels"], added["visibility"]) == (["x"], "team_only")
    assert "description" not in added


def test_my_own_answer_is_among_the_attendees(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    added = sandbox.add_meeting(user, my_status="tentative", is_external=True)
    mine = [a for a in added["attendees"] if a["email"].startswith(user)]
    assert [a["status"] for a in mine] == ["tentative"]
    assert {a["email"].split("@")[1] for a in added["attendees"]} == {"google.acme.example", "partner.example"}
    changed = sandbox.control(f"meetings/{added['id']}/", {"my_status": "declined"}, "PATCH")
    assert [a["status"] for a in changed["attendees"] if a["email"].startswith(user)] == ["declined"]


def test_a_moved_meeting_keeps_its_id_and_override(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    added = sandbox.add_meeting(user, override=True)
    moved = sandbox.control(f"meetings/{added['id']}/", {"start_time": AT}, "PATCH")
    assert datetime.fromisoformat(moved["start_time"]) == datetime.fromisoformat(AT)
    assert (moved["id"], moved["override_should_record"]) == (added["id"], True)


def test_a_meeting_never_booked_will_be_recorded_without_a_bot(sandbox: Sandbox) -> None:
    added = sandbox.add_meeting(sandbox.new_user("record_internal"), never_booked=True)
    assert (added["will_record"], added["bot_id"]) == (True, None)


def test_what_the_control_route_does_not_understand_it_says(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    for wrong in ({"user": user, "colour": "red"}, {"user": user, "link": "fax"}, {"user": "nobody"}):
        answer = sandbox.ask("POST", "/control/meetings/", json=wrong)
        assert answer.status_code == 400
        assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("users/", []),
        ("clock/", {"now": "soon"}),
        ("settings/", {"booking_lag_seconds": "long"}),
        ("connections/", {"user": "nobody", "platform": "google"}),
        ("outcomes/", {"meeting": "none"}),
        ("faults/", "fault"),
    ],
)
def test_other_wrong_input_is_answered_with_a_sentence_too(sandbox: Sandbox, path: str, body: object) -> None:
    answer = sandbox.ask("POST", f"/control/{path}", json=body)
    assert (answer.status_code, answer.json()["detail"][-1]) == (400, ".")
