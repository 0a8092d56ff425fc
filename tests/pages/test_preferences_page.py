"""Preferences: look as a viewer; as an editor choose, see what it would change, save, and see what came of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.domain import PREFERENCE_FLAGS, Preferences
from lib.staff import accounts
from lib.staff.permissions import Role
from lib.store import entries, meetings, outbox
from lib.ui.widgets.notices import VIEW_ONLY
from tests.pages.conftest import EVERYTHING, NewUser, Open, run_until, run_until_read
from tests.pages.seeing import column, said
from tests.running import Sandbox

USER = "/api/v1/calendar/user/"
DAY = 24 * 3600

OpenForm = Callable[..., AppTest]


@pytest.fixture
def user(new_user: NewUser, sandbox: Sandbox) -> dict[str, Any]:
    """Somebody who wants internal meetings only, with two external ones and an internal one ahead."""
    user = new_user(preferences={"record_internal": True})
    for title, external in (("out 1", True), ("out 2", True), ("in", False)):
        sandbox.add_meeting(user["id"], title=title, is_external=external, start_in_seconds=DAY)
    return user


@pytest.fixture
def open_form(open_page: Open, user: dict[str, Any]) -> OpenForm:
    """Open that user's preferences, once the meetings were read."""

    def open_as(name: str = "editor") -> AppTest:
        app = open_page(name, user=user["id"], section="preferences")
        return run_until_read(app)

    return open_as


def save(app: AppTest) -> AppTest:
    """Press the button and wait until what became of it is said."""
    app.button(key="save_preferences").click().run()
    return run_until(app, lambda app: not app.progress)


def stored(user: dict[str, Any]) -> Preferences | None:
    return desk().recall.get_user(user["external_id"]).preferences


def writes(sandbox: Sandbox) -> int:
    return len(sandbox.asked("PUT", USER))


def test_a_viewer_sees_everything_and_can_change_nothing(open_form: OpenForm, sandbox: Sandbox) -> None:
    app = open_form("viewer")
    assert "You have view-only access. Changing preferences needs the role Editor. Ask an admin." in said(app)
    assert app.radio[0].value == "internal"
    assert app.text_input[0].value == "Meeting Notetaker"
    assert all(widget.disabled for widget in (*app.radio, *app.text_input, *app.toggle))
    assert "Save" not in said(app)
    assert "In the next 14 days" in said(app)


def test_a_viewer_who_forges_a_click_on_save_writes_nothing(open_form: OpenForm, sandbox: Sandbox) -> None:
    editor = open_form("editor")
    editor.radio[0].set_value("everything").run()
    forged = [*editor._tree.get_widget_states().widgets]
    forged += [WidgetState(id=editor.button(key="save_preferences").proto.id, trigger_value=True)]
    app = open_form("viewer")
    states = app._tree.get_widget_states()
    states.widgets.extend(forged)
    app._run(states)
    app.session_state[str(editor.radio[0].key)] = "everything"
    app.run()
    assert not app.exception
    assert writes(sandbox) == 0
    assert VIEW_ONLY in said(app)


def test_an_editor_who_was_made_a_viewer_meanwhile_writes_nothing(
    open_page: Open, user: dict[str, Any], sandbox: Sandbox
) -> None:
    accounts.add(desk().store, "faller", role=Role.EDITOR, display="Fay Ler", password="a good password")
    app = open_page("faller", user=user["id"], section="preferences")
    run_until_read(app)
    app.radio[0].set_value("everything").run()
    accounts.change(desk().store, "faller", role=Role.VIEWER)
    app.button(key="save_preferences").click().run()
    assert VIEW_ONLY in said(app)
    assert writes(sandbox) == 0


@pytest.mark.parametrize("name", ["editor", "admin"])
def test_from_a_preset_by_its_preview_to_recalls_own_state(
    open_form: OpenForm, user: dict[str, Any], sandbox: Sandbox, name: str
) -> None:
    app = open_form(name)
    assert app.button(key="save_preferences").disabled
    assert app.button(key="save_preferences").label == "Nothing to save"
    assert "In the next 14 days **nothing changes**: 1 of 3 meetings will be recorded." in said(app)
    app.radio[0].set_value("external").run()
    assert "**2 more** meetings will be recorded and **1 fewer**: 2 of 3 instead of 1." in said(app)
    assert set(column(app, "title")) == {"out 1", "out 2"}
    assert app.button(key="save_preferences").label == "Save: 2 more, 1 fewer"
    assert writes(sandbox) == 0
    save(app)
    assert [note.value for note in app.success] == [
        "Saved and read back. Recall agrees for 3 of 3. In the next 14 days Recall will record 2 of 3 meetings, and "
        "bots are booked for all of these."
    ]
    assert writes(sandbox) == 1
    assert stored(user) == Preferences(record_external=True, bot_name="Meeting Notetaker")
    assert app.radio[0].value == "external"
    assert app.button(key="save_preferences").disabled
    assert "Preset: External meetings" in said(app)


def test_while_recall_changes_its_bots_the_page_says_how_many_are_open(open_form: OpenForm, sandbox: Sandbox) -> None:
    sandbox.control("POST", "settings/", {"booking_lag_seconds": 1})
    app = open_form()
    app.radio[0].set_value("everything").run()
    app.button(key="save_preferences").click().run()
    run_until(app, lambda app: "2 bots still to be booked or removed." in said(app))
    run_until(app, lambda app: app.success)
    assert "bots are booked for all of these" in said(app)


def test_a_choice_that_was_made_for_one_user_is_never_saved_for_another(
    open_form: OpenForm, user: dict[str, Any], new_user: NewUser
) -> None:
    other = new_user(preferences={"record_internal": True})
    app = open_form()
    app.radio[0].set_value("everything").run()
    app.query_params["user"] = other["id"]
    app.button(key="save_preferences").click().run()  # as it was drawn for the first
    run_until_read(app)
    assert app.radio[0].value == "internal"
    assert app.button(key="save_preferences").disabled
    assert stored(other) == Preferences(record_internal=True, bot_name="Meeting Notetaker")


def test_the_note_can_be_put_away_and_does_not_follow_to_another_user(open_form: OpenForm, new_user: NewUser) -> None:
    other = new_user()
    app = open_form()
    here = app.query_params["user"]
    app.radio[0].set_value("everything").run()
    save(app)
    app.query_params["user"] = other["id"]
    run_until_read(app.run())
    assert not app.success
    app.query_params["user"] = here
    app.run()
    assert app.success
    next(button for button in app.button if button.label == "Dismiss").click().run()
    assert not app.success


def test_how_a_save_ended_outlives_the_tab_and_can_be_undone(
    open_form: OpenForm, user: dict[str, Any], sandbox: Sandbox
) -> None:
    app = open_form()
    app.radio[0].set_value("everything").run()
    next(box for box in app.text_input if box.label.startswith("Reason")).set_value("The customer asked").run()
    save(app)
    assert "(they agreed for 100.0% of 3 meetings)" in said(app)
    other = open_form("admin")
    assert "Saved and read back. Recall agrees for 3 of 3." in other.success[0].value
    assert "By editor, just now" in said(other)
    other.button(key="undo_preferences").click().run()
    run_until(other, lambda app: not app.progress and app.success)
    assert "Undone and read back." in other.success[0].value
    assert stored(user) == Preferences(record_internal=True, bot_name="Meeting Notetaker")
    assert writes(sandbox) == 2
    with desk().store.read() as connection:
        told = [(c.actor, c.why, c.undone) for c in outbox.of_user(connection, user["id"])]
    assert told == [("admin", None, False), ("editor", "The customer asked", True)]


def test_a_viewer_sees_how_a_save_ended_and_cannot_undo_it(open_form: OpenForm) -> None:
    app = open_form()
    app.radio[0].set_value("everything").run()
    save(app)
    viewer = open_form("viewer")
    assert viewer.success
    assert not any(button.key == "undo_preferences" for button in viewer.button)


def test_where_recall_decides_otherwise_both_stand_beside_each_other(open_form: OpenForm, user: dict[str, Any]) -> None:
    app = open_form()
    app.radio[0].set_value("everything").run()
    save(app)
    with desk().store.write() as connection:
        row = next(e for e in entries.of_user(connection, user["id"]) if e.entry.title == "in")
        unlike = replace(row.entry, will_record=False, bot_id=None)
        meetings.store_entry(connection, row.user_id, unlike, read_at=utc_now(), now=utc_now())
    app.run()
    assert "Recall agrees for 2 of 3; 1 differs." in app.success[0].value
    assert column(app, "recalls") == ["Not record"]


def test_discarding_brings_back_what_is_set(open_form: OpenForm, sandbox: Sandbox) -> None:
    app = open_form()
    app.radio[0].set_value("nothing").run()
    app.text_input[0].set_value("Another").run()
    next(button for button in app.button if button.label == "Discard").click().run()
    assert app.radio[0].value == "internal"
    assert app.text_input[0].value == "Meeting Notetaker"
    assert app.button(key="save_preferences").disabled
    assert writes(sandbox) == 0


def test_six_switches_stand_behind_a_warning_and_all_six_are_sent(open_form: OpenForm, user: dict[str, Any]) -> None:
    app = open_form()
    assert len(app.toggle) == 0
    app.radio[0].set_value("custom").run()
    assert len(app.toggle) == len(PREFERENCE_FLAGS)
    assert "What other combinations record is our best reading." in said(app)
    for name in ("record_internal", "record_external", "record_recurring"):
        switch = next(toggle for toggle in app.toggle if str(toggle.key).startswith(name))
        switch.set_value(not switch.value).run()
    save(app)
    flags = {"record_external": True, "record_recurring": True}
    assert stored(user) == Preferences(**dict.fromkeys(flags, True), bot_name="Meeting Notetaker")
    assert app.radio[0].value == "custom"
    assert "Preset: Custom" in said(app)
    assert "for special cases. (now)" in said(app)


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (("record_external", "record_only_host", "record_non_host"), "exclude each other: nothing is recorded."),
        (("record_confirmed", "record_only_host"), "Only filters are on."),
    ],
)
def test_switches_that_contradict_each_other_are_told_and_may_still_be_stored(
    open_page: Open, new_user: NewUser, flags: tuple[str, ...], sentence: str
) -> None:
    user = new_user(preferences=dict.fromkeys(flags, True))
    app = open_page("editor", user=user["id"], section="preferences")
    run_until_read(app)
    assert app.radio[0].value == "custom"
    assert {str(toggle.key).split(":")[0] for toggle in app.toggle if toggle.value} == set(flags)
    assert any(sentence in warning.value for warning in app.warning)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Give the bot a name: people see it in the call."),
        ("   ", "Give the bot a name: people see it in the call."),
        ("N" * 300, "The name has 300 characters. Use at most 100."),
        ("<b>Notes</b>", "The name looks like code, and Recall may refuse it."),
        ("{{7*7}}", "The name looks like code, and Recall may refuse it."),
        ("a\u202eb", "The name holds a character that cannot be shown"),
    ],
)
def test_a_bot_name_that_will_not_do_is_told_before_it_can_be_saved(
    open_form: OpenForm, sandbox: Sandbox, typed: str, sentence: str
) -> None:
    app = open_form()
    app.text_input[0].set_value(typed).run()
    assert len(app.error) == 1
    assert sentence in app.error[0].value
    assert app.button(key="save_preferences").disabled
    assert writes(sandbox) == 0


def test_the_bot_name_alone_is_saved(open_form: OpenForm, user: dict[str, Any]) -> None:
    app = open_form()
    app.text_input[0].set_value("  Ada's notes ").run()
    assert app.button(key="save_preferences").label == "Save"
    save(app)
    assert app.success
    assert stored(user) == Preferences(record_internal=True, bot_name="Ada's notes")


def test_an_answer_lost_after_the_write_is_told_as_saved(open_form: OpenForm, sandbox: Sandbox) -> None:
    app = open_form()
    sandbox.break_calls(USER, method="PUT", lose_answer=True)
    app.radio[0].set_value("everything").run()
    save(app)
    assert app.success
    assert writes(sandbox) == 1


def test_a_write_that_never_arrived_is_told_and_can_be_tried_again(
    open_form: OpenForm, sandbox: Sandbox, user: dict[str, Any]
) -> None:
    app = open_form()
    sandbox.break_calls(USER, method="PUT", drop=True)
    app.radio[0].set_value("everything").run()
    save(app)
    assert "but Recall has something else now" in app.error[0].value
    assert writes(sandbox) == 1
    app.radio[0].set_value("everything").run()
    save(app)
    assert app.success
    assert stored(user) == Preferences(**EVERYTHING, bot_name="Meeting Notetaker")


def test_what_cannot_be_read_back_is_unknown_and_the_page_says_not_to_repeat_it(
    open_form: OpenForm, sandbox: Sandbox, user: dict[str, Any]
) -> None:
    app = open_form()
    now = {**user, "preferences": user["preferences"]}
    sandbox.break_calls(USER, method="GET", status=200, body=now)
    sandbox.break_calls(USER, method="GET", status=503, times=None)
    app.radio[0].set_value("everything").run()
    save(app)
    assert any("The next sync checks it. Do not repeat it." in note.value for note in app.warning)
    sandbox.heal()
    app.button(key="look_again").click().run()
    run_until(app, lambda app: not app.progress)
    assert app.radio[0].value == "everything"
    assert writes(sandbox) == 1


def test_what_somebody_else_set_meanwhile_is_shown_and_not_overwritten(
    open_form: OpenForm, sandbox: Sandbox, user: dict[str, Any]
) -> None:
    app = open_form()
    app.radio[0].set_value("everything").run()
    theirs = Preferences(record_external=True, bot_name="Theirs")
    desk().recall.update_preferences(user["external_id"], theirs)
    sandbox.forget_asked()
    save(app)
    assert any("Somebody changed this meanwhile." in error.value for error in app.error)
    run_until(app, lambda app: app.radio[0].value == "external")
    assert app.text_input[0].value == "Theirs"
    assert writes(sandbox) == 0
    app.radio[0].set_value("everything").run()
    save(app)
    assert app.success
    assert stored(user) == Preferences(record_external=True, record_internal=True, bot_name="Theirs")


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"status": 403}, "use plain letters"),
        ({"retry_after": 3600}, "Recall asks us to slow down."),
        ({"status": 400, "body": {"preferences": {"bot_name": ["Not this one."]}}}, "Recall did not accept this"),
        ({"status": 402, "body": {"detail": "Insufficient credit."}}, "credit is used up"),
    ],
)
def test_a_change_that_recall_refuses_is_told_with_what_to_do(
    open_form: OpenForm, sandbox: Sandbox, how: dict[str, Any], sentence: str
) -> None:
    app = open_form()
    sandbox.break_calls(USER, method="PUT", **how)
    app.radio[0].set_value("everything").run()
    save(app)
    assert any(sentence in error.value for error in app.error)
    assert writes(sandbox) == 1
    assert not app.exception


def test_a_user_whose_preferences_recall_does_not_name_breaks_nothing(
    open_page: Open, user: dict[str, Any], sandbox: Sandbox
) -> None:
    sandbox.break_calls(USER, method="GET", status=200, body={**user, "preferences": None}, times=None)
    app = open_page("editor", user=user["id"], section="preferences")
    run_until_read(app)
    assert not app.exception
    assert "Preset: Not known" in said(app)


def test_nothing_ahead_is_said_where_the_preview_would_be(open_page: Open, new_user: NewUser) -> None:
    app = open_page("editor", user=new_user()["id"], section="preferences")
    run_until_read(app)
    assert "No recordable meeting in the next 14 days." in said(app)
