"""Recall down, slow, broken or refusing: the page says what happened and what to do, and works again afterwards."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import fill_sign_in
from tests.e2e.looking import expect_user, open_user, press, sentence, show_in_list
from tests.e2e.serving import PASSWORD, Dashboard, Somebody, Workspace, running_beside

TROUBLES: dict[str, tuple[dict[str, Any], str]] = {
    "down": ({"status": 503}, "Recall does not answer at the moment."),
    "unreachable": ({"drop": True}, "Recall does not answer at the moment."),
    "cut short": ({"truncate": True}, "Recall's answer could not be read"),
    "a page instead": ({"html200": True}, "Recall's answer could not be read"),
}


@pytest.mark.parametrize(("fault", "words"), TROUBLES.values(), ids=TROUBLES)
def test_a_user_who_was_never_read_and_cannot_be_is_told_and_comes_back_by_trying_again(
    fault: dict[str, Any], words: str, page: Page, desk: Dashboard, workspace: Workspace
) -> None:
    newcomer = workspace.add_somebody()
    workspace.sandbox.break_calls("/api/v1/calendar/authenticate/", times=None, **fault)  # a pass may come by
    show_in_list(page, desk, newcomer)
    workspace.sandbox.break_calls("*", times=None, **fault)
    page.goto(f"{desk.url}/users?user={newcomer.id}")
    expect(sentence(page, words)).to_be_visible()
    workspace.sandbox.heal()
    press(page, "Try again")
    expect_user(page, newcomer)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_what_a_pass_read_is_on_the_page_with_its_age_without_asking_recall_again(
    page: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody
) -> None:
    workspace.sandbox.break_calls("*", times=None, status=503)
    workspace.sandbox.forget_asked()
    open_user(page, desk, somebody)
    expect(page.get_by_text("2 of 5")).to_be_visible()
    expect(page.get_by_text(re.compile(r"As of \d\d:\d\d")).first).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    of_a_pass = "/api/v1/calendar/users/"  # one may begin meanwhile, and gets no further
    assert [asked for asked in workspace.sandbox.asked() if asked["path"] != of_a_pass] == []


def test_what_was_read_before_stays_on_the_page_while_recall_is_down(
    page: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody
) -> None:
    open_user(page, desk, somebody)
    workspace.sandbox.break_calls("*", times=None, drop=True)
    press(page, "Refresh from Recall")
    expect(sentence(page, "Recall does not answer at the moment.")).to_be_visible()
    expect(page.get_by_text("2 of 5")).to_be_visible()
    press(page, "Users")
    expect(page.get_by_text(re.compile("Select a row to open it"))).to_be_visible()
    press(page, "Refresh from Recall")
    expect(sentence(page, "Recall does not answer at the moment.")).to_be_visible()
    expect(page.get_by_text(re.compile("Select a row to open it"))).to_be_visible()
    workspace.sandbox.heal()
    press(page, "Try again")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_an_hour_of_rest_that_recall_asks_for_is_told_with_its_end(
    page: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody
) -> None:
    open_user(page, desk, somebody)
    workspace.sandbox.break_calls("/api/v1/calendar/meetings/", retry_after="3600")
    press(page, "Refresh from Recall")
    expect(
        sentence(page, re.compile(r"Recall asks us to slow down. It can be asked again at \d\d:\d\d"))
    ).to_be_visible()
    expect(page.get_by_text("2 of 5")).to_be_visible()
    workspace.sandbox.forget_asked()
    press(page, "Try again")
    expect(sentence(page, "Recall asks us to slow down.")).to_be_visible()
    assert workspace.sandbox.asked(path="/api/v1/calendar/meetings/") == []


def test_a_wrong_key_is_told_to_whoever_reads_again(stranger: Page, desk: Dashboard, tmp_path: Path) -> None:
    wrong = "a-key-of-another-region"
    with running_beside(desk, tmp_path / "wrong_key.log", RECALL_API_KEY=wrong) as server:
        stranger.goto(f"{server.url}/users")
        fill_sign_in(stranger, "editor", PASSWORD)
        press(stranger, "Refresh from Recall")
        refusal = sentence(stranger, "Recall refused the API key: it is wrong, or belongs to another region.")
        expect(refusal).to_contain_text("An admin must check RECALL_API_KEY and RECALL_REGION.")
        press(stranger, "Try again")
        expect(refusal).to_be_visible()
        assert wrong.encode() not in server.tap.heard_from_server() + server.log.read_bytes()
