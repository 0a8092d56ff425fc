"""Links that lead to nobody, or to somebody who is gone."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looking import expect_user, find, open_user, press, sentence
from tests.e2e.serving import Dashboard, Somebody, Workspace

NOBODY = {
    "a uuid of nobody": str(uuid.uuid4()),
    "markup": "<img src=x onerror=alert(1)>",
    "a very long text": "x" * 5000,
}


@pytest.mark.parametrize("user", NOBODY.values(), ids=NOBODY)
def test_a_link_to_nobody_says_so_and_leads_back(user: str, page: Page, desk: Dashboard) -> None:
    page.goto(f"{desk.url}/users?user={user}&section=preferences")
    expect(page.get_by_text("No user at this address")).to_be_visible()
    page.get_by_role("button", name="See all users").click()
    expect(page.get_by_role("heading", name="Users")).to_be_visible()
    expect(page.get_by_text(re.compile("Select a row to open it"))).to_be_visible()
    assert page.url == f"{desk.url}/users"


def test_a_user_who_was_deleted_meanwhile_is_told_and_the_list_forgets_them(
    page: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody
) -> None:
    open_user(page, desk, somebody)
    workspace.ask_as(somebody, "DELETE", "user/")
    press(page, "Refresh from Recall")
    expect(sentence(page, re.compile("deleted"))).to_be_visible()
    press(page, "Users")
    expect(page.get_by_role("heading", name="Users")).to_be_visible()
    press(page, "Refresh from Recall")
    find(page, somebody.external_id)
    expect(page.get_by_text("No user matches")).to_be_visible()
    page.goto(f"{desk.url}/users?user={somebody.id}")
    expect(page.get_by_text("This user is gone")).to_be_visible()


def test_a_user_without_a_section_of_that_name_opens_on_the_first(
    page: Page, desk: Dashboard, somebody: Somebody
) -> None:
    page.goto(f"{desk.url}/users?user={somebody.id.upper()}&section=nothing&list=nothing&only=nothing")
    expect_user(page, somebody)
    expect(page.get_by_role("radio", name="Meetings", exact=True)).to_be_checked()
