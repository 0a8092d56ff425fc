"""All overrides of the workspace in one list, oldest first; a row opens its user."""

from typing import Any

from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.commands.overrides import set_overrides
from lib.customer.sight import EVERYTHING
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.sync import read_user
from tests.pages.conftest import NewUser, Open, run_until
from tests.pages.seeing import column, grid, pick, said
from tests.running import Sandbox

HOUR = 3600
EDITOR = StaffMember("editor", "Dana", Role.EDITOR)


def opened(open_page: Open, name: str = "viewer", **query: str) -> AppTest:
    return run_until(open_page(name, **query), lambda app: "calendars" in said(app) and not app.progress)


def read_calendar(user: dict[str, Any]) -> None:
    """As the sync would."""
    read_user(desk().store, desk().recall, user["id"])


def rows_of(app: AppTest, user: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    table = grid(app, "by_hand")
    assert table is not None
    mine = table[table["user"].str.contains(user["connections"][0]["email"])]
    return [(row["title"], row["state"][0], row["by"], row["why"]) for _, row in mine.iterrows()]


def test_the_oldest_stands_first_and_says_who_set_it(open_page: Open, new_user: NewUser, sandbox: Sandbox) -> None:
    user = new_user()
    sandbox.add_meeting(user["id"], title="Set elsewhere", override=False, start_in_seconds=9 * HOUR)
    sandbox.add_meeting(user["id"], title="Set here", start_in_seconds=2 * HOUR)
    sandbox.add_meeting(user["id"], title="By the rules", start_in_seconds=3 * HOUR)
    app = opened(open_page)
    read_calendar(user)
    known = desk().users.snapshot(EVERYTHING).find(user["id"])
    assert known is not None
    entry = next(e for e in desk().calendars.snapshot(known).entries if e.title == "Set here")
    set_overrides(desk().context, EDITOR, known, [entry], True, why="Asked for")
    app.pills(key="show").set_value("overrides").run()
    assert rows_of(app, user) == [
        ("Set elsewhere", "– Don't record", "(elsewhere)", "—"),
        ("Set here", "● Record", "editor", "Asked for"),
    ]
    assert "overrides" in app.query_params["show"]
    since = column(app, "since")
    assert since == sorted(since)


def test_a_row_opens_its_user_and_the_way_back_is_the_list(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    user = new_user()
    sandbox.add_meeting(user["id"], title="=HYPERLINK(1)", override=True)
    app = opened(open_page)
    read_calendar(user)
    app.pills(key="show").set_value("overrides").run()
    table = grid(app, "by_hand")
    assert table is not None
    app = pick(app, "by_hand", list(table["title"]).index("=HYPERLINK(1)"))
    assert user["connections"][0]["email"] in said(app)
    app.button(key="back").click().run()
    assert grid(app, "by_hand") is not None


def test_nothing_set_by_hand_is_said(open_page: Open, sandbox: Sandbox) -> None:
    app = opened(open_page, show="overrides")
    assert "Every coming meeting follows its user's rules." in said(app)
