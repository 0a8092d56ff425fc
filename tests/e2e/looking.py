"""What tests do on a page and expect of it, in the words of somebody who sits before it."""

import json
import re
from contextlib import suppress
from re import Pattern
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.browsing import grid, pick_row
from tests.e2e.serving import Dashboard, Somebody

EVERYTHING, EXTERNAL_MEETINGS = "Everything", "External meetings"


def expect_sign_in_alone(page: Page) -> None:
    """The sign-in, no page, no navigation, and nothing about anybody."""
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
    expect(page.get_by_role("button", name="Refresh from Recall")).to_have_count(0)
    expect(page.get_by_text(re.compile(r"@\w"))).to_have_count(0)


def find(page: Page, text: str) -> None:
    """Type into the box above the list of users."""
    box = page.get_by_placeholder("Part of an email, id or customer")
    box.fill(text)
    box.press("Enter")


def show_in_list(page: Page, desk: Dashboard, newcomer: Somebody) -> None:
    """Read the list of users again, until somebody who came after the last pass stands in it."""
    page.goto(f"{desk.url}/users")
    press(page, "Refresh from Recall")
    find(page, newcomer.external_id)
    expect(cell(page, newcomer.email)).to_have_count(1)


def open_user(page: Page, desk: Dashboard, somebody: Somebody, section: str = "meetings") -> None:
    """Open the link to a user, and wait for the figures."""
    page.goto(f"{desk.url}/users?user={somebody.id}" + (f"&section={section}" if section != "meetings" else ""))
    expect_user(page, somebody)


def expect_user(page: Page, somebody: Somebody) -> None:
    """The user's page, with figures read to their end."""
    expect(page.get_by_role("heading", name=somebody.email)).to_be_visible()
    expect(figure(page, "Coverage, 30 days")).to_contain_text(re.compile(r"\d+ of \d+"))
    wait_until_drawn(page)


def wait_until_drawn(page: Page) -> None:
    """Wait until the script has run to its end, and what it replaced is gone."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def press(page: Page, name: str) -> None:
    """Click the one button of this name."""
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_have_count(1)
    button.click()


def figure(page: Page, name: str) -> Locator:
    """One of the figures on top."""
    return page.get_by_test_id("stMetric").filter(has_text=name)


def open_meeting(page: Page, position: int = 0) -> None:
    """Select a row of the meetings, and wait for its card."""
    pick_row(page, position)
    expect(page.get_by_text("How sure", exact=True)).to_be_visible()


def choose_preset(page: Page, preset: str) -> None:
    """Choose one in the form."""
    wait_until_drawn(page)
    choice = page.get_by_role("radiogroup", name="What is recorded").get_by_text(preset, exact=True)
    expect(choice).to_have_count(1)
    choice.click()


def choose_in_list(page: Page, name: str, option: str) -> None:
    """Choose from a list that may be drawn anew with more in it, as soon as it holds the option."""
    box, found = page.get_by_role("combobox", name=name), page.get_by_role("option", name=option)
    for _ in range(20):
        box.fill("")  # the same once more would open nothing
        box.fill(option)
        with suppress(TimeoutError):
            return found.click(timeout=2_000)
    raise AssertionError(f"{name} has no {option}")


def save_button(page: Page) -> Locator:
    """The button that saves what was chosen, or says that there is nothing to save; not the one it replaces."""
    return page.locator('.st-key-save_preferences:not([data-stale="true"])').get_by_role("button")


def expect_saved(page: Page) -> None:
    """The change was sent and read back."""
    expect(page.get_by_text("Saved and read back").first).to_be_visible()


def cell(page: Page, text: str) -> Locator:
    """The cells of the first grid that hold this text, as it stands for those who cannot see the picture."""
    return grid(page).locator("[role=gridcell]").filter(has_text=text)


def sentence(page: Page, words: str | Pattern[str]) -> Locator:
    """The first alert with these words: while a page is drawn again, the old one may stand beside the new one."""
    return page.get_by_test_id("stAlert").filter(has_text=words).first


def dialog(page: Page) -> Locator:
    """The dialog that is open."""
    return page.get_by_role("dialog")


def link_on(page: Page, links_sent: set[bytes]) -> str:
    """The one connect link that the page shows; its token is noted, to be looked for elsewhere."""
    expect(page.get_by_text("shown only once")).to_be_visible()
    [found] = re.findall(r"http://\S+oauth2\S+", page.get_by_test_id("stCode").inner_text())
    [state] = parse_qs(urlsplit(found).query)["state"]
    links_sent.add(json.loads(state)["recall_calendar_auth_token"].encode())
    return str(found)
