"""Bots follow what is wanted a little later, are shared, and stay where they have been."""

from tests.contract.sandbox.sandbox_process import CALENDAR, KEY, Sandbox

LAG = 2.5
EVERYTHING = ("record_external", "record_internal")


def test_a_preference_decides_at_once_and_books_a_little_later(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    meeting = sandbox.add_meeting(user)
    sandbox.prefer(user, record_internal=True)
    wanted = sandbox.meeting(user, meeting)
    assert (wanted["will_record"], wanted["bot_id"]) == (True, None)
    sandbox.advance(LAG)
    assert sandbox.meeting(user, meeting)["bot_id"] is not None


def test_a_bot_lingers_a_little_after_the_override_that_removes_it(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    meeting = sandbox.add_meeting(user)
    before = sandbox.meeting(user, meeting)
    after = sandbox.override(user, meeting, False)
    assert (after["will_record"], after["bot_id"]) == (False, before["bot_id"])
    assert sandbox.bot(before["bot_id"]).status_code == 200
    sandbox.advance(LAG)
    assert sandbox.meeting(user, meeting)["bot_id"] is None
    assert sandbox.bot(before["bot_id"]).status_code == 404


def test_no_override_gives_the_meeting_back_to_the_preferences(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    meeting = sandbox.add_meeting(user)
    sandbox.override(user, meeting, False)
    assert sandbox.override(user, meeting, None)["will_record"]


def test_a_patch_of_a_meeting_is_a_put(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    meeting = sandbox.add_meeting(user)
    path, body = f"{CALENDAR}/meetings/{meeting['id']}/", {"override_should_record": True}
    answer = sandbox.ask("PATCH", path, headers=sandbox.token(user), json=body)
    assert (answer.status_code, answer.json()["override_should_record"]) == (200, True)
    assert sandbox.meeting(user, meeting)["override_should_record"] is True


def test_an_empty_put_on_a_meeting_changes_nothing(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    meeting = sandbox.add_meeting(user, override=True)
    path = f"{CALENDAR}/meetings/{meeting['id']}/"
    assert sandbox.ask("PUT", path, headers=sandbox.token(user), json={}).json()["override_should_record"] is True


def test_the_past_keeps_its_bots_when_preferences_change(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    over = sandbox.add_meeting(user, start_in_seconds=-7200)
    running = sandbox.add_meeting(user, start_in_seconds=-600)
    ahead = sandbox.add_meeting(user)
    sandbox.prefer(user, record_external=False, record_internal=False)
    sandbox.advance(LAG)
    booked = {m["id"] for m in sandbox.meetings(user) if m["bot_id"]}
    assert booked == {over["id"], running["id"]}
    assert ahead["bot_id"] is not None


def test_the_past_gets_no_bot_from_preferences_that_came_later(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    over = sandbox.add_meeting(user, start_in_seconds=-7200)
    sandbox.prefer(user, record_internal=True)
    sandbox.override(user, over, True)
    sandbox.advance(3600)
    assert sandbox.meeting(user, over)["bot_id"] is None


def test_a_row_of_what_is_over_follows_writes_and_a_clock_set_back(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    meeting = sandbox.add_meeting(user, start_in_seconds=600)
    sandbox.advance(7200)
    over = sandbox.meeting(user, meeting)
    assert (over["will_record"], over["override_should_record"]) == (False, None)
    assert sandbox.override(user, meeting, True)["override_should_record"] is True
    sandbox.advance(-7100)
    before = sandbox.meeting(user, meeting)
    assert (before["will_record"], before["override_should_record"]) == (True, None)
    sandbox.advance(3600)
    assert sandbox.meeting(user, meeting)["override_should_record"] is None
    assert sandbox.control(f"meetings/{meeting['id']}/", {"title": "After all"}, "PATCH")["title"] == "After all"


def test_a_bot_that_has_set_out_is_not_called_back(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    meeting = sandbox.add_meeting(user, start_in_seconds=60)
    assert not sandbox.override(user, meeting, False)["will_record"]
    sandbox.advance(LAG)
    assert sandbox.meeting(user, meeting)["bot_id"] == meeting["bot_id"]


def test_colleagues_on_one_calendar_platform_share_a_bot(sandbox: Sandbox) -> None:
    users = [sandbox.new_user(*EVERYTHING) for _ in range(3)]
    meetings = [
        sandbox.add_meeting(u, ical_uid="shared-1@google.com", start_time="2026-12-01T10:00:00Z") for u in users
    ]
    assert len({m["id"] for m in meetings}) == 3
    (bot_id,) = {m["bot_id"] for m in meetings}
    bot = sandbox.bot(bot_id).json()
    assert {m["calendar_user"]["external_id"] for m in bot["calendar_meetings"]} == set(users)
    assert {m["id"] for m in bot["calendar_meetings"]} == {m["id"] for m in meetings}


def test_one_who_opts_out_takes_away_only_its_own_claim(sandbox: Sandbox) -> None:
    first, second = sandbox.new_user(*EVERYTHING), sandbox.new_user(*EVERYTHING)
    facts = {"ical_uid": "shared-2@google.com", "start_time": "2026-12-01T10:00:00Z"}
    mine, theirs = sandbox.add_meeting(first, **facts), sandbox.add_meeting(second, **facts)
    sandbox.override(first, mine, False)
    sandbox.advance(LAG)
    assert sandbox.meeting(first, mine)["bot_id"] is None
    assert sandbox.meeting(second, theirs)["bot_id"] == theirs["bot_id"]
    claims = sandbox.bot(theirs["bot_id"]).json()["calendar_meetings"]
    assert [m["calendar_user"]["external_id"] for m in claims] == [second]


def test_a_mixed_meeting_has_a_bot_of_each_calendar_platform(sandbox: Sandbox) -> None:
    google = sandbox.new_user(*EVERYTHING)
    microsoft = sandbox.new_user(*EVERYTHING, platforms=("microsoft",))
    facts = {"ical_uid": "mixed@google.com", "start_time": "2026-12-01T10:00:00Z"}
    bots = {sandbox.add_meeting(user, **facts)["bot_id"] for user in (google, microsoft)}
    assert len(bots) == 2
    assert None not in bots


def test_occurrences_of_a_series_have_bots_of_their_own(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    times = ("2026-12-01T10:00:00Z", "2026-12-08T10:00:00Z")
    bots = {sandbox.add_meeting(user, ical_uid="series@google.com", start_time=t)["bot_id"] for t in times}
    assert len(bots) == 2


def test_a_broken_calendar_hides_its_meetings_and_drops_coming_bots(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    over = sandbox.add_meeting(user, start_in_seconds=-7200)
    ahead = sandbox.add_meeting(user)
    broken = sandbox.control("connections/", {"user": user, "platform": "google", "connected": False})
    assert [c["connected"] for c in broken["connections"]] == [False]
    sandbox.advance(LAG)
    assert sandbox.meetings(user) == []
    assert sandbox.bot(ahead["bot_id"]).status_code == 404
    assert sandbox.bot(over["bot_id"]).status_code == 200
    sandbox.control("connections/", {"user": user, "platform": "google", "connected": True})
    assert {m["id"] for m in sandbox.meetings(user)} == {over["id"], ahead["id"]}


def test_disconnecting_clears_one_calendar_and_leaves_the_other(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING, platforms=("google", "microsoft"))
    gone = sandbox.add_meeting(user, calendar_platform="google")
    kept = sandbox.add_meeting(user, calendar_platform="microsoft")
    path = f"{CALENDAR}/user/disconnect/"
    answer = sandbox.ask("POST", path, headers=sandbox.token(user), json={"platform": "google"}).json()
    assert {c["platform"]: c["connected"] for c in answer["connections"]} == {"google": False, "microsoft": True}
    assert answer["preferences"]["record_external"] is True
    sandbox.advance(LAG)
    assert [m["id"] for m in sandbox.meetings(user)] == [kept["id"]]
    assert sandbox.bot(gone["bot_id"]).status_code == 404


def test_a_deleted_user_is_gone_and_its_past_bots_are_not(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    over, ahead = sandbox.add_meeting(user, start_in_seconds=-7200), sandbox.add_meeting(user)
    token = sandbox.token(user)
    assert sandbox.ask("DELETE", f"{CALENDAR}/user/", headers=token).status_code == 204
    assert sandbox.get(f"{CALENDAR}/user/", headers=token).status_code == 401
    assert user not in {u["external_id"] for u in sandbox.get(f"{CALENDAR}/users/", headers=KEY).json()}
    sandbox.advance(LAG)
    assert sandbox.bot(over["bot_id"]).status_code == 200
    assert sandbox.bot(ahead["bot_id"]).status_code == 404


def test_minting_again_after_deletion_makes_an_empty_user(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    before = sandbox.get(f"{CALENDAR}/user/", headers=sandbox.token(user)).json()
    sandbox.ask("DELETE", f"{CALENDAR}/user/", headers=sandbox.token(user))
    after = sandbox.get(f"{CALENDAR}/user/", headers=sandbox.token(user)).json()
    assert after["id"] != before["id"]
    assert (after["connections"], after["preferences"]["record_external"]) == ([], False)


def test_a_meeting_of_the_world_changes_by_facts_too(sandbox: Sandbox) -> None:
    users = [u["external_id"] for u in sandbox.get(f"{CALENDAR}/users/", headers=KEY).json()]
    found = ((u, m) for u in users if u for m in sandbox.meetings(u) if m["will_record"] and m["bot_id"])
    user, meeting = next(found)
    sandbox.control(f"meetings/{meeting['id']}/", {"link": None, "title": "In a room"}, "PATCH")
    changed = sandbox.meeting(user, meeting)
    assert (changed["title"], changed["meeting_platform"], changed["will_record"]) == ("In a room", None, False)
    sandbox.control(f"meetings/{meeting['id']}/", method="DELETE")
    assert meeting["id"] not in {m["id"] for m in sandbox.meetings(user)}


def test_deleting_an_event_leaves_the_bot_of_what_has_begun(sandbox: Sandbox) -> None:
    user = sandbox.new_user(*EVERYTHING)
    over, ahead = sandbox.add_meeting(user, start_in_seconds=-7200), sandbox.add_meeting(user)
    for meeting in (over, ahead):
        sandbox.control(f"meetings/{meeting['id']}/", method="DELETE")
    sandbox.advance(LAG)
    assert sandbox.meetings(user) == []
    assert sandbox.bot(over["bot_id"]).status_code == 200
    assert sandbox.bot(ahead["bot_id"]).status_code == 404
