"""From sign-in to changed bots: the one job that everything else serves."""

import re

from playwright.sync_api import Page, expect

from lib.ui.widgets.notices import VIEW_ONLY
from tests.browsing import fill_sign_in, pick_row
from tests.e2e.conftest import OpenAs
from tests.e2e.looking import (
    EVERYTHING,
    choose_preset,
    expect_saved,
    expect_user,
    figure,
    find,
    open_meeting,
    open_user,
    save_button,
)
from tests.e2e.serving import EXTERNAL, INTERNAL, PASSWORD, Dashboard, Somebody, Workspace


def test_from_the_sign_in_to_bots_that_recall_booked(
    stranger: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody
) -> None:
    workspace.sandbox.forget_asked()
    assert workspace.booked(somebody) == set(EXTERNAL)

    stranger.goto(desk.url)
    fill_sign_in(stranger, "editor", PASSWORD)
    expect(stranger).to_have_url(f"{desk.url}/customers")
    stranger.get_by_role("link", name="Users").click()
    find(stranger, somebody.email.split("@")[0].upper())
    expect(stranger.get_by_text(re.compile("^1 of .* users. Select a row to open it."))).to_be_visible()
    pick_row(stranger, 0)
    expect_user(stranger, somebody)
    assert f"?user={somebody.id}" in stranger.url
    expect(figure(stranger, "Coming, 14 days")).to_contain_text("2 of 5")

    open_meeting(stranger)
    expect(stranger.get_by_test_id("stText").filter(has_text=INTERNAL[0])).to_be_visible()
    for head in ("Why", "What to do", "Who can fix it", "How sure"):
        expect(stranger.get_by_test_id("stMarkdown").get_by_text(head, exact=True)).to_be_visible()

    stranger.get_by_role("radio", name="Preferences").click()
    choose_preset(stranger, EVERYTHING)
    expect(stranger.get_by_text("3 more meetings will be recorded and 0 fewer: 5 of 5 instead of 2.")).to_be_visible()
    expect(save_button(stranger)).to_have_text(re.compile("Save: 3 more, 0 fewer"))
    save_button(stranger).click()
    expect_saved(stranger)
    expect(stranger.get_by_text("Recall will record 5 of 5 meetings, and bots are booked for all")).to_be_visible()
    expect(figure(stranger, "Coming, 14 days")).to_contain_text("5 of 5")

    now = workspace.preferences_of(somebody)
    assert {flag for flag in now if now[flag] is True} == {"record_external", "record_internal"}
    assert workspace.booked(somebody) == {*EXTERNAL, *INTERNAL}
    assert workspace.writes() == 1

    stranger.get_by_role("button", name="Users").click()
    expect(stranger.get_by_role("heading", name="Users")).to_be_visible()
    assert stranger.url == f"{desk.url}/users"


def test_a_viewer_may_look_and_not_change(open_as: OpenAs, desk: Dashboard, somebody: Somebody) -> None:
    page = open_as("viewer")
    open_user(page, desk, somebody, "preferences")
    expect(page.get_by_text(VIEW_ONLY)).to_be_visible()
    expect(page.get_by_role("heading", name="What saving will change")).to_be_visible()
    expect(save_button(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Discard")).to_have_count(0)
    expect(page.get_by_role("radiogroup", name="What is recorded").get_by_role("radio").first).to_be_disabled()
    expect(page.get_by_role("textbox", name="Bot name")).to_be_disabled()


def test_a_second_look_at_the_same_link_shows_a_colleague_the_same(
    page: Page, open_as: OpenAs, desk: Dashboard, somebody: Somebody
) -> None:
    open_user(page, desk, somebody)
    page.get_by_role("radio", name=re.compile("Past 30 days")).click()
    expect(page).to_have_url(re.compile("list=past30"))
    colleague = open_as("viewer")
    colleague.goto(page.url)
    expect_user(colleague, somebody)
    expect(colleague.get_by_role("radio", name=re.compile("Past 30 days"))).to_be_checked()
