"""Connecting, disconnecting and deleting: what each role is offered, what a forged click does, and what is said."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.commands.connections import delete_user, disconnect
from lib.customer.sight import EVERYTHING
from lib.errors import NotPermitted
from lib.staff import accounts
from lib.staff.permissions import Role
from lib.store import links, outbox
from lib.store.links import Link
from lib.store.outbox import Write
from lib.ui.user import connections
from tests.contract.commands.walking import walk
from tests.pages.conftest import NewUser, Open, run_until, run_until_read
from tests.pages.seeing import column, grid, said, said_as_markup
from tests.running import Sandbox

AUTHENTICATE = "/api/v1/calendar/authenticate/"
DISCONNECT = "/api/v1/calendar/user/disconnect/"
_URL = re.compile(r"http://\S+oauth2\S+")


def opened(open_page: Open, name: str, user: str) -> AppTest:
    """The section once everything was read."""
    app = open_page(name, user=user, section="connections")
    return run_until(run_until_read(app), lambda app: "Links made" in said(app))


def labels(app: AppTest) -> set[str]:
    return {button.label for button in app.button if not button.disabled}


def made_for(user: str) -> tuple[Link, ...]:
    with desk().store.read() as connection:
        return links.of_user(connection, user)


def changed() -> tuple[Write, ...]:
    with desk().store.read() as connection:
        return outbox.recent(connection)


def url_on(app: AppTest) -> str:
    [url] = {found.group() for code in app.code for found in _URL.finditer(code.value)}
    return url


def test_a_viewer_is_offered_nothing_and_told_who_may(open_page: Open, new_user: NewUser) -> None:
    app = opened(open_page, "viewer", new_user()["id"])
    assert "Making a link needs the role Editor. Ask an admin." in said(app)
    assert "Disconnecting needs the role Editor." in said(app)
    assert not {label for label in labels(app) if "link" in label or "Disconnect" in label or "Delete" in label}


def test_an_editor_may_connect_and_disconnect_and_an_admin_delete_too(open_page: Open, new_user: NewUser) -> None:
    user = new_user()["id"]
    acts = {"Create Google link", "Create Microsoft link", "Disconnect Google"}
    assert labels(opened(open_page, "editor", user)) >= acts
    assert "Delete this user" not in labels(opened(open_page, "editor", user))
    assert labels(opened(open_page, "admin", user)) >= acts | {"Delete this user"}


def test_a_link_is_shown_with_its_text_until_it_is_put_away(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    user = new_user()
    app = opened(open_page, "editor", user["id"])
    app.button(key="make_link_google").click().run()
    assert "Do not forward it." in said(app)
    assert "24 hours from when it was made" in said(app)
    assert url_on(app).startswith(f"{sandbox.url}/sandbox/google/")
    assert url_on(app) not in said_as_markup(app)
    assert url_on(app.run()) == url_on(app)
    assert [(link.by, link.platform) for link in made_for(user["id"])] == [("editor", "google")]
    app.button(key="away_Google").click().run()
    assert _URL.search(said(app)) is None
    assert _URL.search(said(opened(open_page, "editor", user["id"]))) is None
    assert column(app, "state", grid=1) == ["→ Sent or waiting"]


def test_a_double_click_makes_one_link(open_page: Open, new_user: NewUser) -> None:
    user = new_user()["id"]
    app = opened(open_page, "editor", user)
    first = url_on(app.button(key="make_link_google").click().run())
    assert url_on(app.button(key="make_link_google").click().run()) == first
    assert len(made_for(user)) == 1


def test_a_link_that_worked_goes_and_says_by_which_account_and_in_whose_place(
    open_page: Open, new_user: NewUser
) -> None:
    user = new_user()
    app = opened(open_page, "editor", user["id"])
    assert "Connecting a different account deletes" in said(app)
    app.button(key="make_link_google").click().run()
    walk(url_on(app), "other@acme.example")
    app.button(key="read_again").click().run()
    run_until(app, lambda app: "The last link connected a different account" in said(app) and not app.progress)
    assert _URL.search(said(app)) is None
    own = user["connections"][0]["email"]
    assert [column(app, name, grid=1) for name in ("state", "account", "replaced")] == [
        ["✓ Connected"],
        ["other@acme.example"],
        [own],
    ]


def test_a_role_taken_away_makes_no_link_and_shows_none(open_page: Open, new_user: NewUser, sandbox: Sandbox) -> None:
    accounts.add(desk().store, "mover", role=Role.EDITOR, display="Mo Ver", password="a good password")
    user = new_user()["id"]
    app = opened(open_page, "mover", user)
    app.button(key="make_link_google").click().run()
    assert _URL.search(said(app))
    accounts.change(desk().store, "mover", role=Role.VIEWER)
    sandbox.forget_asked()
    app.button(key="make_link_microsoft").click().run()
    assert _URL.search(said(app)) is None
    assert len(made_for(user)) == 1
    assert sandbox.asked("POST", AUTHENTICATE) == []


def test_a_forged_click_of_a_viewer_does_nothing(open_page: Open, new_user: NewUser, sandbox: Sandbox) -> None:
    """The callback and the commands themselves, as a client that forges its widgets would have them called."""
    user = new_user()
    opened(open_page, "viewer", user["id"])
    known, viewer = desk().users.snapshot(EVERYTHING).find(user["id"]), accounts.find(desk().store, "viewer")
    assert known is not None
    assert viewer is not None
    sandbox.forget_asked()
    connections._make_link(known, "google")
    with pytest.raises(NotPermitted):
        disconnect(desk().context, viewer, known, "google", known.label)
    with pytest.raises(NotPermitted):
        delete_user(desk().context, viewer, known, known.label)
    assert made_for(user["id"]) == ()
    assert changed() == ()
    assert sandbox.asked("POST", AUTHENTICATE) + sandbox.asked("POST", DISCONNECT) == []


def test_a_user_without_a_calendar_can_be_sent_a_link_and_the_sandbox_needs_no_setting(
    open_page: Open, new_user: NewUser
) -> None:
    app = opened(open_page, "editor", new_user(connections=[])["id"])
    assert "Send the user a link." in said(app)
    assert "CLIENT_ID" not in said(app)
    assert "Connecting a different account" not in said(app)


def test_without_an_external_id_no_link_can_be_made_and_that_is_said(open_page: Open, new_user: NewUser) -> None:
    app = run_until(
        open_page("editor", user=new_user(None)["id"], section="connections"), lambda app: "Links made" in said(app)
    )
    assert "Recall lists this user without an external id, so no link can be made." in said(app)
    assert not {label for label in labels(app) if label.startswith("Create")}


def test_what_disconnecting_does_is_said_and_the_name_is_asked_for(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    user = new_user()
    sandbox.add_meeting(user["id"])
    app = opened(open_page, "editor", user["id"])
    app.button(key="disconnect_google").click().run()
    assert "1 bot of coming meetings will not come" in said(app)
    assert "This cannot be undone from here" in said(app)
    name = user["connections"][0]["email"]
    app.text_input(key=f"typed:{user['id']}:google").set_value("somebody else").run()
    app.button(key="confirm_google").click().run()
    assert "What was typed is not the name of this user." in said(app)
    assert changed() == ()
    app.text_input(key=f"typed:{user['id']}:google").set_value(name)
    app.text_input(key=f"why:{user['id']}:google").set_value("Left the company")
    app.button(key="confirm_google").click().run()
    run_until(app, lambda app: "Google is disconnected. Done, and read back from Recall." in said(app))
    [change] = changed()
    assert (change.state, change.actor, change.why) == (outbox.WriteState.APPLIED, "editor", "Left the company")
    assert len(sandbox.asked("POST", DISCONNECT)) == 1
    assert column(app, "state") == ["– Disconnected"]
    assert "Google lost" not in said(app)
    assert {m.label: m.value for m in app.metric if m.label in ("Coming, 14 days", "Set by hand")} == {
        "Coming, 14 days": "—",
        "Set by hand": "—",
    }
    app.button(key="removal_dismiss").click().run()
    assert "Google is disconnected." not in said(app)
    for asked, expected in (({}, [name]), ({"calendars": "none"}, [name]), ({"calendars": "lost"}, [])):
        table = grid(run_until(open_page("viewer", **asked), lambda app: "As of" in said(app)), "users_table")
        rows = [] if table is None else [row for _, row in table.iterrows() if row["user"] == name]
        assert [row["user"] for row in rows] == expected
        for row in rows:
            assert (row["health"][0], row["calendars"]) == ("– Disconnected", "Google disconnected")


def test_a_deleted_user_is_said_to_be_deleted_to_everybody(open_page: Open, new_user: NewUser) -> None:
    user = new_user()
    app = opened(open_page, "admin", user["id"])
    app.button(key="delete_user").click().run()
    assert "This cannot be undone." in said(app)
    app.text_input(key=f"typed:{user['id']}:everything").set_value(user["connections"][0]["email"])
    app.button(key="confirm_everything").click().run()
    run_until(app, lambda app: "It was deleted here" in said(app))
    assert "This user was deleted. Done, and read back from Recall." in said(app)
    other = run_until(open_page("viewer", user=user["id"]), lambda app: "It was deleted here" in said(app))
    assert "Done, and read back" not in said(other)


def test_a_viewer_is_not_offered_a_new_user(open_page: Open, new_user: NewUser) -> None:
    new_user()
    app = run_until(open_page("viewer"), lambda app: "Select a row" in said(app))
    assert "New calendar user" not in labels(app)


def test_a_new_user_is_made_when_the_id_is_typed_twice_and_none_has_it(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    there = new_user()["external_id"]
    app = run_until(open_page("editor"), lambda app: "Select a row" in said(app))
    app.button(key="new_user").click().run()
    _type(app, "made-here", "made-hree")
    assert "The two external ids are not the same." in said(app)
    _type(app, there, there)
    assert "There is a calendar user with this external id already" in said(app)
    assert sandbox.asked("POST", AUTHENTICATE) == []
    _type(app, "somebody@acme.example", "")
    assert "This looks like an email." in said(app)
    _type(app, "made-here", "made-here")
    run_until(app, lambda app: "No calendar connected" in said(app))
    made = [user for user in desk().users.snapshot(EVERYTHING).users if user.external_id == "made-here"]
    assert app.query_params["user"] == made[0].id


def _type(app: AppTest, first: str, again: str) -> None:
    app.text_input(key="new_user_id").set_value(first)
    app.text_input(key="new_user_again").set_value(again)
    app.button(key="confirm_new_user").click().run()
