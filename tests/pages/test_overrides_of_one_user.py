"""Overrides among one user's meetings: select, see what a choice would do, confirm, see what came of it, undo it.

One meeting in its three states, a series, and their undo are walked in a browser: tests/e2e/changing/test_overrides.py.
"""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.customer.sight import EVERYTHING
from lib.store import outbox
from lib.store.outbox import Write, WriteState
from tests.pages.conftest import NewUser, Open, run_until, run_until_read
from tests.pages.seeing import column, grid, pick, said
from tests.running import Sandbox

MEETINGS = "/api/v1/calendar/meetings/"
HOUR = 3600
EXTERNAL = {"record_external": True}

OpenMeetings = Callable[..., AppTest]


@pytest.fixture
def user(new_user: NewUser) -> dict[str, Any]:
    """Somebody who wants external meetings alone."""
    return new_user(preferences=EXTERNAL)


@pytest.fixture
def add(sandbox: Sandbox, user: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    def adding(title: str, hours: float = 2, **facts: Any) -> dict[str, Any]:
        added = sandbox.add_meeting(user["id"], title=title, start_in_seconds=hours * HOUR, **facts)
        sandbox.forget_asked()
        return added

    return adding


@pytest.fixture
def series(add: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """Three coming occurrences of one series, a week apart."""
    return [add("Weekly", 3 + 7 * 24 * week, ical_uid="weekly", is_recurring=True) for week in range(3)]


@pytest.fixture
def open_meetings(open_page: Open, user: dict[str, Any]) -> OpenMeetings:
    def open_as(name: str = "editor", **query: str) -> AppTest:
        return settled(open_page(name, user=user["id"], **query))

    return open_as


def settled(app: AppTest) -> AppTest:
    return run_until_read(app)


def select(app: AppTest, *titles: str) -> AppTest:
    table = grid(app, "meetings_coming")
    assert table is not None
    return pick(app, "meetings_coming", *[list(table["title"]).index(title) for title in titles])


def choose(app: AppTest, choice: str) -> AppTest:
    return app.button(key=f"override_{choice}").click().run()


def confirm(app: AppTest) -> AppTest:
    app.button(key="override_confirm").click().run()
    assert not app.exception
    return run_until(app, lambda app: not app.progress and "Recall is changing" not in said(app))


def as_json(sandbox: Sandbox, user: dict[str, Any], meeting: dict[str, Any]) -> Any:
    """The meeting as Recall's own API answers it."""
    key, path = {"Authorization": f"Token {sandbox.key}"}, f"{sandbox.url}/api/v1/calendar"
    told = requests.post(f"{path}/authenticate/", json={"user_id": user["external_id"]}, headers=key, timeout=10)
    token = {"x-recallcalendarauthtoken": told.json()["token"]}
    return requests.get(f"{path}/meetings/{meeting['id']}/", headers=token, timeout=10).json()


def has_button(app: AppTest, key: str) -> bool:
    return any(button.key == key for button in app.button)


def choices(app: AppTest) -> dict[str, str]:
    """What the table of meetings says is chosen for each."""
    table = grid(app, "meetings_coming")
    assert table is not None
    return dict(zip(table["title"], table["choice"], strict=True))


def writes(sandbox: Sandbox) -> int:
    return len(sandbox.asked("PUT"))


def at_recall(user: dict[str, Any], meeting: dict[str, Any]) -> bool | None:
    return desk().recall.get_meeting(user["external_id"], meeting["id"]).override_should_record


def record(user: dict[str, Any]) -> tuple[Write, ...]:
    with desk().store.read() as connection:
        return outbox.of_user(connection, user["id"])


def test_several_show_what_each_choice_would_do_before_one_is_chosen(
    open_meetings: OpenMeetings, add: Callable[..., dict[str, Any]], sandbox: Sandbox
) -> None:
    add("Inside")
    add("No link", link=None)
    add("Set already", override=True)
    app = select(open_meetings(), "Inside", "No link", "Set already")
    assert "**3 selected**" in said(app)
    assert "- Record: 1 meeting changes, 1 is already set, 1 cannot be recorded whatever is chosen." in said(app)
    assert "- Don't record: 2 meetings change, 1 cannot be recorded whatever is chosen." in said(app)
    assert "How sure" not in said(app)
    choose(app, "record")
    assert set(zip(column(app, "title", 1), column(app, "effect", 1), strict=True)) == {
        ("Inside", "→ Changes"),
        ("No link", "! Left out"),
        ("Set already", "= Stays"),
    }
    assert "link" in dict(zip(column(app, "title", 1), column(app, "note", 1), strict=True))["No link"]
    assert app.button(key="override_confirm").label == "Record 1 meeting"
    confirm(app)
    assert writes(sandbox) == 1


def test_what_is_hidden_by_a_filter_belongs_to_the_series_too(
    open_meetings: OpenMeetings, add: Callable[..., dict[str, Any]]
) -> None:
    add("Weekly", 3, ical_uid="some", is_recurring=True, override=True)
    add("Weekly", 3 + 7 * 24, ical_uid="some", is_recurring=True)
    app = pick(open_meetings(only="hand"), "meetings_coming", 0)
    app.button(key="override_series").click().run()
    assert "**2 selected**" in said(app)
    assert app.pills(key="only").value == []


def test_lifting_a_dont_record_needs_a_reason(
    open_meetings: OpenMeetings, add: Callable[..., dict[str, Any]], user: dict[str, Any], sandbox: Sandbox
) -> None:
    meeting = add("Board", override=False)
    app = choose(select(open_meetings(), "Board"), "record")
    assert app.text_input(key=f"override_why:{user['id']}").label == "Reason"
    app.button(key="override_confirm").click().run()
    assert [error.value for error in app.error] == ["This lifts somebody's \"Don't record\". Type why."]
    assert (writes(sandbox), at_recall(user, meeting)) == (0, False)
    app.text_input(key=f"override_why:{user['id']}").set_value("All agreed").run()
    confirm(app)
    assert at_recall(user, meeting) is True
    assert record(user)[0].why == "All agreed"


@pytest.mark.parametrize("visibility", ["private", "confidential"])
def test_a_selection_leaves_private_meetings_out_unless_each_is_ticked(
    open_meetings: OpenMeetings,
    add: Callable[..., dict[str, Any]],
    user: dict[str, Any],
    visibility: str,
) -> None:
    plain, private, other = add("Plain"), add("A", 3, visibility=visibility), add("B", 4, visibility=visibility)
    app = choose(pick(open_meetings(), "meetings_coming", 0, 1, 2), "record")
    assert "2 need a tick and a reason" in said(app)
    assert app.button(key="override_confirm").label == "Record 1 meeting"
    pick(app, "ticks_True", 0)
    assert app.button(key="override_confirm").label == "Record 2 meetings"
    app.button(key="override_confirm").click().run()
    assert f"The organiser marked this meeting as {visibility}." in app.error[0].value
    app.text_input(key=f"override_why:{user['id']}").set_value("The organiser asked for it").run()
    confirm(app)
    assert [at_recall(user, each) for each in (plain, private, other)] == [True, True, None]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (8, "It begins within ten minutes, so this may come too late."),
        (1.5, "Bots join two minutes before the start, so this may come too late."),
        (-5, "It has begun."),
    ],
)
def test_a_meeting_too_close_to_its_start_warns(
    open_meetings: OpenMeetings, add: Callable[..., dict[str, Any]], minutes: float, words: str
) -> None:
    add("Soon", minutes / 60, length_minutes=60)
    app = choose(select(open_meetings(), "Soon"), "record")
    assert any(words in warning.value for warning in app.warning)
    assert not app.button(key="override_confirm").disabled


def test_a_meeting_that_cannot_be_recorded_says_why_and_nothing_can_be_sent(
    open_meetings: OpenMeetings, add: Callable[..., dict[str, Any]]
) -> None:
    add("No link", link=None)
    app = choose(select(open_meetings(), "No link"), "record")
    assert "**Record**: 1 meeting cannot be recorded whatever is chosen." in said(app)
    assert "link" in column(app, "note", 1)[0]
    assert app.button(key="override_confirm").disabled


def test_a_viewer_sees_why_not(open_meetings: OpenMeetings, add: Callable[..., dict[str, Any]]) -> None:
    add("Inside")
    add("Other")
    app = select(open_meetings("viewer"), "Inside")
    assert "Setting overrides needs the role Editor. Ask an admin." in said(app)
    assert "How sure" in said(app)
    select(app, "Inside", "Other")
    assert not any(str(button.key).startswith("override_") for button in app.button)


def test_forged_clicks_and_choices_of_a_viewer_write_nothing(
    open_meetings: OpenMeetings, add: Callable[..., dict[str, Any]], sandbox: Sandbox, user: dict[str, Any]
) -> None:
    add("Inside")
    editor = choose(select(open_meetings("editor"), "Inside"), "record")
    forged = [*editor._tree.get_widget_states().widgets]
    forged += [
        WidgetState(id=editor.button(key=key).proto.id, trigger_value=True)
        for key in ("override_record", "override_confirm")
    ]
    app = select(open_meetings("viewer"), "Inside")
    states = app._tree.get_widget_states()
    states.widgets.extend(forged)
    app._run(states)
    app.run()
    assert not app.exception
    assert (writes(sandbox), record(user)) == (0, ())


def test_a_lost_answer_is_told_as_done_and_nothing_is_sent_again(
    open_meetings: OpenMeetings, add: Callable[..., dict[str, Any]], sandbox: Sandbox, user: dict[str, Any]
) -> None:
    meeting = add("Inside")
    app = choose(select(open_meetings(), "Inside"), "record")
    sandbox.break_calls(f"{MEETINGS}{meeting['id']}/", method="PUT", lose_answer=True)
    confirm(app)
    assert app.success
    assert (writes(sandbox), at_recall(user, meeting), record(user)[0].state) == (1, True, WriteState.APPLIED)


def test_what_cannot_be_read_back_is_unknown_and_is_not_to_be_repeated(
    open_meetings: OpenMeetings, add: Callable[..., dict[str, Any]], sandbox: Sandbox, user: dict[str, Any]
) -> None:
    meeting = add("Inside")
    one = f"{MEETINGS}{meeting['id']}/"
    app = choose(select(open_meetings(), "Inside"), "record")
    sandbox.break_calls(one, method="GET", status=200, body=as_json(sandbox, user, meeting))
    sandbox.break_calls(one, method="GET", status=503, times=None)
    app.button(key="override_confirm").click().run()
    run_until(app, lambda app: not app.progress)
    assert column(app, "result") == ["? Unknown"]
    assert "Do not repeat it" in str(column(app, "note"))
    assert not has_button(app, "override_undo")
    assert (writes(sandbox), record(user)[0].state) == (1, WriteState.OPEN)


def test_of_several_each_has_its_own_result(
    open_meetings: OpenMeetings, add: Callable[..., dict[str, Any]], sandbox: Sandbox, user: dict[str, Any]
) -> None:
    first, second = add("First"), add("Second")
    app = choose(select(open_meetings(), "First", "Second"), "record")
    sandbox.break_calls(f"{MEETINGS}{second['id']}/", method="PUT", status=400, body={"detail": ["Not this one."]})
    app.button(key="override_confirm").click().run()
    run_until(app, lambda app: not app.progress)
    assert any('Set to "Record": 1 of 2 applied, 1 not applied.' in note.value for note in app.warning)
    assert dict(zip(column(app, "title"), column(app, "result"), strict=True)) == {
        "First": "✓ Applied",
        "Second": "✗ Not applied",
    }
    assert (at_recall(user, first), at_recall(user, second)) == (True, None)
    assert app.button(key="override_undo").label == "Undo"


def test_what_a_colleague_set_meanwhile_is_not_overwritten(
    open_meetings: OpenMeetings, add: Callable[..., dict[str, Any]], user: dict[str, Any], sandbox: Sandbox
) -> None:
    meeting = add("Inside")
    app = choose(select(open_meetings(), "Inside"), "record")
    desk().recall.update_override(user["external_id"], meeting["id"], False)
    sandbox.forget_asked()
    app.button(key="override_confirm").click().run()
    run_until(app, lambda app: not app.progress)
    assert "Somebody changed this meanwhile." in str(column(app, "note"))
    assert (writes(sandbox), at_recall(user, meeting)) == (0, False)
    assert choices(app) == {"Inside": "Don't record"}


def test_undoing_a_dont_record_asks_for_the_reason_first(
    open_meetings: OpenMeetings, add: Callable[..., dict[str, Any]], user: dict[str, Any], sandbox: Sandbox
) -> None:
    meeting = add("Outside", is_external=True)
    app = confirm(choose(select(open_meetings(), "Outside"), "not"))
    app.button(key="override_undo").click().run()
    assert writes(sandbox) == 1
    app.text_input(key="undo_overrides_why").set_value("It was another one").run()
    app.button(key="override_undo").click().run()
    run_until(app, lambda app: "Undone and read back" in said(app))
    assert at_recall(user, meeting) is None


def test_a_choice_that_is_not_confirmed_changes_nothing(
    open_meetings: OpenMeetings, add: Callable[..., dict[str, Any]], sandbox: Sandbox
) -> None:
    add("Inside")
    app = choose(select(open_meetings(), "Inside"), "record")
    app.button(key="override_cancel").click().run()
    assert not has_button(app, "override_confirm")
    assert writes(sandbox) == 0


def test_a_selection_stays_with_its_meeting_when_another_comes_before_it(
    open_meetings: OpenMeetings, add: Callable[..., dict[str, Any]], user: dict[str, Any]
) -> None:
    add("Chosen", 5)
    app = choose(select(open_meetings(), "Chosen"), "record")
    add("Newcomer", 1)
    desk().calendars.read_again(desk().users.snapshot(EVERYTHING).find(user["id"]))  # type: ignore[arg-type]
    run_until(app, lambda app: len(choices(app)) == 2)
    assert app.button(key="override_confirm").label == "Record 1 meeting"
    assert column(app, "title", 1) == ["Chosen"]


def test_past_meetings_offer_no_choice(open_meetings: OpenMeetings, add: Callable[..., dict[str, Any]]) -> None:
    add("Over", -24)
    app = pick(open_meetings(list="past30"), "meetings_past30", 0)
    assert "How sure" in said(app)
    assert not has_button(app, "override_record")
