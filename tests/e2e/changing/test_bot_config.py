"""The bot config in a browser: pasted, corrected where the page says, kept, handed over, compared; by keyboard too."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenAs
from tests.e2e.looking import press, sentence, wait_until_drawn
from tests.e2e.serving import Dashboard, add_staff

ADMIN = "bot-config-admin"
PASTED = """{
  // from the wiki
  recording_config: {
    transcript: { provider: { meeting_captions: {} } },
    retention: { type: 'timed', hours: 0 },
  },
}"""
HOURS = "recording_config.retention.hours"


@pytest.fixture(scope="module")
def admin_account(desk: Dashboard) -> None:
    add_staff(desk.environment, ADMIN, role="admin", display="Ada Okafor")


@pytest.fixture
def admin(admin_account: None, open_as: OpenAs, desk: Dashboard) -> Page:
    """The page, opened by somebody who may change it."""
    page = open_as(ADMIN)
    page.goto(f"{desk.url}/bot_config")
    expect(editor(page)).to_be_visible()
    wait_until_drawn(page)
    return page


def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Preset")


def type_in(page: Page, text: str) -> None:
    editor(page).fill(text)
    press(page, "Check")
    wait_until_drawn(page)


def open_section(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).click()
    wait_until_drawn(page)


def keep(page: Page) -> None:
    page.get_by_role("button", name=re.compile(r"^Save as version \d+$")).click()
    expect(sentence(page, "Saved as version")).to_be_visible()


def test_a_preset_is_pasted_corrected_kept_handed_over_and_compared(
    admin: Page, open_as: OpenAs, desk: Dashboard
) -> None:
    type_in(admin, PASTED)
    found = admin.locator(".st-key-bot_config_findings")
    expect(found.get_by_text("Error · line 5")).to_be_visible()
    expect(found.get_by_text(HOURS)).to_be_visible()
    expect(admin.get_by_test_id("stCode").filter(has_text="✗ Must be a whole number of hours")).to_be_visible()
    type_in(admin, PASTED.replace("hours: 0", "hours: 72"))
    expect(admin.get_by_text("Ready to hand over.")).to_be_visible()
    keep(admin)

    open_section(admin, "Hand over")
    expect(admin.get_by_test_id("stCode").filter(has_text="Please make the JSON below")).to_contain_text('"hours": 72')
    admin.get_by_role("button", name=re.compile("I have sent version")).click()
    expect(sentence(admin, "is marked as sent to Recall")).to_be_visible()

    type_in(admin, PASTED.replace("hours: 0", "hours: 168"))
    open_section(admin, "Changes")
    expect(admin.get_by_text(re.compile("1 place changes from version .* sent last"))).to_be_visible()
    cells = admin.get_by_test_id("stDataFrame").first.locator("[role=gridcell]")
    expect(cells.filter(has_text=HOURS)).to_have_count(1)

    admin.reload()
    expect(editor(admin)).to_have_value(PASTED.replace("hours: 0", "hours: 168"))
    expect(admin).to_have_url(re.compile("part=changes"))

    viewer = open_as("viewer")
    viewer.goto(f"{desk.url}/bot_config?part=history")
    expect(viewer.get_by_text("Select a row to see the version")).to_be_visible()
    expect(editor(viewer)).to_have_count(0)
    expect(viewer.get_by_text("needs the role Admin")).to_be_visible()


def test_the_keyboard_alone_types_checks_and_keeps(admin: Page) -> None:
    tab_until(admin, lambda focus: focus == "Preset")
    admin.keyboard.press("Control+a")
    admin.keyboard.insert_text('{ "metadata": { "by": "keyboard" } }')
    admin.keyboard.press("Control+Enter")
    expect(admin.get_by_text("no meeting gets a transcript").first).to_be_visible()
    wait_until_drawn(admin)
    tab_until(admin, lambda focus: "Save as version" in focus)
    admin.keyboard.press("Enter")
    expect(sentence(admin, "Saved as version")).to_be_visible()


def tab_until(page: Page, reached: Callable[[str], bool]) -> None:
    """Press Tab until what has the focus is reached."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate("(e => e.getAttribute('aria-label') || e.innerText || '')(document.activeElement)")
        if reached(focus.strip()):
            return
    raise AssertionError("the keyboard does not get there")


def test_on_a_telephone_it_scrolls_up_and_down_alone(admin: Page) -> None:
    admin.set_viewport_size({"width": 390, "height": 844})
    type_in(admin, PASTED.replace("from the wiki", "a long line " * 40))
    for name in ("On the lines", "Changes", "Hand over", "History"):
        open_section(admin, name)
        assert admin.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
        assert admin.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0


def test_the_text_is_typed_in_letters_of_one_width(admin: Page) -> None:
    widths = editor(admin).evaluate(
        """box => {
            const pen = document.createElement("canvas").getContext("2d");
            pen.font = getComputedStyle(box).font;
            return [pen.measureText("iiii").width, pen.measureText("MMMM").width];
        }"""
    )
    assert widths[0] == widths[1]
