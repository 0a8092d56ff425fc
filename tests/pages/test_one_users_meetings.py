"""One user's meetings: what became of each and why, one in full, and the filters."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.domain import Entry, Listing
from lib.store import meetings
from lib.store.diff import Window
from tests.pages.conftest import EVERYTHING, NewUser, Open, run_until_read
from tests.pages.seeing import grid, pick, said
from tests.running import Sandbox

HOUR, DAY = 3600, 24 * 3600


def opened(open_page: Open, user: str, **query: str) -> AppTest:
    return run_until_read(open_page("viewer", user=user, **query))


def rows(app: AppTest, name: str) -> dict[str, dict[str, Any]]:
    """The table by title."""
    table = grid(app, f"meetings_{name}")
    if table is None:
        return {}
    return {row["title"]: dict(row) | {"outcome": row["outcome"][0]} for _, row in table.iterrows()}


def past(sandbox: Sandbox, user: str, title: str, days: float = 1, **end: str) -> None:
    meeting = sandbox.add_meeting(user, title=title, start_in_seconds=-days * DAY)
    if end:
        sandbox.control("POST", "outcomes/", {"meeting": meeting["id"], **end})


@pytest.fixture
def busy(new_user: NewUser, sandbox: Sandbox) -> str:
    """Somebody with a meeting of every outcome; answers Recall's id. Titles say what is to be expected."""
    user: str = new_user()["id"]
    sandbox.add_meeting(user, title="→ Will record")
    sandbox.add_meeting(user, title="– Off by choice", override=False)
    running = sandbox.add_meeting(user, title="→ In progress", start_in_seconds=-600, length_minutes=60)
    sandbox.control("POST", "outcomes/", {"meeting": running["id"], "shape": "recorded"})
    sandbox.add_meeting(user, title="! Fixable miss", link=None, is_external=True)
    sandbox.add_meeting(user, title="? No call to join", whole_day="midnight", link=None, start_in_seconds=2 * DAY)
    past(sandbox, user, "✓ Recorded", shape="recorded")
    past(sandbox, user, "◐ In part", sub_code="bot_kicked_from_call")
    past(sandbox, user, "! Fixable miss", sub_code="timeout_exceeded_waiting_room")
    past(sandbox, user, "▲ Technical miss", sub_code="google_meet_internal_error")
    past(sandbox, user, "? Did not happen", sub_code="timeout_exceeded_noone_joined")
    past(sandbox, user, "? Unknown", sub_code="something_quite_new")
    return user


def test_every_outcome_stands_in_its_list_with_sign_and_word(open_page: Open, busy: str) -> None:
    app = opened(open_page, busy)
    assert {title: row["outcome"] for title, row in rows(app, "coming").items()} == {
        title: title
        for title in ("→ Will record", "– Off by choice", "→ In progress", "! Fixable miss", "? No call to join")
    }
    app.pills(key="list").set_value("past30").run()
    assert {title: row["outcome"] for title, row in rows(app, "past30").items()} == {
        title: title
        for title in (
            "✓ Recorded",
            "◐ In part",
            "! Fixable miss",
            "▲ Technical miss",
            "? Did not happen",
            "? Unknown",
        )
    }


def test_every_meeting_that_is_not_recorded_says_why(open_page: Open, busy: str) -> None:
    app = opened(open_page, busy)
    coming = rows(app, "coming")
    app.pills(key="list").set_value("past30").run()
    for title, row in {**coming, **rows(app, "past30")}.items():
        if title not in ("→ In progress", "✓ Recorded"):
            assert row["why"] != "—", title
    assert coming["– Off by choice"]["choice"] == "Don't record"
    assert coming["→ Will record"]["choice"] == "Follows rules"


def test_times_are_in_the_viewers_zone_which_the_head_names(open_page: Open, busy: str) -> None:
    app = opened(open_page, busy)
    proto = next(frame.proto for frame in app.dataframe if frame.proto.id.endswith("-meetings_coming"))
    assert "Starts (Berlin)" in proto.columns
    assert "Europe/Berlin" in proto.columns


def test_a_row_that_is_picked_is_told_in_full(open_page: Open, busy: str) -> None:
    app = opened(open_page, busy)
    titles = list(rows(app, "coming"))
    pick(app, "meetings_coming", titles.index("– Off by choice"))
    assert "– Off by choice" in [text.value for text in app.text]
    assert "(Europe/Berlin)" in said(app)
    for head in ("**Why**", "**What to do**", "**Who can fix it**", "**How sure**", "**Recall says**"):
        assert head in said(app)
    assert "Our rule: not record. Recall: not record. Recall decides." in said(app)
    assert "Set by hand: don't record" in said(app)


def test_a_meeting_leads_to_the_bot_that_was_there_and_not_to_one_that_is_only_booked(
    open_page: Open, busy: str
) -> None:
    app = opened(open_page, busy)
    pick(app, "meetings_coming", list(rows(app, "coming")).index("→ Will record"))
    assert not any(button.key == "open_its_bot" for button in app.button)
    app.pills(key="list").set_value("past30").run()
    pick(app, "meetings_past30", list(rows(app, "past30")).index("✓ Recorded"))
    app.button(key="open_its_bot").click().run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Bots"]
    assert app.query_params["bot"]


def test_recalls_own_words_stand_as_plain_text(open_page: Open, busy: str) -> None:
    app = opened(open_page, busy, list="past30")
    pick(app, "meetings_past30", list(rows(app, "past30")).index("? Unknown"))
    assert "something_quite_new" in [text.value for text in app.text]


def test_a_selection_in_the_state_that_no_row_has_shows_no_card(open_page: Open, busy: str) -> None:
    app = opened(open_page, busy)
    pick(app, "meetings_coming", 99)
    assert not app.exception
    assert "Select a row to see why" in said(app)


def test_where_our_rule_and_recall_differ_it_is_said_and_recall_decides(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    user = new_user()["id"]
    sandbox.add_meeting(user, extra={"will_record": False, "will_record_reason": "Because."})
    app = opened(open_page, user)
    pick(app, "meetings_coming", 0)
    assert "Our rule: record. Recall: not record. Recall decides." in said(app)
    assert "They differ. We count these." in said(app)


def test_the_past_is_shown_latest_first_and_as_far_back_as_is_chosen(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    user = new_user()["id"]
    for days in (45, 2, 10):
        past(sandbox, user, f"{days} days ago", days)
    app = opened(open_page, user, list="past30")
    assert list(rows(app, "past30")) == ["2 days ago", "10 days ago"]
    app.pills(key="list").set_value("past60").run()
    assert list(rows(app, "past60")) == ["2 days ago", "10 days ago", "45 days ago"]
    assert app.query_params["list"] == "past60"
    assert {"Coming · 0", "Past 30 days · 2", "Past 60 days · 3"} <= set(said(app).split("\n"))


def test_an_empty_past_says_which_days_are_meant(open_page: Open, new_user: NewUser) -> None:
    app = opened(open_page, new_user()["id"], list="past30")
    assert "No meetings in the past 30 days" in said(app)


def test_only_what_was_set_by_hand_can_be_shown(open_page: Open, new_user: NewUser, sandbox: Sandbox) -> None:
    user = new_user(preferences={**EVERYTHING, "record_confirmed": True})["id"]
    sandbox.add_meeting(user, title="by rule")
    sandbox.add_meeting(user, title="switched on", override=True, my_status="declined")
    sandbox.add_meeting(user, title="switched off", override=False)
    app = opened(open_page, user)
    app.pills(key="only").set_value(["hand"]).run()
    assert {title: row["choice"] for title, row in rows(app, "coming").items()} == {
        "switched on": "Record",
        "switched off": "Don't record",
    }
    assert app.query_params["only"] == "hand"
    assert list(rows(opened(open_page, user, only="hand"), "coming")) == list(rows(app, "coming"))


def test_filters_that_leave_nothing_say_so_and_can_be_taken_away(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    user = new_user()["id"]
    sandbox.add_meeting(user, title="booked")
    app = opened(open_page, user, only="missed,hand")
    assert "Nothing matches these filters" in said(app)
    assert "1 meeting without them." in said(app)
    next(button for button in app.button if button.label == "Clear filters").click().run()
    assert list(rows(app, "coming")) == ["booked"]
    assert "only" not in app.query_params


def test_only_not_recorded_leaves_what_was_missed(open_page: Open, busy: str) -> None:
    app = opened(open_page, busy, list="past30", only="missed")
    assert set(rows(app, "past30")) == {"! Fixable miss", "▲ Technical miss", "? Unknown"}


def test_a_bot_that_cannot_be_read_leaves_its_meeting_unsettled_and_is_counted(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    user = new_user()["id"]
    past(sandbox, user, "which?", shape="recorded")
    sandbox.break_calls("/api/v1/bot/*", status=404, body={"detail": "Not found."})
    app = opened(open_page, user, list="past30")
    assert rows(app, "past30")["which?"]["outcome"] == "? Unsettled"
    assert "1 bot could not be read. Their meetings count as unsettled." in said(app)


def test_meetings_that_cannot_be_read_are_counted_in_words(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    user = new_user()["id"]
    good = sandbox.add_meeting(user, title="readable")
    sandbox.break_calls("/api/v1/calendar/meetings/", status=200, body=[good, None, {"id": 5}])
    app = opened(open_page, user)
    assert list(rows(app, "coming")) == ["readable"]
    assert "2 rows in Recall's answers could not be read" in said(app)


def test_a_meeting_without_title_or_times_breaks_nothing(open_page: Open, new_user: NewUser, sandbox: Sandbox) -> None:
    user = new_user()["id"]
    sandbox.add_meeting(user, title=None)
    sandbox.add_meeting(user, title="no times", whole_day="null_times")
    sandbox.add_meeting(user, title="future words", extra={"meeting_platform": "holo_room", "visibility": "team"})
    app = opened(open_page, user)
    assert not app.exception
    assert set(rows(app, "coming")) == {"(no title)", "future words"}


def keep(user: str, days_ago: int, *entries: Entry) -> None:
    """As a pass of the sync of now would bring in the meetings of that day."""
    now = utc_now()
    window = Window(now - timedelta(days=days_ago + 1), now - timedelta(days=days_ago - 1))
    with desk().store.write() as connection:
        meetings.store(connection, user, Listing(entries), window=window, read_at=now, now=now)


def long_ago(days: int, title: str) -> Entry:
    start = utc_now() - timedelta(days=days)
    return Entry(
        title, True, start, start + timedelta(hours=1), title=title, invites=("zoom",), meeting_platform="zoom"
    )


def test_what_recall_keeps_no_longer_stays_in_a_list_of_its_own(open_page: Open, new_user: NewUser) -> None:
    user: str = new_user()["id"]
    app = opened(open_page, user)
    assert len(app.pills(key="list").options) == 3
    keep(user, 70, long_ago(70, "Long ago"))
    app.run().pills(key="list").set_value("earlier").run()
    assert set(rows(app, "earlier")) == {"Long ago"}
    assert rows(app, "past60") == {}


def test_a_meeting_that_came_back_under_another_id_is_listed_once(open_page: Open, new_user: NewUser) -> None:
    user: str = new_user()["id"]
    app = opened(open_page, user, list="past30")
    held = replace(long_ago(20, "First"), ical_uid="again@acme.example")
    keep(user, 20, held)
    keep(user, 20, replace(held, id="other", title="Again"), replace(held, id="next", title="Another", ical_uid="no"))
    app.run()
    assert set(rows(app, "past30")) == {"Again", "Another"}


def test_a_meeting_that_vanished_after_its_start_says_so_and_is_not_lost(open_page: Open, new_user: NewUser) -> None:
    user: str = new_user()["id"]
    app = opened(open_page, user, list="past30")
    keep(user, 3, long_ago(3, "Taken out later"))
    keep(user, 3)
    app = pick(app.run(), "meetings_past30", 0)
    assert "No longer in the calendar, as first seen on" in said(app)
    assert set(rows(app, "past30")) == {"Taken out later"}
