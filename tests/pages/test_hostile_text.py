"""Text from outside, however hostile, stands in grids and as plain text, and never where Markdown is read."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.domain import Preferences
from lib.ui.words.formats import one_line
from tests.pages.conftest import EVERYTHING, NewUser, Open, run_until, run_until_read
from tests.pages.seeing import cells, grid, pick, said, said_as_markup
from tests.running import Sandbox

TITLES = (
    "<script>alert(1)</script> sync",
    "<img src=x onerror=alert(1)> review",
    "![logo](https://tracker.example/pixel.png) weekly",
    "[Click to confirm](https://phish.example/login)",
    '=HYPERLINK("https://phish.example","Open agenda")',
    ":red[urgent] :material/bolt: **bold** `code`",
    "$\\frac{a}{b}$ | pipe",
    "\u202eevil\u202c \u2066isolated\u2069",
    "Zero\u200bwidth\ufeff words\u2060 unseen",
    "Line one\nLine two\tTabbed",
    "Very long " + "agenda item, " * 100,
)
SIGNS = (
    "<script",
    "<img",
    "tracker.example",
    "phish.example",
    "urgent",
    "frac{a}",
    "evil",
    "unseen",
    "Line two",
    "agenda item",
)
"""A piece of each that nothing of ours contains."""


def no_markup(app: AppTest) -> None:
    marked_up = said_as_markup(app)
    assert not [sign for sign in SIGNS if sign in marked_up]
    assert not app.exception


def settled(app: AppTest) -> AppTest:
    return run_until_read(app)


@pytest.fixture(scope="module")
def hostile(running: Sandbox) -> dict[str, Any]:
    """Somebody all of whose words are hostile, with every title both ahead and past."""
    connections = [
        {"platform": "google", "email": "[Click](https://phish.example)@<img src=x>.example"},
        {"platform": "![x](https://tracker.example/p)", "email": "<script>alert(1)</script>"},
    ]
    user = running.add_user("![id](https://phish.example)", connections=connections, preferences=EVERYTHING)
    for number, title in enumerate(TITLES):
        for start in (3600, -86400):
            words = {"will_record_reason": title, "organizer_email": title, "meeting_platform": title}
            facts = {"title": title, "extra": words, "calendar_platform": "google"}
            running.add_meeting(user["id"], start_in_seconds=start + number, **facts)
    return user


@pytest.fixture
def hostile_user(hostile: dict[str, Any]) -> str:
    return str(hostile["id"])


@pytest.mark.parametrize("name", ["coming", "past30"])
def test_titles_stand_in_the_grid_as_they_are(open_page: Open, hostile_user: str, name: str) -> None:
    app = settled(open_page("viewer", user=hostile_user, list=name))
    table = grid(app, f"meetings_{name}")
    assert table is not None
    assert sorted(table["title"]) == sorted(one_line(title) for title in TITLES)
    no_markup(app)


@pytest.mark.parametrize("name", ["coming", "past30"])
def test_one_meeting_in_full_shows_its_words_as_plain_text(open_page: Open, hostile_user: str, name: str) -> None:
    app = settled(open_page("viewer", user=hostile_user, list=name))
    table = grid(app, f"meetings_{name}")
    assert table is not None
    for row, title in enumerate(table["title"]):
        pick(app, f"meetings_{name}", row)
        assert title in [text.value for text in app.text]
        no_markup(app)


def test_an_address_that_would_be_markup_is_plain_text_on_top_and_in_the_list(
    open_page: Open, hostile: dict[str, Any]
) -> None:
    email = hostile["connections"][0]["email"]
    app = settled(open_page("viewer", user=hostile["id"], section="connections"))
    assert email in [text.value for text in app.text]
    assert {email, hostile["connections"][1]["email"]} <= set(cells(app))
    no_markup(app)
    app.button(key="back").click().run()
    assert {email, hostile["external_id"]} <= set(cells(app))
    no_markup(app)


def test_a_customer_that_would_be_markup_can_be_chosen_and_is_plain(open_page: Open, hostile: dict[str, Any]) -> None:
    customer = hostile["connections"][0]["email"].rpartition("@")[2]
    app = settled(open_page("viewer", customer=customer))
    assert customer in cells(app)
    no_markup(app)


def test_a_bot_name_that_would_be_markup_stands_in_its_field_alone(
    open_page: Open, hostile: dict[str, Any], sandbox: Sandbox
) -> None:
    name = "![x](https://tracker.example/p) :red[urgent]"
    user = run_until(open_page("editor"), lambda app: grid(app, "users_table") is not None)
    desk().recall.update_preferences(hostile["external_id"], Preferences(record_internal=True, bot_name=name))
    user.query_params["user"] = hostile["id"]
    user.query_params["section"] = "preferences"
    app = settled(user.run())
    assert app.text_input[0].value == name
    no_markup(app)
    app.radio[0].set_value("custom").run()
    no_markup(app)
    app.segmented_control[1].set_value("same").run()
    no_markup(app)


def test_recalls_complaints_are_plain_text(open_page: Open, new_user: NewUser, sandbox: Sandbox) -> None:
    app = settled(open_page("editor", user=new_user()["id"], section="preferences"))
    complaint = {"preferences": {"![x](https://tracker.example)": ["[Sign in](https://phish.example)"]}}
    sandbox.break_calls("/api/v1/calendar/user/", method="PUT", status=400, body=complaint)
    app.radio[0].set_value("nothing").run()
    app.button(key="save_preferences").click().run()
    assert any("[Sign in](https://phish.example)" in text.value for text in app.text)
    no_markup(app)


def test_a_sub_code_that_would_be_markup_is_plain_text(open_page: Open, new_user: NewUser, sandbox: Sandbox) -> None:
    user = new_user()["id"]
    meeting = sandbox.add_meeting(user, start_in_seconds=-86400)
    sub_code = "[urgent](https://phish.example)"
    sandbox.control("POST", "outcomes/", {"meeting": meeting["id"], "sub_code": sub_code})
    app = settled(open_page("viewer", user=user, list="past30"))
    pick(app, "meetings_past30", 0)
    assert sub_code in [text.value for text in app.text]
    no_markup(app)


def test_an_address_bar_full_of_markup_is_never_repeated(open_page: Open) -> None:
    words = dict.fromkeys(("customer", "calendars", "section", "list", "only"), "<script>urgent</script>")
    no_markup(settled(open_page("viewer", **words)))
    no_markup(
        run_until(open_page("viewer", user="![urgent](//evil)"), lambda app: "No user at this address" in said(app))
    )
