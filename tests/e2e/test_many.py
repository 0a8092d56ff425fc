"""Many users changed from a pasted list, watched, taken back; the address leads back to it."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenAs
from tests.e2e.looking import wait_until_drawn
from tests.e2e.serving import Dashboard, Workspace


def paste(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Emails, external ids or Recall's ids")
    box.fill(text)
    box.press("Control+Enter")


def test_a_pasted_list_is_changed_and_taken_back(page: Page, desk: Dashboard, workspace: Workspace) -> None:
    one, other = workspace.take_somebody(), workspace.take_somebody()
    page.goto(f"{desk.url}/many?by=list&preset=nothing")
    paste(page, f"{one.email}\n\n{other.external_id}, nobody@browser.example\n{one.external_id}")
    expect(page.get_by_text("2 users chosen; 1 named twice, taken once; 1 blank; 1 not found.")).to_be_visible()
    expect(page.get_by_text("2 of 2 users change.")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"Change 2 users: 0 more, \d+ fewer")).click()
    expect(page.get_by_text("2 users changed and read back.")).to_be_visible()
    address = page.url
    assert re.fullmatch(rf"{desk.url}/many\?batch=\d+", address)

    page.reload()
    expect(page.get_by_text("2 users changed and read back.")).to_be_visible()
    wait_until_drawn(page)
    page.get_by_role("button", name="Undo: 2 users").click()
    expect(page.get_by_text(re.compile("takes back change"))).to_be_visible()
    expect(page.get_by_text("2 users changed and read back.")).to_be_visible()
    assert page.url != address


def test_a_viewer_sees_what_was_done_and_has_no_button_for_it(open_as: OpenAs, desk: Dashboard) -> None:
    page = open_as("viewer")
    page.goto(f"{desk.url}/many")
    expect(page.get_by_text("You may look, not change.")).to_be_visible()
    wait_until_drawn(page)
    expect(page.get_by_role("button", name=re.compile("^Change ")).filter(has_text="users")).to_have_count(0)
