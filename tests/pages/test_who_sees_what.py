"""Every page for every role: a stranger sees the sign-in and nothing else, and nothing is asked of Recall for one."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.staff import accounts
from lib.staff.permissions import Role
from lib.ui.widgets.navigation import ALL_PAGES
from lib.ui.widgets.notices import VIEW_ONLY
from tests.pages.conftest import PAGES, TIMEOUT_SECONDS, NewUser, Open, run_until
from tests.pages.seeing import grid, said
from tests.running import Sandbox

VIEWS = {
    "start": ("start", {}),
    "customers": ("customers", {}),
    "assigning customers": ("customers", {"do": "assign"}),
    "users": ("users", {}),
    "one user": ("users", {"user": "U"}),
    "past meetings": ("users", {"user": "U", "list": "past60"}),
    "preferences": ("users", {"user": "U", "section": "preferences"}),
    "connections": ("users", {"user": "U", "section": "connections"}),
    "history": ("users", {"user": "U", "section": "history"}),
    "nobody": ("users", {"user": "00000000-0000-4000-8000-000000000000"}),
    "overrides of all": ("users", {"show": "overrides"}),
    "many": ("many", {}),
    "bot config": ("bot_config", {}),
    "activity": ("activity", {}),
}
SHOWS = {
    "start": "Still reading.",
    "customers": "Still reading.",
    "assigning customers": "Files applied",
    "users": "Select a row to open it.",
    "one user": "No meetings in the next 31 days",
    "past meetings": "No meetings in the past 60 days",
    "preferences": "What saving will change",
    "connections": "Recall reads the primary calendar of each account.",
    "history": "No changes of this user are known, made here or elsewhere.",
    "nobody": "No user at this address",
    "overrides of all": "Nothing is set by hand",
    "many": "Still reading.",
    "bot config": "One preset applies to every calendar bot",
    "activity": "Select a row to see it in full.",
}
ROLES = {"viewer": "Vera Lind · Viewer", "editor": "Dana Weiss · Editor", "admin": "Ada Okafor · Admin"}


@pytest.fixture
def open_view(open_page: Open, new_user: NewUser) -> Open:
    """Open one of `VIEWS`; U stands for a user who has a calendar without meetings."""

    def open_as(name: str | None, view: str) -> AppTest:
        page, query = VIEWS[view]
        user = new_user()["id"]
        return open_page(name, page, **{key: user if value == "U" else value for key, value in query.items()})

    return open_as


@pytest.mark.parametrize("view", VIEWS)
def test_a_stranger_sees_the_sign_in_and_recall_is_not_asked(open_view: Open, sandbox: Sandbox, view: str) -> None:
    app = open_view(None, view)
    assert [box.label for box in app.text_input] == ["Name", "Password"]
    assert [title.value for title in app.title] == ["Coverage Desk"]
    assert len(app.dataframe) == 0
    assert SHOWS[view] not in said(app)
    assert sandbox.asked() == []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ROLES)
def test_staff_of_every_role_see_every_page(open_view: Open, name: str, view: str) -> None:
    app = run_until(open_view(name, view), lambda app: SHOWS[view] in said(app))
    assert not app.exception
    assert not app.error
    assert ROLES[name] in said(app)
    assert "Password" not in said(app)


@pytest.mark.parametrize("page", [page.name for page in ALL_PAGES])
def test_a_page_that_is_run_without_the_script_behind_it_shows_nothing(
    desk_here: None, sandbox: Sandbox, page: str
) -> None:
    app = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=TIMEOUT_SECONDS).run()
    assert [info.value for info in app.info] == ["Sign in to see this page."]
    assert len(app.main) == 1
    assert sandbox.asked() == []


def test_every_page_file_is_in_the_navigation() -> None:
    assert {page.stem for page in PAGES.glob("*.py")} == {page.name for page in ALL_PAGES}


def test_a_cookie_nobody_gave_out_is_a_stranger(open_page: Open) -> None:
    app = open_page(None, cookies={"coverage_desk_session": "A" * 43})
    assert [box.label for box in app.text_input] == ["Name", "Password"]
    assert grid(app, "users_table") is None


@pytest.mark.parametrize("forged", ["nonsense", "eyJhbGciOiJub25lIn0.e30.", "\u0000", "A" * 5000])
def test_a_forged_cookie_of_the_form_is_told_and_lets_nobody_in(open_page: Open, forged: str) -> None:
    app = open_page(None, cookies={"coverage_desk_form": forged})
    told = [error.value for error in app.error]
    assert told in ([], ["The sign-in could not be read. Clear this site's cookies and try again."])
    assert grid(app, "users_table") is None


def test_an_account_switched_off_is_out_at_the_next_run(open_page: Open) -> None:
    accounts.add(desk().store, "leaver", role=Role.VIEWER, display="Lea Ver", password="a good password")
    app = run_until(open_page("leaver"), lambda app: grid(app, "users_table") is not None)
    accounts.disable(desk().store, "leaver")
    app.run()
    assert [box.label for box in app.text_input] == ["Name", "Password"]
    assert grid(app, "users_table") is None


def test_another_role_holds_from_the_next_run_on(open_page: Open, new_user: NewUser) -> None:
    accounts.add(desk().store, "riser", role=Role.VIEWER, display="Ria Ser", password="a good password")
    app = open_page("riser", user=new_user()["id"], section="preferences")
    run_until(app, lambda app: VIEW_ONLY in said(app))
    accounts.change(desk().store, "riser", role=Role.EDITOR)
    app.run()
    assert VIEW_ONLY not in said(app)
    assert app.button(key="save_preferences")


def test_signing_out_takes_the_page_away(open_page: Open) -> None:
    app = run_until(open_page("viewer"), lambda app: grid(app, "users_table") is not None)
    app.button(key="sign_out").click().run()
    assert "Signing you out…" in said(app)
    assert grid(app, "users_table") is None


@pytest.mark.parametrize(("name", "password"), [("viewer", "not this"), ("nobody", "sandbox-demo")])
def test_a_wrong_name_or_password_is_told_in_one_sentence(open_page: Open, name: str, password: str) -> None:
    app = open_page(None)
    app.text_input[0].set_value(name)
    app.text_input[1].set_value(password)
    app.button[0].click().run()
    assert [error.value for error in app.error] == [
        "This name and password do not match an account. Try again, or ask an admin."
    ]
    assert grid(app, "users_table") is None


def test_a_right_password_begins_the_exchange_and_shows_no_page_yet(open_page: Open, sandbox: Sandbox) -> None:
    app = open_page(None)
    app.text_input[0].set_value("viewer")
    app.text_input[1].set_value("sandbox-demo")
    app.button[0].click().run()
    assert "Signing you in…" in said(app)
    assert grid(app, "users_table") is None
    assert sandbox.asked() == []


def test_the_sandbox_names_its_demo_accounts_under_the_sign_in(open_page: Open) -> None:
    assert "Sign in as `viewer`, `editor`, `admin`" in said(open_page(None))


def test_a_display_name_that_would_be_markup_is_not_put_into_a_label(open_page: Open) -> None:
    accounts.add(desk().store, "odd", role=Role.VIEWER, display=":red[**Odd**](x)", password="a good password")
    app = open_page("odd")
    assert "odd · Viewer" in said(app)
    assert [text.value for text in app.sidebar.text] == [":red[**Odd**](x)"]
