"""One user by address: who is found, who is not, and what each state of a calendar says."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import NewUser, Open, run_until, run_until_read
from tests.pages.seeing import grid, said
from tests.running import Sandbox

MEETINGS = "/api/v1/calendar/meetings/"
USER = "/api/v1/calendar/user/"
NOBODY = "No user at this address"


def opened(open_page: Open, user: str, **query: str) -> AppTest:
    """The page once everything was read."""
    return run_until_read(open_page("viewer", user=user, **query))


def test_while_the_meetings_are_read_for_the_first_time_the_page_says_so(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    user = new_user()
    sandbox.break_calls(MEETINGS, delay_ms=1500)
    app = run_until(open_page("viewer", user=user["id"]), lambda app: app.title)
    assert [bar.text for bar in app.progress] == ["Reading this user's meetings from Recall…"]
    assert [title.value for title in app.title] == [f"`{user['connections'][0]['email']}`"]
    assert "Not read yet" in said(app)
    run_until(app, lambda app: "As of" in said(app))


def test_while_bots_are_read_the_meetings_stand_there_already(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    user = new_user()
    sandbox.add_meeting(user["id"], start_in_seconds=-7200)
    sandbox.break_calls("/api/v1/bot/*", delay_ms=1500)
    app = run_until(open_page("viewer", user=user["id"], list="past30"), lambda app: "became of the bots" in said(app))
    table = grid(app, "meetings_past30")
    assert table is not None
    assert [cell[0] for cell in table["outcome"]] == ["? Unsettled"]
    run_until(app, lambda app: not app.progress)


def test_the_numbers_stand_on_top_with_their_fractions(open_page: Open, new_user: NewUser, sandbox: Sandbox) -> None:
    user = new_user()["id"]
    for shape in ("recorded", "recorded", "not_admitted"):
        meeting = sandbox.add_meeting(user, start_in_seconds=-7200)
        sandbox.control("POST", "outcomes/", {"meeting": meeting["id"], "shape": shape})
    sandbox.add_meeting(user)
    sandbox.add_meeting(user, override=False)
    app = opened(open_page, user)
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures == {
        "Coverage, 30 days": "66.7%",
        "Missed, 30 days": "1",
        "Coming, 14 days": "1 of 2",
        "Set by hand": "1",
    }
    assert "2 of 3" in said(app)


@pytest.mark.parametrize("user", ["00000000-0000-4000-8000-000000000000", "nobody", "<b>x</b>", "A" * 400, "../users"])
def test_an_address_that_names_nobody_says_so_and_leads_back(open_page: Open, user: str) -> None:
    app = run_until(open_page("viewer", user=user), lambda app: NOBODY in said(app))
    assert user not in said(app)
    next(button for button in app.button if button.label == "See all users").click().run()
    assert "user" not in app.query_params
    assert grid(app, "users_table") is not None


def test_an_address_in_capitals_opens_the_same_user(open_page: Open, new_user: NewUser) -> None:
    user = new_user()
    app = opened(open_page, user["id"].upper())
    assert [title.value for title in app.title] == [f"`{user['connections'][0]['email']}`"]


def test_a_user_without_external_id_is_shown_and_told_why_nothing_can_be_read(
    open_page: Open, new_user: NewUser
) -> None:
    user = new_user(None, email="no-id@acme.example")
    app = run_until(open_page("viewer", user=user["id"]), lambda app: app.error)
    assert "without an external id" in app.error[0].value
    assert [title.value for title in app.title] == ["`no-id@acme.example`"]
    assert not app.progress
    app.segmented_control(key="section").set_value("connections").run()
    assert "Recall reads the primary calendar of each account." in said(app)


def test_a_user_deleted_while_the_page_is_open_is_told_when_read_again(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    from lib.bootstrap import desk

    user = new_user()
    app = opened(open_page, user["id"])
    desk().recall.delete_user(user["external_id"])
    app.button(key="read_again").click().run()
    run_until(app, lambda app: app.error)
    assert "the user was deleted" in app.error[0].value
    desk().users.read_again()
    run_until(app, lambda app: "This user is gone" in said(app))
    assert "It has not been in Recall's list since" in said(app)


def test_a_user_with_no_calendar_is_told_apart_from_one_with_nothing_coming(open_page: Open, new_user: NewUser) -> None:
    none, nothing = new_user(connections=[]), new_user()
    app = opened(open_page, none["id"])
    assert "No calendar connected" in said(app)
    assert "So no meetings can be seen." in said(app)
    app = opened(open_page, nothing["id"])
    assert "No meetings in the next 31 days" in said(app)
    assert "The calendar is connected and was read at" in said(app)


def test_a_lost_calendar_is_named_on_top_and_among_the_connections(open_page: Open, new_user: NewUser) -> None:
    connections = [
        {"platform": "google", "email": "kept@acme.example"},
        {"platform": "microsoft", "email": "lost@acme.example", "connected": False},
    ]
    app = opened(open_page, new_user(connections=connections)["id"], section="connections")
    assert "Google connected" in said(app)
    assert "Microsoft lost" in said(app)
    frame = app.dataframe[0].value
    rows = [(row["platform"], row["state"][0], row["account"], row["to_do"]) for _, row in frame.iterrows()]
    assert rows == [
        ("Google", "✓ Connected", "kept@acme.example", "—"),
        ("Microsoft", "! Lost", "lost@acme.example", "Ask the user to connect it again."),
    ]


def test_a_user_without_connections_is_told_what_to_do_about_it(open_page: Open, new_user: NewUser) -> None:
    app = opened(open_page, new_user(connections=[])["id"], section="connections")
    assert "Ask the user to connect a calendar in your product." in said(app)
    assert len(app.dataframe) == 0


def test_the_section_is_part_of_the_address_and_gone_with_the_user(open_page: Open, new_user: NewUser) -> None:
    app = opened(open_page, new_user()["id"])
    app.segmented_control(key="section").set_value("connections").run()
    assert app.query_params["section"] == "connections"
    app.button(key="back").click().run()
    assert "section" not in app.query_params


def test_another_user_is_read_when_the_address_changes(open_page: Open, new_user: NewUser, sandbox: Sandbox) -> None:
    one, other = new_user(), new_user()
    app = opened(open_page, one["id"])
    app.query_params["user"] = other["id"]
    run_until_read(app.run())
    assert [title.value for title in app.title] == [f"`{other['connections'][0]['email']}`"]
    assert len(sandbox.asked("GET", MEETINGS)) == 2
