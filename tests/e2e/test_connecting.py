"""Connect a calendar by a link that is walked in another browser, disconnect it, delete the user, make another."""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsing import person
from tests.e2e.conftest import OpenAs
from tests.e2e.looking import open_user, press, sentence, show_in_list, wait_until_drawn
from tests.e2e.serving import PASSWORD, Dashboard, Somebody, Workspace

USER = "/api/v1/calendar/user/"


@pytest.fixture(scope="module")
def admin(desk: Dashboard) -> str:
    """Somebody who may delete users: the name of an account."""
    words = ("--role", "admin", "--display", "Ada Okafor", "--password-stdin")
    desk.staff("add", "admin", *words, password=PASSWORD)
    return "admin"


@pytest.fixture
def customer(browser: Browser) -> Iterator[Page]:
    """The browser of the person who is sent a link: it has never been here."""
    context = person(browser)
    yield context.new_page()
    context.close()


def link_on(page: Page, links_sent: set[bytes]) -> str:
    """The one link that the page shows; its token is noted."""
    expect(page.get_by_text("shown this once")).to_be_visible()
    found: list[str] = re.findall(r"http://\S+oauth2\S+", page.get_by_test_id("stCode").inner_text())
    assert len(found) == 1
    [state] = parse_qs(urlsplit(found[0]).query)["state"]
    links_sent.add(json.loads(state)["recall_calendar_auth_token"].encode())
    return found[0]


def make_link(page: Page, platform: str, links_sent: set[bytes]) -> str:
    wait_until_drawn(page)
    press(page, f"Create {platform} link")
    return link_on(page, links_sent)


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def confirm(page: Page, name: str, act: str) -> None:
    """Type the name in the dialog that is open, and do it."""
    dialog(page).get_by_label("Name of the user").fill(name)
    dialog(page).get_by_role("button", name=act).click()


def accounts_of(workspace: Workspace, somebody: Somebody) -> dict[str, str | None]:
    """Platform and address of what is connected, asked of Recall itself."""
    found = workspace.ask_as(somebody, "GET", "user/")["connections"]
    return {each["platform"]: each["email"] for each in found if each["connected"]}


def test_a_calendar_is_connected_by_a_link_and_the_page_shows_it_by_itself(
    page: Page, customer: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody, links_sent: set[bytes]
) -> None:
    open_user(page, desk, somebody, "connections")
    url = make_link(page, "Microsoft", links_sent)
    customer.goto(url)
    expect(customer.get_by_role("heading", name="Sign in with Microsoft")).to_be_visible()
    customer.get_by_label("Another address instead").fill("work@browser.example")
    customer.get_by_role("button", name="Allow").click()
    expect(customer.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(page.get_by_text("Microsoft connected")).to_be_visible()
    expect(page.get_by_text("shown this once")).to_have_count(0)
    assert accounts_of(workspace, somebody) == {"google": somebody.email, "microsoft": "work@browser.example"}


def test_who_leaves_the_box_unticked_is_told_and_connects_by_the_same_link_after(
    page: Page, customer: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody, links_sent: set[bytes]
) -> None:
    open_user(page, desk, somebody, "connections")
    expect(sentence(page, "Another account wipes the bots")).to_be_visible()
    url = make_link(page, "Google", links_sent)
    customer.goto(url)
    customer.get_by_label("See events on your calendars").uncheck()
    customer.get_by_role("button", name="Allow").click()
    expect(customer.get_by_role("heading", name="Your calendar is not connected")).to_be_visible()
    customer.goto(url)
    customer.get_by_label("Another address instead").fill("other@browser.example")
    customer.get_by_role("button", name="Allow").click()
    expect(customer.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(sentence(page, "The last link connected another account than the one before")).to_be_visible()
    assert accounts_of(workspace, somebody) == {"google": "other@browser.example"}


def test_a_viewer_is_offered_neither_a_link_nor_anything_that_cannot_be_taken_back(
    open_as: OpenAs, desk: Dashboard, somebody: Somebody
) -> None:
    page = open_as("viewer")
    open_user(page, desk, somebody, "connections")
    expect(page.get_by_text("Making a link needs the role Editor.")).to_be_visible()
    for name in ("Create Google link", "Disconnect Google", "Delete this user"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)


def test_a_calendar_is_disconnected_once_however_often_the_button_is_clicked(
    page: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody
) -> None:
    open_user(page, desk, somebody, "connections")
    press(page, "Disconnect Google")
    expect(dialog(page).get_by_text("2 bots of coming meetings will not come")).to_be_visible()
    confirm(page, "somebody else", "Disconnect Google")
    expect(dialog(page).get_by_text("What was typed is not the name of this user.")).to_be_visible()
    assert "google" in accounts_of(workspace, somebody)
    workspace.sandbox.forget_asked()
    dialog(page).get_by_label("Name of the user").fill(somebody.email)
    dialog(page).get_by_role("button", name="Disconnect Google").dblclick()
    expect(sentence(page, "Google is disconnected. Done, and read back from Recall.")).to_be_visible()
    expect(dialog(page)).to_have_count(0)
    assert len(workspace.sandbox.asked("POST", f"{USER}disconnect/")) == 1
    assert accounts_of(workspace, somebody) == {}
    assert workspace.booked(somebody) == set()


def test_a_user_is_deleted_and_its_address_says_so_to_everybody(
    admin: str, open_as: OpenAs, page: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody
) -> None:
    hers = open_as(admin)
    open_user(hers, desk, somebody, "connections")
    press(hers, "Delete this user")
    workspace.sandbox.forget_asked()
    confirm(hers, somebody.email, "Delete this user")
    expect(hers.get_by_text("It was deleted here")).to_be_visible()
    expect(sentence(hers, "This user was deleted. Done, and read back from Recall.")).to_be_visible()
    assert len(workspace.sandbox.asked("DELETE", USER)) == 1
    page.goto(f"{desk.url}/users?user={somebody.id}")
    expect(page.get_by_text("It was deleted here")).to_be_visible()


def test_a_new_user_is_made_on_purpose_and_can_be_sent_a_link(
    page: Page, desk: Dashboard, workspace: Workspace, links_sent: set[bytes]
) -> None:
    there = workspace.add_somebody()
    show_in_list(page, desk, there)
    press(page, "New calendar user")
    for first, again, words in (
        (there.external_id, there.external_id, "There is a calendar user with this external id already"),
        ("brand-new", "brand-mew", "The two external ids are not the same."),
    ):
        _type_ids(page, first, again)
        expect(sentence(page, words)).to_be_visible()
    _type_ids(page, "brand-new", "brand-new")
    expect(page.get_by_text("No calendar connected").first).to_be_visible()
    page.get_by_test_id("stMain").get_by_text("Connections", exact=True).click()
    assert make_link(page, "Google", links_sent)
    press(page, "Put it away")
    expect(page.get_by_text("shown this once")).to_have_count(0)


def _type_ids(page: Page, first: str, again: str) -> None:
    dialog(page).get_by_label("External id", exact=True).fill(first)
    dialog(page).get_by_label("The same external id again").fill(again)
    dialog(page).get_by_role("button", name="Make this user").click()
