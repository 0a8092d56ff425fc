"""What can go another way while a change is saved: each change is sent once, and its end is told as it is."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenAs
from tests.e2e.looking import (
    EVERYTHING,
    choose_preset,
    expect_saved,
    expect_user,
    open_user,
    save_button,
    sentence,
    wait_until_drawn,
)
from tests.e2e.serving import EXTERNAL, INTERNAL, Dashboard, Somebody, Workspace

USER_CALL = "/api/v1/calendar/user/"
WHOLE = {"record_external", "record_internal"}


@pytest.fixture
def form(page: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody) -> Page:
    """Somebody's preferences, another preset chosen, ready to be saved."""
    open_user(page, desk, somebody, "preferences")
    choose_preset(page, EVERYTHING)
    expect(save_button(page)).to_have_text(re.compile("Save: 3 more"))
    workspace.sandbox.forget_asked()
    return page


def test_a_double_click_sends_one_change(form: Page, workspace: Workspace, somebody: Somebody) -> None:
    save_button(form).dblclick()
    expect_saved(form)
    expect(form.get_by_text("bots are booked for all")).to_be_visible()
    assert workspace.writes() == 1
    assert _flags_on(workspace, somebody) == WHOLE


def test_a_tab_closed_while_saving_leaves_one_whole_change(
    form: Page, open_as: OpenAs, desk: Dashboard, workspace: Workspace, somebody: Somebody
) -> None:
    workspace.sandbox.break_calls(USER_CALL, method="PUT", delay_ms=300)
    save_button(form).click(no_wait_after=True)
    form.close()
    page = open_as("editor")
    open_user(page, desk, somebody, "preferences")
    assert workspace.writes() <= 1
    assert _flags_on(workspace, somebody) == (WHOLE if workspace.writes() else {"record_external"})


def test_a_change_that_somebody_else_made_meanwhile_is_shown_and_nothing_is_sent(
    form: Page, workspace: Workspace, somebody: Somebody
) -> None:
    workspace.ask_as(somebody, "PUT", "user/", {"preferences": {"record_external": False}})
    workspace.sandbox.forget_asked()
    save_button(form).click()
    expect(sentence(form, "Somebody changed this meanwhile.")).to_be_visible()
    expect(form.get_by_text("Preset: Nothing")).to_be_visible()
    assert workspace.writes() == 0
    choose_preset(form, EVERYTHING)
    expect(save_button(form)).to_have_text(re.compile("Save: 5 more"))
    save_button(form).click()
    expect_saved(form)
    assert workspace.writes() == 1


def test_an_answer_lost_after_it_was_applied_ends_in_saved_and_is_not_sent_again(
    form: Page, workspace: Workspace, somebody: Somebody
) -> None:
    workspace.sandbox.break_calls(USER_CALL, method="PUT", lose_answer=True)
    save_button(form).click()
    expect_saved(form)
    expect(form.get_by_text("bots are booked for all")).to_be_visible()
    assert workspace.writes() == 1
    assert workspace.booked(somebody) == {*EXTERNAL, *INTERNAL}


def test_a_change_that_recall_refuses_is_told_and_what_was_chosen_stays(
    form: Page, workspace: Workspace, somebody: Somebody
) -> None:
    refusal = {"preferences": {"bot_name": ["![x](http://127.0.0.1:9/b.png) <b>no</b>"]}}
    workspace.sandbox.break_calls(USER_CALL, method="PUT", status=400, body=refusal)
    save_button(form).click()
    expect(sentence(form, "Recall did not accept this (status 400). Nothing was changed")).to_be_visible()
    expect(form.get_by_text("![x](http://127.0.0.1:9/b.png) <b>no</b>")).to_be_visible()
    expect(save_button(form)).to_have_text(re.compile("Save: 3 more"))
    save_button(form).click()
    expect_saved(form)
    assert _flags_on(workspace, somebody) == WHOLE


def test_a_change_while_recall_is_down_is_told_and_can_be_saved_later(
    form: Page, workspace: Workspace, somebody: Somebody
) -> None:
    workspace.sandbox.break_calls("*", status=503, times=None)
    save_button(form).click()
    expect(sentence(form, "Recall does not answer at the moment. Nothing was changed")).to_be_visible()
    workspace.sandbox.heal()
    wait_until_drawn(form)
    save_button(form).click()
    expect_saved(form)
    assert _flags_on(workspace, somebody) == WHOLE


NAMES = {
    "<script>alert(1)</script>": "The name looks like code",
    "": "Give the bot a name",
    "![x](http://127.0.0.1:9/b.png)": "The name looks like code",
    "x" * 300: "The name has 300 characters. Use at most 100.",
    "=HYPERLINK(1)": "The name looks like code",
}
"""In an order in which no sentence can be taken for the next one's."""


def test_a_bot_name_that_cannot_be_saved_is_told_and_nothing_is_sent(
    page: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody
) -> None:
    open_user(page, desk, somebody, "preferences")
    workspace.sandbox.forget_asked()
    box = page.get_by_role("textbox", name="Bot name")
    for name, words in NAMES.items():
        box.fill(name)
        box.press("Enter")
        expect(sentence(page, words)).to_be_visible()
        expect(save_button(page)).to_be_disabled()
    assert workspace.writes() == 0
    box.fill("Nota – Müller & Söhne")
    box.press("Enter")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    save_button(page).click()
    expect_saved(page)
    expect_user(page, somebody)
    assert workspace.preferences_of(somebody)["bot_name"] == "Nota – Müller & Söhne"


def _flags_on(workspace: Workspace, somebody: Somebody) -> set[str]:
    return {flag for flag, value in workspace.preferences_of(somebody).items() if value is True}
