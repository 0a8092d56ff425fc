"""The page by day and by night, on a telephone, and without a mouse."""

import re
import tomllib
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browsing import grid
from tests.e2e.looking import (
    EVERYTHING,
    choose_preset,
    expect_saved,
    expect_user,
    open_meeting,
    open_user,
    save_button,
    sentence,
    wait_until_drawn,
)
from tests.e2e.serving import PASSWORD, Dashboard, Somebody
from tests.running import ROOT

THEMES = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
SELECT_A_ROW = re.compile("Select a row to open it")


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_the_page_has_the_colours_that_the_browser_asks_for(
    palette: str, page: Page, desk: Dashboard, somebody: Somebody
) -> None:
    page.emulate_media(color_scheme=palette)  # type: ignore[arg-type]
    open_user(page, desk, somebody)
    expect(grid(page)).to_be_visible()
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    assert picture.getpixel((picture.width - 5, picture.height - 5)) == _rgb(THEMES[palette]["backgroundColor"])


def test_a_chart_is_drawn_again_when_the_browser_turns_dark(page: Page, desk: Dashboard, somebody: Somebody) -> None:
    open_user(page, desk, somebody, "preferences")
    label = page.get_by_test_id("stVegaLiteChart").locator("text", has_text="Now")
    expect(label).to_have_attribute("fill", THEMES["light"]["dataframeHeaderTextColor"])
    page.emulate_media(color_scheme="dark")
    expect(label).to_have_attribute("fill", THEMES["dark"]["dataframeHeaderTextColor"])
    choose_preset(page, EVERYTHING)
    save_button(page).click()
    expect_saved(page)
    expect(sentence(page, "could not be built")).to_have_count(0)


def test_a_telephone_scrolls_up_and_down_alone(page: Page, desk: Dashboard, somebody: Somebody) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{desk.url}/users")
    expect(page.get_by_text(SELECT_A_ROW)).to_be_visible()
    _expect_no_sideways_scroll(page)
    open_user(page, desk, somebody)
    grid(page).scroll_into_view_if_needed()
    open_meeting(page)
    _expect_no_sideways_scroll(page)
    for section, seen in {"Preferences": "What saving will change", "Connections": "Recall reads the primary"}.items():
        page.get_by_role("radio", name=section).click()
        expect(page.get_by_text(seen)).to_be_visible()
        _expect_no_sideways_scroll(page)


def _expect_no_sideways_scroll(page: Page) -> None:
    wait_until_drawn(page)
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0


def test_the_keyboard_alone_signs_in_and_opens_a_user(stranger: Page, desk: Dashboard, somebody: Somebody) -> None:
    stranger.goto(f"{desk.url}/users")
    expect(stranger.get_by_role("button", name="Sign in")).to_be_visible()
    _tab_until(stranger, lambda focus: focus == "Name")
    stranger.keyboard.type("editor")
    _tab_until(stranger, lambda focus: focus == "Password")
    stranger.keyboard.type(PASSWORD)
    stranger.keyboard.press("Enter")
    expect(stranger.get_by_text(SELECT_A_ROW)).to_be_visible()
    wait_until_drawn(stranger)
    _tab_until(stranger, lambda focus: focus == "Find")
    stranger.keyboard.type(somebody.email)
    stranger.keyboard.press("Enter")
    expect(stranger.get_by_text(re.compile("^1 of"))).to_be_visible()
    wait_until_drawn(stranger)
    _tab_until(stranger, lambda focus: focus == "data-grid-canvas")
    stranger.keyboard.press("ArrowDown")
    stranger.keyboard.press("Shift+Space")
    expect_user(stranger, somebody)


def _tab_until(page: Page, reached: Callable[[str], bool]) -> None:
    """Press Tab until what has the focus is reached, twice around the page at most: a page that is drawn again while
    somebody tabs through it may put the focus back to its beginning."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate("(e => e.getAttribute('aria-label') || e.dataset.testid || '')(document.activeElement)")
        if reached(focus):
            return
    raise AssertionError("the keyboard does not get there")


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))
