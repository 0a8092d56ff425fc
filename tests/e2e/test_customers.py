"""A customer-success person's morning: their customers, one of them, and the CSV that says whose they are."""

import re
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from lib.ui.widgets.notices import VIEW_ONLY
from tests.browsing import pick_row
from tests.e2e.conftest import OpenAs
from tests.e2e.looking import cell, figure, press, wait_until_drawn
from tests.e2e.serving import Dashboard, Workspace

FIGURES = ("Calendars lost", "Can act on", "Missed, 30 days", "At risk, 7 days")
CUSTOMER = "[Sign in](https://evil.test) & Söhne"
COMPANY = "browser.example"


def open_customers(page: Page, desk: Dashboard, query: str = "") -> None:
    """Open the page, and wait until the first pass of the sync has filled it."""
    page.goto(f"{desk.url}/customers{query}")
    expect(page.get_by_role("heading", name="Since you last looked")).to_be_visible(timeout=60_000)
    wait_until_drawn(page)


def two_people(workspace: Workspace) -> tuple[str, str]:
    first, second = workspace.take_somebody(), workspace.take_somebody()
    return first.external_id, second.email


def upload(page: Page, content: str) -> None:
    file: FilePayload = {"name": "customers.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()


def test_a_customer_is_opened_from_the_table_and_the_address_leads_back_to_it(page: Page, desk: Dashboard) -> None:
    open_customers(page, desk)
    for name in FIGURES:
        expect(figure(page, name)).to_contain_text(re.compile(r"of \d+"))
    first = page.get_by_test_id("stDataFrame").first.locator("[role=gridcell]").first.inner_text()
    pick_row(page, 0)
    expect(page.get_by_role("heading", name=first, exact=True)).to_be_visible()
    assert page.url == f"{desk.url}/customers?customer={first}"
    expect(figure(page, "Coverage")).to_contain_text(re.compile(r"\d+ of \d+"))
    page.reload()
    expect(page.get_by_role("heading", name=first, exact=True)).to_be_visible()
    wait_until_drawn(page)
    page.get_by_role("button", name="Copy for the customer").click()
    expect(page.get_by_test_id("stCode")).to_contain_text(f"Recording of your meetings: {first}")
    page.keyboard.press("Escape")
    press(page, "Customers")
    expect(page.get_by_role("heading", name="Most that can be acted on first")).to_be_visible()
    assert page.url == f"{desk.url}/customers"


def test_a_csv_is_looked_at_confirmed_and_then_decides_what_somebody_opens_on(
    page: Page, desk: Dashboard, workspace: Workspace
) -> None:
    one, other = two_people(workspace)
    open_customers(page, desk)
    press(page, "Assign")
    expect(page.get_by_role("heading", name="Assign customers")).to_be_visible()
    assert page.url == f"{desk.url}/customers?do=assign"
    rows = (f'{one},"{CUSTOMER}",North,editor', f'{other},"{CUSTOMER}",,', f"nobody@{COMPANY},Acme,,")
    upload(page, "\n".join(("user,customer,team,owner", *rows)))
    expect(page.get_by_text("2 users change customer or team, and 1 customer the owner.")).to_be_visible()
    expect(page.get_by_text("1 line is left out")).to_be_visible()
    press(page, "Apply: 2 users, 1 owner")
    expect(page.get_by_text("Applied: 2 users and 1 owner.")).to_be_visible()
    press(page, "Customers")
    expect(page.get_by_role("heading", name="My customers")).to_be_visible()
    expect(cell(page, CUSTOMER)).to_have_count(1)
    wait_until_drawn(page)
    pick_row(page, 0)
    expect(page.get_by_test_id("stText").filter(has_text=CUSTOMER)).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_have_count(0)
    press(page, "Customers")
    page.get_by_role("radio", name="All ·").click()
    expect(page.get_by_role("heading", name="Customers", exact=True)).to_be_visible()
    assert page.url == f"{desk.url}/customers?whose=all"


def test_the_keyboard_alone_opens_a_customer(page: Page, desk: Dashboard) -> None:
    open_customers(page, desk, "?whose=all")
    _tab_until(page, "data-grid-canvas")
    wait_until_drawn(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    expect(page).to_have_url(re.compile(r"[?&]customer="))
    expect(figure(page, "Can act on")).to_be_visible()


def test_a_telephone_scrolls_up_and_down_alone(page: Page, desk: Dashboard) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    views = {"": "Since you last looked", f"?customer={COMPANY}": COMPANY, "?do=assign": "Upload"}
    for query, seen in views.items():
        page.goto(f"{desk.url}/customers{query}")
        expect(page.get_by_role("heading", name=seen)).to_be_visible(timeout=60_000)
        wait_until_drawn(page)
        assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
        assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0


def test_who_may_only_look_is_offered_no_upload(open_as: OpenAs, desk: Dashboard, tmp_path: Path) -> None:
    page = open_as("viewer")
    page.goto(f"{desk.url}/customers?do=assign")
    expect(page.get_by_text(VIEW_ONLY)).to_be_visible()
    expect(page.get_by_test_id("stFileUploader")).to_have_count(0)
    with page.expect_download() as download:
        press(page, "Download current assignments")
    download.value.save_as(tmp_path / "in-force.csv")
    assert (tmp_path / "in-force.csv").read_text("utf-8-sig").startswith('"user","customer","team","owner"')


def _tab_until(page: Page, name: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        focus = page.evaluate("(e => e.getAttribute('aria-label') || e.dataset.testid || '')(document.activeElement)")
        if focus == name:
            return
    raise AssertionError("the keyboard does not get there")
