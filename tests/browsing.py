"""Drives Debian's chromium against a running dashboard, as a person would."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""The first is the same browser without its own windows, whose bars take a third of its time and are seen by nobody."""
WAITS_MS = 30_000
PASSWORD = "sandbox-demo"
ZONE = "Europe/Berlin"

refused_by_policy: list[str] = []
"""What the Content-Security-Policy kept any page of any `person` from doing, as the browser's console told it."""

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_CHECK_BOX, _HEAD, _ROW = 15, 33, 33
"""Pixels of a grid at our font size: the middle of its check boxes from the left, the height of its head, of a row."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, until the end of the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def person(browser: Browser, *, width: int = 1280, height: int = 900) -> BrowserContext:
    """Somebody's own browser: no cookies, English, in Berlin."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, timezone_id=ZONE, locale="en-GB", color_scheme="light"
    )
    context.set_default_timeout(WAITS_MS)
    context.on("console", _note)
    return context


def _note(message: ConsoleMessage) -> None:
    if "Content Security Policy" in message.text:
        refused_by_policy.append(f"{message.page.url if message.page else ''}: {message.text}")


def fill_sign_in(page: Page, name: str = "editor", password: str = PASSWORD) -> None:
    """Fill and send the form that `page` shows."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").first.fill(password)
    page.get_by_role("button", name="Sign in").click()


def wait_until_signed_in(page: Page) -> None:
    """Wait until the page behind the sign-in shows who is signed in."""
    page.get_by_test_id("stSidebar").get_by_role("button", name="·").wait_for(state="attached")


def sign_in(page: Page, url: str, name: str = "editor") -> None:
    """Open `url`, which may be a deep link, and sign in."""
    page.goto(url)
    fill_sign_in(page, name)
    wait_until_signed_in(page)


def grid(page: Page) -> Locator:
    """The first grid of the page."""
    return page.get_by_test_id("stDataFrame").first


def check_box(page: Page, position: int) -> tuple[float, float]:
    """Where the check box is of a row that is in sight, counted from 0."""
    expect(grid(page)).to_be_visible()
    where = grid(page).bounding_box()
    assert where
    return where["x"] + _CHECK_BOX, where["y"] + _HEAD + _ROW * position + _ROW / 2


def pick_row(page: Page, position: int) -> None:
    """Click the check box of a row."""
    page.mouse.click(*check_box(page, position))
