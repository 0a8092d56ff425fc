"""Connect a calendar by a link that is walked in another browser, not at the first try, and by another account."""

from playwright.sync_api import Page, expect

from tests.e2e.looking import link_on, open_user, press, sentence, wait_until_drawn
from tests.e2e.serving import Dashboard, Somebody, Workspace


def accounts_of(workspace: Workspace, somebody: Somebody) -> dict[str, str | None]:
    """Platform and address of what is connected, asked of Recall itself."""
    found = workspace.ask_as(somebody, "GET", "user/")["connections"]
    return {each["platform"]: each["email"] for each in found if each["connected"]}


def test_who_leaves_the_box_unticked_is_told_and_connects_by_the_same_link_after(
    page: Page, outsider: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody, links_sent: set[bytes]
) -> None:
    open_user(page, desk, somebody, "connections")
    expect(sentence(page, "Connecting a different account")).to_be_visible()
    wait_until_drawn(page)
    press(page, "Create Google link")
    url = link_on(page, links_sent)
    outsider.goto(url)
    outsider.get_by_label("See events on your calendars").uncheck()
    outsider.get_by_role("button", name="Allow").click()
    expect(outsider.get_by_role("heading", name="Your calendar is not connected")).to_be_visible()
    outsider.goto(url)
    outsider.get_by_label("Another address instead").fill("other@browser.example")
    outsider.get_by_role("button", name="Allow").click()
    expect(outsider.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(sentence(page, "The last link connected a different account")).to_be_visible()
    assert accounts_of(workspace, somebody) == {"google": "other@browser.example"}
