"""Recall down, slow to answer or talking nonsense: a sentence, a page that can be used, and a way back."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.queries.calendars import SLOW_AFTER_SECONDS
from lib.recall_api import INTERACTIVE
from tests.pages.conftest import NewUser, Open, run_until, run_until_read
from tests.pages.seeing import grid, said
from tests.running import Sandbox

USERS = "/api/v1/calendar/users/"
USER = "/api/v1/calendar/user/"
MEETINGS = "/api/v1/calendar/meetings/"
TROUBLES: list[tuple[dict[str, Any], str]] = [
    ({"status": 503}, "Recall does not answer at the moment."),
    ({"drop": True}, "Recall does not answer at the moment."),
    ({"html200": True}, "Recall's answer could not be read"),
    ({"truncate": True}, "Recall's answer could not be read"),
    ({"status": 403}, "A firewall in front of Recall refused this request."),
    ({"status": 402, "body": {"detail": "Insufficient credit."}}, "credit is used up"),
]


def try_again(app: AppTest) -> AppTest:
    return next(button for button in app.button if button.label == "Try again").click().run()


def titles(app: AppTest) -> list[str]:
    table = grid(app, "meetings_coming")
    return [] if table is None else list(table["title"])


@pytest.mark.parametrize(("how", "sentence"), TROUBLES)
def test_without_a_list_of_users_the_page_says_why_and_heals(
    open_page: Open, sandbox: Sandbox, how: dict[str, Any], sentence: str
) -> None:
    sandbox.break_calls(USERS, times=None, **how)
    app = run_until(open_page("viewer"), lambda app: app.error)
    assert sentence in app.error[0].value
    assert not app.exception
    assert not app.progress
    sandbox.heal()
    try_again(app)
    run_until(app, lambda app: grid(app, "users_table") is not None)
    assert not app.error


@pytest.mark.parametrize("path", [USER, MEETINGS])
@pytest.mark.parametrize(("how", "sentence"), TROUBLES[:3])
def test_what_is_known_of_a_user_stays_when_reading_again_goes_wrong(
    open_page: Open, new_user: NewUser, sandbox: Sandbox, path: str, how: dict[str, Any], sentence: str
) -> None:
    user = new_user()["id"]
    sandbox.add_meeting(user, title="known already")
    app = run_until_read(open_page("viewer", user=user))
    sandbox.break_calls(path, times=None, **how)
    app.button(key="read_again").click().run()
    run_until(app, lambda app: app.error)
    assert sentence in app.error[0].value
    table = grid(app, "meetings_coming")
    assert table is not None
    assert list(table["title"]) == ["known already"]
    sandbox.heal()
    try_again(app)
    run_until(app, lambda app: not app.error)


def test_a_slow_calendar_is_said_to_be_while_the_stored_rows_stand_and_is_read_to_its_end(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    """Longer than any page waits for a call: nobody does, and the page draws anew when it has come."""
    user = new_user()["id"]
    sandbox.add_meeting(user, title="known already")
    app = run_until_read(open_page("viewer", user=user))
    sandbox.add_meeting(user, title="come since")
    sandbox.break_calls(MEETINGS, delay_ms=(INTERACTIVE.total_seconds + 1) * 1000)
    app.button(key="read_again").click().run()
    run_until(app, lambda app: app.info)
    assert [note.value for note in app.info] == ["Recall is slow; still reading. The page shows what was read before."]
    assert titles(app) == ["known already"]
    assert not app.error
    run_until_read(app)
    run_until(app, lambda app: "come since" in titles(app))
    assert not app.info
    assert not app.error


def test_before_anything_was_read_of_a_slow_calendar_nothing_is_said_to_stand_there(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    sandbox.break_calls(MEETINGS, delay_ms=(SLOW_AFTER_SECONDS + 1) * 1000)
    app = run_until(open_page("viewer", user=new_user()["id"]), lambda app: app.info)
    assert [note.value for note in app.info] == ["Recall is slow; still reading."]
    run_until_read(app)
    assert not app.info


def test_a_lost_calendar_is_to_be_connected_again_and_nothing_is_to_be_corrected(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    user = new_user()
    sandbox.add_meeting(user["id"], title="known already")
    app = run_until_read(open_page("viewer", user=user["id"]))
    lost = {"user": user["external_id"], "platform": "google", "connected": False}
    sandbox.control("POST", "connections/", lost)
    sandbox.break_calls(MEETINGS, status=422, body={"detail": "<b>Unprocessable</b>"})
    app.button(key="read_again").click().run()
    run_until(app, lambda app: app.error)
    assert "Recall has lost the connection to this user's calendar." in app.error[0].value
    assert "connect the calendar again" in app.error[0].value
    assert "correct" not in app.error[0].value
    assert "detail: <b>Unprocessable</b>" in [text.value for text in app.text]  # its words, as they are
    run_until(app, lambda app: "Google lost" in said(app))
    assert titles(app) == ["known already"]


def test_an_hour_that_recall_asks_for_is_told_with_the_time_and_not_cut_short(
    open_page: Open, sandbox: Sandbox
) -> None:
    sandbox.break_calls(USERS, retry_after=3600)
    app = run_until(open_page("viewer"), lambda app: app.error)
    assert "Recall asks us to slow down. It can be asked again at" in app.error[0].value
    try_again(app)
    run_until(app, lambda app: app.error)
    assert len(sandbox.asked("GET", USERS)) == 1


def test_a_refused_key_names_the_settings_that_an_admin_must_check(open_page: Open, sandbox: Sandbox) -> None:
    sandbox.break_calls(USERS, times=None, status=401, body={"detail": "Invalid API token."})
    app = run_until(open_page("viewer"), lambda app: app.error)
    assert "RECALL_API_KEY and RECALL_REGION" in app.error[0].value
    assert sandbox.key not in said(app)


def test_a_link_to_a_user_says_what_is_wrong_with_the_list(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    user = new_user()["id"]
    sandbox.break_calls(USERS, times=None, status=503)
    app = run_until(open_page("viewer", user=user), lambda app: app.error)
    assert "Recall does not answer at the moment." in app.error[0].value
    assert "No user at this address" not in said(app)
    sandbox.heal()
    try_again(app)
    run_until(app, lambda app: "No meetings in the next 31 days" in said(app))


def test_a_server_that_is_not_there_is_told_like_one_that_is_down(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_PORT", "9")  # nobody listens there
    app = run_until(open_page("viewer"), lambda app: app.error)
    assert "Recall does not answer at the moment." in app.error[0].value
