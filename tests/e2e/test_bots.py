"""The Bots page in a browser: its figures, one bot by row, by keyboard and by its link, and a file of what is shown."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browsing import pick_row
from tests.e2e.conftest import OpenAs
from tests.e2e.looking import figure, wait_until_drawn
from tests.e2e.serving import Dashboard

RECORDED = re.compile("See .* meeting")
BOT = re.compile(r"[?&]bot=[0-9a-f-]{36}")


def open_bots(page: Page, desk: Dashboard, query: str = "") -> None:
    """The page, whose figures appear when the first pass is complete."""
    page.goto(f"{desk.url}/bots{query}")
    expect(page.get_by_text(re.compile("Bots recorded"))).to_be_visible()
    wait_until_drawn(page)


def see_recorded(page: Page) -> None:
    """Open the meetings behind the first figure."""
    page.get_by_role("button", name=RECORDED).first.click()
    expect(page.get_by_text("Select a row to open the bot.")).to_be_visible()
    wait_until_drawn(page)


def expect_bot(page: Page) -> None:
    """One bot in full: its life is drawn, and who shares it is listed."""
    expect(page.get_by_role("heading", name="Who shares this bot")).to_be_visible()
    wait_until_drawn(page)
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()
    expect(page).to_have_url(BOT)


def test_a_bot_is_opened_by_its_row_and_by_its_link(page: Page, open_as: OpenAs, desk: Dashboard) -> None:
    open_bots(page, desk)
    for name in ("Recorded", "In part or empty", "Host's side", "Recall or us", "Two bots in one meeting"):
        expect(figure(page, name).first).to_be_visible()
    see_recorded(page)
    pick_row(page, 0)
    expect_bot(page)

    colleague = open_as("viewer")
    colleague.goto(page.url)
    expect_bot(colleague)
    expect(colleague.get_by_test_id("stText").first).to_have_text(page.get_by_test_id("stText").first.inner_text())

    page.get_by_role("button", name="All bots").click()
    expect(page.get_by_text("Select a row to open the bot.")).to_be_visible()
    assert "bot=" not in page.url


def test_the_keyboard_alone_opens_a_bot(page: Page, desk: Dashboard) -> None:
    open_bots(page, desk)
    _tab_until(page, lambda focus: RECORDED.match(focus) is not None)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Select a row to open the bot.")).to_be_visible()
    wait_until_drawn(page)
    _tab_until(page, lambda focus: focus == "data-grid-canvas")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    expect_bot(page)


def test_what_is_shown_can_be_taken_along_as_a_file(page: Page, desk: Dashboard, tmp_path: Path) -> None:
    open_bots(page, desk, "?rows=bots:recorded")
    card = page.locator(".st-key-bots_figure_card")
    shown = re.search(r"Recorded · (\d+) meeting", card.inner_text())
    assert shown
    card.get_by_role("button", name="Download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "bots.csv")
    heads, *rows = csv.reader((tmp_path / "bots.csv").read_text("utf-8-sig").splitlines())
    assert heads[1:6] == ["Outcome", "Meeting", "Platform", "Whose side", "Reason"]
    assert len(rows) == int(shown[1])
    assert all(re.fullmatch(r"[0-9a-f-]{36}", row[heads.index("Bot")]) for row in rows)


def _tab_until(page: Page, reached: Callable[[str], bool]) -> None:
    """Press Tab until what has the focus is reached, twice around the page at most."""
    for _ in range(90):
        page.keyboard.press("Tab")
        focus = page.evaluate("(e => e.dataset.testid || e.innerText || '')(document.activeElement)")
        if reached(focus) or reached(page.evaluate("document.activeElement.innerText || ''")):
            return
    raise AssertionError("the keyboard does not get there")
