"""The Coverage page in a browser: filters in the address, a cell that opens its rows, and a file of what is shown."""

import csv
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenAs
from tests.e2e.looking import figure, wait_until_drawn
from tests.e2e.serving import Dashboard

WEEK_WIDTH, CELL_WIDTH, ROW_HEIGHT = 76, 104, 33
"""Pixels of the grid at our font size: its first column, every other one, and a row, its head too."""
ON_THE_GRID = "document.activeElement.matches('.st-key-coverage_grid canvas')"
OPENED = re.compile(r"[?&]rows=grid%3A\d{4}-\d\d-\d\d%3A")


def open_coverage(page: Page, desk: Dashboard, query: str = "") -> None:
    """The page, whose figures appear when the first pass is complete."""
    page.goto(f"{desk.url}/coverage{query}")
    expect(figure(page, "Coverage").first).to_contain_text(re.compile(r"\d+ of \d+"))
    expect(page.get_by_role("heading", name="At risk")).to_be_visible()
    wait_until_drawn(page)


def weeks(page: Page) -> Locator:
    return page.locator(".st-key-coverage_grid").get_by_test_id("stDataFrame")


def number(page: Page, row: int, column: int) -> int:
    """What stands in a cell of the weeks, by the table that stands beside the picture of it."""
    text = weeks(page).locator(f"#glide-cell-{column}-{row}").inner_text()
    return int(text.replace(",", ""))


def most_missed(page: Page) -> tuple[int, int]:
    """The cell with most meetings among the missed ones: off by choice to unknown."""
    weeks(page).scroll_into_view_if_needed()
    first_column = weeks(page).locator("[role=gridcell][aria-colindex='1']")
    expect(first_column.first).to_be_attached()
    rows = first_column.count()
    cells = [(row, column) for row in range(rows) for column in (3, 4, 5, 6)]
    return max(cells, key=lambda cell: number(page, *cell))


def click_cell(page: Page, row: int, column: int) -> None:
    expect(weeks(page)).to_be_visible()
    weeks(page).scroll_into_view_if_needed()
    where = weeks(page).bounding_box()
    assert where
    x = where["x"] + WEEK_WIDTH + CELL_WIDTH * (column - 1) + CELL_WIDTH / 2
    page.mouse.click(x, where["y"] + ROW_HEIGHT * (row + 1) + ROW_HEIGHT / 2)


def card(page: Page) -> Locator:
    return page.locator(".st-key-coverage_grid_behind_card")


def test_a_period_and_a_customer_are_in_the_address_and_a_colleague_sees_the_same(
    page: Page, open_as: OpenAs, desk: Dashboard
) -> None:
    open_coverage(page, desk, "?customer=browser.example")
    page.get_by_role("radio", name="7 days").or_(page.get_by_role("button", name="7 days")).first.click()
    expect(page).to_have_url(re.compile(r"period=7"))
    expect(page.get_by_text("in the last 7 days").first).to_be_visible()
    wait_until_drawn(page)
    told = figure(page, "Coverage").first.inner_text()

    colleague = open_as("viewer")
    colleague.goto(page.url)
    expect(colleague.get_by_text("in the last 7 days").first).to_be_visible()
    wait_until_drawn(colleague)
    assert figure(colleague, "Coverage").first.inner_text() == told

    colleague.get_by_role("link", name="Bots").click()
    expect(colleague).to_have_url(re.compile(r"/bots\?.*period=7"))
    expect(colleague).to_have_url(re.compile(r"customer=browser\.example"))


def test_a_cell_opens_its_meetings_and_they_can_be_taken_along_as_a_file(
    page: Page, desk: Dashboard, tmp_path: Path
) -> None:
    open_coverage(page, desk)
    row, column = most_missed(page)
    counted = number(page, row, column)
    assert counted
    click_cell(page, row, column)
    expect(card(page)).to_contain_text(re.compile(rf"· {counted} meeting"))
    expect(page).to_have_url(OPENED)
    wait_until_drawn(page)
    card(page).get_by_test_id("stDataFrame").scroll_into_view_if_needed()
    in_sight = card(page).locator("[role=gridcell][aria-colindex='3']")
    expect(in_sight.first).to_be_attached()
    titles = in_sight.all_inner_texts()

    card(page).get_by_role("button", name="Download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").last.click()
    download.value.save_as(tmp_path / "meetings.csv")
    heads, *rows = csv.reader((tmp_path / "meetings.csv").read_text("utf-8-sig").splitlines())
    assert heads == ["Starts (Europe/Berlin)", "Outcome", "Meeting", "Customer", "User", "Why", "What to do", "Basis"]
    assert len(rows) == counted
    assert [line[2] for line in rows][: len(titles)] == titles


def test_the_keyboard_alone_opens_a_cell_and_the_address_opens_it_again(page: Page, desk: Dashboard) -> None:
    open_coverage(page, desk)
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(ON_THE_GRID):
            break
    else:
        raise AssertionError("the keyboard does not get to the grid")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(card(page)).to_be_visible()
    expect(page).to_have_url(OPENED)
    page.reload()
    expect(card(page)).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(card(page)).to_have_count(0)
    expect(page).not_to_have_url(OPENED)


def test_a_chart_is_a_table_one_click_away(page: Page, desk: Dashboard) -> None:
    open_coverage(page, desk)
    page.locator(".st-key-funnel_as_table").get_by_text("Table").click()
    table = page.locator(".st-key-coverage_funnel")
    expect(table).to_be_visible()
    table.scroll_into_view_if_needed()
    steps = table.locator("[role=gridcell][aria-colindex='1']")
    expect(steps.first).to_have_text("Ended")
    expect(steps).to_have_count(9)
