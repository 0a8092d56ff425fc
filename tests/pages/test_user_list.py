"""The list of users: on its way, filtered, empty, too long; what a click on a row does."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.user.users_list import MOST_ROWS
from tests.pages.conftest import NewUser, Open, run_until, run_until_read
from tests.pages.seeing import column, grid, pick, said
from tests.running import Sandbox

USERS = "/api/v1/calendar/users/"
TABLE = "users_table"
LOST = [{"platform": "google", "email": "lost@gone.example", "connected": False}]


def listed(app: AppTest) -> list[str]:
    table = grid(app, TABLE)
    return [] if table is None else list(table["user"])


def _partly_lost(app: AppTest) -> int:
    """Users with one calendar lost and another connected: they count as lost, and as connected too."""
    calendars = zip(column(app, "health"), column(app, "calendars"), strict=True)
    lost = [names.split(", ") for health, names in calendars if health == "! Lost"]
    return sum(1 for names in lost if not all(name.endswith(" lost") for name in names))


def shown(open_page: Open, **query: str) -> AppTest:
    return run_until_read(open_page("viewer", **query))


def somebody(n: int) -> dict[str, Any]:
    return {"id": f"00000000-0000-4000-8000-{n:012}", "external_id": f"u{n}", "connections": [], "preferences": None}


def test_while_the_list_is_read_for_the_first_time_the_page_says_so(open_page: Open, sandbox: Sandbox) -> None:
    sandbox.break_calls(USERS, delay_ms=1500)
    app = open_page("viewer")
    assert [bar.text for bar in app.progress] == ["Reading the list of users from Recall…"]
    assert "Not read yet" in said(app)
    assert listed(app) == []
    run_until(app, listed)
    assert len(app.progress) == 0


def test_all_users_are_listed_with_the_lost_calendars_first(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    new_user(connections=LOST)
    new_user(connections=[])
    app = shown(open_page)
    health = column(app, "health")
    assert set(health) == {"! Lost", "– None", "✓ Connected"}
    assert health == sorted(health, key=lambda word: word != "! Lost")
    lost, none = (health.count(word) for word in ("! Lost", "– None"))
    assert f"{lost} user" in said(app)
    assert f"{none} user" in said(app)
    assert f"{len(health) - lost - none + _partly_lost(app)} of {len(health)} calendars" in said(app)
    assert f"{len(health)} of {len(health)} users. Select a row to open it." in said(app)
    assert len(sandbox.asked("GET", USERS)) == 1


def test_a_row_says_who_whose_how_connected_and_what_is_recorded(open_page: Open, new_user: NewUser) -> None:
    new_user("row-1", email="row.one@rows.example")
    connections = [
        {"platform": "google", "email": "two@rows.example"},
        {"platform": "microsoft", "email": "two@rows.example", "connected": False},
    ]
    new_user("row-2", connections=connections, preferences={"record_recurring": True})
    app = shown(open_page, customer="rows.example")
    frame = grid(app, TABLE)
    assert frame is not None
    rows = {row["external_id"]: dict(row) | {"health": row["health"][0]} for _, row in frame.iterrows()}
    assert rows["row-1"] == {
        "user": "row.one@rows.example",
        "customer": "rows.example",
        "health": "✓ Connected",
        "calendars": "Google",
        "preset": "Everything",
        "external_id": "row-1",
    }
    assert rows["row-2"]["health"] == "! Lost"
    assert rows["row-2"]["calendars"] == "Google, Microsoft lost"
    assert rows["row-2"]["preset"] == "Custom"


def test_part_of_an_email_an_id_or_a_customer_finds_a_user(open_page: Open, new_user: NewUser) -> None:
    user = new_user("gem-ext", email="hidden.gem@cavern.example")
    app = shown(open_page)
    for text in ("hidden.gem", "HIDDEN.GEM", "gem-ext", "cavern.example gem-ext", "Cavern", user["id"]):
        app.text_input(key="find").set_value(text).run()
        assert listed(app) == ["hidden.gem@cavern.example"], text


def test_the_filters_narrow_each_other_and_their_empty_state_takes_them_away(
    open_page: Open, new_user: NewUser
) -> None:
    new_user(email="only@narrow.example")
    app = shown(open_page)
    everybody = len(listed(app))
    app.selectbox(key="customer").set_value("narrow.example").run()
    assert listed(app) == ["only@narrow.example"]
    app.segmented_control(key="calendars").set_value("lost").run()
    assert listed(app) == []
    assert "No user matches" in said(app)
    assert f"{everybody} users without these filters." in said(app)
    next(button for button in app.button if button.label == "Clear filters").click().run()
    assert len(listed(app)) == everybody
    assert "customer" not in app.query_params
    assert "calendars" not in app.query_params


@pytest.mark.parametrize(("word", "chip"), [("lost", "! Lost"), ("none", "– None"), ("connected", "✓ Connected")])
def test_health_can_be_chosen_and_a_link_opens_the_same_choice(
    open_page: Open, new_user: NewUser, word: str, chip: str
) -> None:
    new_user(connections=LOST)
    new_user(connections=[])
    app = shown(open_page)
    app.segmented_control(key="calendars").set_value(word).run()
    assert set(column(app, "health")) == {chip}
    assert app.query_params["calendars"] == word
    assert listed(shown(open_page, calendars=word)) == listed(app)


def test_a_customer_in_the_address_is_chosen(open_page: Open, new_user: NewUser) -> None:
    new_user(email="me@linked.example")
    assert listed(shown(open_page, customer="linked.example")) == ["me@linked.example"]


@pytest.mark.parametrize("query", [{"customer": "nobody.example"}, {"calendars": "<b>"}, {"calendars": "A" * 5000}])
def test_words_in_the_address_that_mean_nothing_are_ignored(open_page: Open, query: dict[str, str]) -> None:
    app = shown(open_page, **query)
    assert not app.exception
    assert len(listed(app)) >= 25


def test_what_is_typed_to_find_somebody_stays_out_of_the_address(open_page: Open) -> None:
    app = shown(open_page)
    app.text_input(key="find").set_value("somebody@page1.example").run()
    assert "somebody" not in str(app.query_params)


def test_a_click_on_a_row_opens_that_user_and_the_way_back_keeps_the_filters(
    open_page: Open, new_user: NewUser
) -> None:
    new_user(email="a@clicked.example")
    second = new_user(email="b@clicked.example")
    app = shown(open_page, customer="clicked.example")
    assert listed(app) == ["a@clicked.example", "b@clicked.example"]
    pick(app, TABLE, 1)
    assert app.query_params["user"] == second["id"]
    assert [title.value for title in app.title] == ["`b@clicked.example`"]
    app.button(key="back").click().run()
    assert "user" not in app.query_params
    assert listed(app) == ["a@clicked.example", "b@clicked.example"]


def test_read_again_shows_who_came_meanwhile(open_page: Open, new_user: NewUser) -> None:
    app = shown(open_page)
    new_user(email="late@comer.example")
    assert "late@comer.example" not in listed(app.run())
    app.button(key="read_again").click().run()
    run_until(app, lambda app: "late@comer.example" in listed(app))


def test_a_workspace_without_users_says_so(open_page: Open, sandbox: Sandbox) -> None:
    sandbox.break_calls(USERS, status=200, body=[])
    app = shown(open_page)
    assert "No calendar users yet" in said(app)
    assert listed(app) == []


def test_users_that_cannot_be_read_are_counted_in_words(open_page: Open, sandbox: Sandbox) -> None:
    sandbox.break_calls(USERS, status=200, body=[somebody(1), 5, {"external_id": "no id"}])
    app = shown(open_page)
    assert "2 users in Recall's list could not be read and are not shown." in said(app)
    assert listed(app) == ["u1"]


def test_of_very_many_users_the_first_are_shown_and_the_rest_can_be_searched(open_page: Open, sandbox: Sandbox) -> None:
    sandbox.break_calls(USERS, status=200, body=[somebody(n) for n in range(MOST_ROWS + 7)])
    app = shown(open_page)
    assert f"{MOST_ROWS} of {MOST_ROWS + 7} users. Select a row to open it. Search to see the rest." in said(app)
    assert len(listed(app)) == MOST_ROWS
    app.text_input(key="find").set_value(f"u{MOST_ROWS + 6}").run()
    assert listed(app) == [f"u{MOST_ROWS + 6}"]
