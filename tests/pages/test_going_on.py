"""Signing in, going on after a session's end with what was typed, and the password asked for again."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.staff import accounts, sessions
from lib.staff.demo import PASSWORD
from lib.staff.locks import MISSES
from lib.store.tables.desk import session
from lib.ui.sign_in.session_cookie import SESSION_COOKIE
from tests.pages.conftest import NewUser, Open, run_until
from tests.pages.seeing import said

GO_ON, AGAIN, WHY = "secret:go_on", "secret:sign_in_again", "Asked for by the customer"


def age_sessions(*, began: timedelta = timedelta(), seen: timedelta = timedelta()) -> None:
    """All sessions began, or were last seen, so long ago."""
    with desk().store.write() as connection:
        values = {"created_at": utc_now() - began, "last_seen_at": utc_now() - seen}
        connection.execute(update(session).values(values))


def signed_in(name: str) -> dict[str, str]:
    """The cookie of somebody who has just signed in."""
    cookie = sessions.redeem(desk().store, sessions.mint_ticket(desk().store, name))
    assert cookie is not None
    return {SESSION_COOKIE: cookie}


def open_preferences(open_page: Open, user: dict[str, str], cookies: dict[str, str]) -> AppTest:
    """A user's preferences, for which somebody has typed a reason."""
    app = open_page("editor", cookies=cookies, user=user["id"], section="preferences")
    run_until(app, lambda app: [box for box in app.text_input if box.label.startswith("Reason")])
    reason(app).set_value(WHY).run()
    return app


def reason(app: AppTest):  # type: ignore[no-untyped-def]  # AppTest's elements have no public types
    return next(box for box in app.text_input if box.label.startswith("Reason"))


def button(app: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(each for each in app.button if each.label == label)


@pytest.fixture
def cookies() -> dict[str, str]:
    """What the browser sends."""
    return {}


@pytest.fixture
def preferences(open_page: Open, new_user: NewUser, cookies: dict[str, str]) -> AppTest:
    cookies |= signed_in("editor")
    return open_preferences(open_page, new_user(), cookies)


def test_after_an_end_by_itself_the_password_brings_back_the_page_and_what_was_typed(preferences: AppTest) -> None:
    app = preferences
    age_sessions(seen=timedelta(hours=3))
    app.run()
    assert "You were signed out" in said(app)
    assert not [box for box in app.text_input if box.label.startswith("Reason")]
    app.text_input(key=AGAIN).set_value("not the password")
    button(app, "Continue").click().run()
    assert "This is not your password." in said(app)
    app.text_input(key=AGAIN).set_value(PASSWORD)
    button(app, "Continue").click().run()
    assert not app.exception
    assert reason(app).value == WHY
    assert AGAIN not in app.session_state or not app.session_state[AGAIN]


def test_another_person_who_signs_in_there_gets_nothing_of_it(preferences: AppTest) -> None:
    app = preferences
    age_sessions(seen=timedelta(hours=3))
    app.run()
    button(app, "Sign in as someone else").click().run()
    assert "You were signed out" not in said(app)
    assert [box.label for box in app.text_input] == ["Name", "Password"]
    assert WHY not in repr(app.session_state)


def test_a_tab_that_comes_back_with_another_persons_cookie_keeps_nothing(
    preferences: AppTest, cookies: dict[str, str]
) -> None:
    assert WHY in repr(preferences.session_state)
    cookies |= signed_in("admin")
    preferences.run()
    assert reason(preferences).value == ""
    assert WHY not in repr(preferences.session_state)


@pytest.mark.parametrize("how", ["disabled", "signed out"])
def test_a_session_that_was_ended_offers_the_whole_form_alone(preferences: AppTest, how: str) -> None:
    app = preferences
    if how == "disabled":
        accounts.disable(desk().store, "editor")
    else:
        sessions.end_all(desk().store, "editor")
    app.run()
    assert [box.label for box in app.text_input] == ["Name", "Password"]


def test_before_the_age_ends_it_the_password_lets_it_go_on_in_place(preferences: AppTest) -> None:
    app = preferences
    age_sessions(began=timedelta(hours=7, minutes=56))
    app.run()
    assert "You will be signed out at" in said(app)
    app.text_input(key=GO_ON).set_value(PASSWORD)
    button(app, "Continue").click().run()
    app.run()
    assert "will be signed out" not in said(app)
    assert reason(app).value == WHY


def test_nothing_is_said_of_an_end_that_is_far(preferences: AppTest) -> None:
    age_sessions(began=timedelta(hours=7, minutes=54), seen=timedelta(hours=1, minutes=54))
    assert "will be signed out" not in said(preferences.run())


@pytest.mark.parametrize("name", ["editor", "nobody-of-this-name"])
def test_the_fifth_wrong_password_says_when_to_try_again_whether_there_is_an_account_or_not(
    open_page: Open, name: str
) -> None:
    app = open_page(None)
    told = [try_password(app, name, "not the password") for _ in range(MISSES)]
    assert set(told[:-1]) == {"This name and password do not match an account. Try again, or ask an admin."}
    assert told[-1].startswith("There were too many wrong passwords. Try again at ")
    assert told[-1].endswith("(Europe/Berlin).")
    assert try_password(app, name, PASSWORD) == told[-1]


def try_password(app: AppTest, name: str, password: str) -> str:
    """Answers what the form said."""
    for box, text in zip(app.text_input, (name, password), strict=True):
        box.set_value(text)
    button(app, "Sign in").click().run()
    [error] = app.error
    return str(error.value)
