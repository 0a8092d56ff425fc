"""A private meeting is there without its title, wherever it is listed; who may look sees it, and that is told."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import NewUser, Open, run_until
from tests.pages.seeing import cells, grid, pick, said
from tests.running import Sandbox

SECRET, CARRIED = "Redundancies in spring", "Show title"
HIDDEN = "Private meeting"


@pytest.fixture
def whose(new_user: NewUser, sandbox: Sandbox) -> str:
    """Somebody with one confidential meeting ahead and one past."""
    user: dict[str, Any] = new_user()
    for start in (7200, -86400):
        people = [{"email": "lawyer@else.example", "name": "Lawyer", "status": "accepted"}]
        facts = {"title": SECRET, "description": SECRET, "visibility": "confidential", "attendees": people}
        sandbox.add_meeting(user["id"], start_in_seconds=start, **facts)
    return str(user["id"])


def settled(app: AppTest, listed: str = "coming") -> AppTest:
    return run_until(app, lambda app: grid(app, f"meetings_{listed}") is not None and not app.progress)


def shown(app: AppTest) -> str:
    return "\n".join([said(app), *cells(app)])


@pytest.mark.parametrize("name", ["coming", "past30"])
def test_a_viewer_sees_that_there_is_one_and_no_more(open_page: Open, whose: str, name: str) -> None:
    app = settled(open_page("viewer", user=whose, list=name), name)
    pick(app, f"meetings_{name}", 0)
    assert HIDDEN in cells(app)
    assert HIDDEN in [text.value for text in app.text]
    assert SECRET not in shown(app)
    assert "lawyer" not in shown(app).lower()
    assert "its title is hidden" in said(app)
    assert CARRIED not in [button.label for button in app.button]


def test_an_editor_is_shown_the_title_in_this_tab_alone_and_activity_tells_it(open_page: Open, whose: str) -> None:
    app = settled(open_page("editor", user=whose))
    pick(app, "meetings_coming", 0)
    assert SECRET not in shown(app)
    next(button for button in app.button if button.label == CARRIED).click().run()
    assert SECRET in [text.value for text in app.text]
    assert SECRET not in cells(app)
    assert "Activity says that you looked" in said(app)
    other = settled(open_page("editor", user=whose))
    pick(other, "meetings_coming", 0)
    assert SECRET not in shown(other)
    told = open_page("editor", "activity", what="title")
    assert "Viewed a private meeting's title" in cells(told)
    pick(told, "activity_rows", 0)
    assert HIDDEN in [text.value for text in told.text]
    assert SECRET not in shown(told)


def test_previews_and_choices_do_not_name_it_either(open_page: Open, whose: str) -> None:
    app = settled(open_page("editor", user=whose))
    pick(app, "meetings_coming", 0)
    next(button for button in app.button if button.label == "Don't record").click().run()
    assert HIDDEN in cells(app)
    assert SECRET not in shown(app)
    app = run_until(open_page("editor", user=whose, section="preferences"), lambda app: bool(app.radio))
    app.radio[0].set_value("nothing").run()
    assert SECRET not in shown(app)
