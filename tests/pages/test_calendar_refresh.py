"""The button that has Recall read a calendar again: who has it, how often it sends, and what is said of each end."""

from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from lib.staff.permissions import Permission, Role
from tests.pages.conftest import NewUser, Open, run_until_read
from tests.pages.seeing import cells, said
from tests.running import Sandbox

REFRESH = "/api/v1/calendar/meetings/refresh/"
BUTTON = "ask_recall_to_read"


def opened(open_page: Open, name: str, user: dict[str, Any]) -> AppTest:
    return run_until_read(open_page(name, user=user["id"], section="connections"))


def press(app: AppTest) -> AppTest:
    app.button(key=BUTTON).click().run()
    assert not app.exception
    return app


def sent(sandbox: Sandbox) -> int:
    return len(sandbox.asked("POST", REFRESH))


@pytest.mark.parametrize("role", Role)
def test_who_has_the_right_has_the_button(open_page: Open, new_user: NewUser, role: Role) -> None:
    keys = [button.key for button in opened(open_page, role.value, new_user()).button]
    assert (BUTTON in keys) is (Permission.CALENDARS_REFRESH in role.permissions)


def test_a_forged_click_of_a_viewer_sends_nothing(open_page: Open, new_user: NewUser, sandbox: Sandbox) -> None:
    user = new_user()
    forged = opened(open_page, "editor", user).button(key=BUTTON).proto.id
    app = opened(open_page, "viewer", user)
    states = app._tree.get_widget_states()
    states.widgets.append(WidgetState(id=forged, trigger_value=True))
    app._run(states)
    assert not app.exception
    assert sent(sandbox) == 0


def test_pressed_once_it_asks_recall_says_so_and_activity_tells_it(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    user = new_user()
    app = press(opened(open_page, "editor", user))
    assert "Recall has read the calendar again." in app.success[0].value
    assert sent(sandbox) == 1
    assert "Calendar read again by Recall" in cells(open_page("editor", "activity"))


def test_pressed_twice_it_asks_once_and_says_from_when_it_can_be_asked_again(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    app = press(press(opened(open_page, "editor", new_user())))
    assert "Recall was asked to read this calendar again a few minutes ago." in app.warning[0].value
    assert not app.success
    assert sent(sandbox) == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"retry_after": "240", "times": None}, "Recall asks us to slow down."),
        ({"status": 502}, "Recall"),
        ({"status": 400, "body": {"detail": "Not for this calendar."}}, "Recall did not accept this"),
    ],
)
def test_a_rate_limit_an_outage_and_a_refusal_are_said(
    open_page: Open, new_user: NewUser, sandbox: Sandbox, fault: dict[str, Any], words: str
) -> None:
    app = opened(open_page, "editor", new_user())
    sandbox.break_calls(REFRESH, **fault)
    press(app)
    assert words in app.warning[0].value
    assert not app.success
    assert sent(sandbox) == 1


def test_a_calendar_that_was_lost_meanwhile_is_said_and_shown_as_lost(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    user = new_user()
    app = opened(open_page, "editor", user)
    sandbox.control("POST", "settings/", {"lost_calendars_answer": 422})
    try:
        sandbox.control("POST", "connections/", {"user": user["id"], "platform": "google", "connected": False})
        run_until_read(press(app))
    finally:
        sandbox.control("POST", "settings/", {"lost_calendars_answer": "empty"})
    assert "Google lost" in said(app)
    assert app.warning
    assert app.button(key=BUTTON).disabled


def test_without_a_calendar_there_is_nothing_to_read_again(open_page: Open, new_user: NewUser) -> None:
    keys = [button.key for button in opened(open_page, "editor", new_user(connections=[])).button]
    assert BUTTON not in keys
