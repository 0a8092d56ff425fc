"""The Coverage page of a large workspace: its rerun beside a plain page and beside a small workspace's, and memory."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from itertools import cycle
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench.large import ENTRIES, USERS
from bench.memory import megabytes, most_megabytes
from bench.serving import Served, serving, streamlit
from bench.stopwatch import milliseconds_to
from bench.table import Row, pair, single
from tests.browsing import chromium, person, sign_in

RERUNS = 30
FEW_ENTRIES, FEW_USERS = 10_000, 100
MOST_TIMES = 3.0
FURTHER_SESSIONS = 10
SETTLED_MB, PEAK_MB, SESSION_MB = 500, 650, 3
SETTLES_MS = 6_000
"""Longer than a server waits between two looks at the store."""
TALL = 1400
_CHART = "[data-testid=stVegaLiteChart]"


def measure_pages(folder: Path) -> list[Row]:
    """Switch the trend between weeks and days on each page in turn; then what the large server holds in memory."""
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        large = stack.enter_context(serving(folder / "large", ENTRIES, USERS))
        small = stack.enter_context(serving(folder / "small", FEW_ENTRIES, FEW_USERS))
        plain = stack.enter_context(_plain(folder))
        opened = [_opened(browser, served.url) for served in (large, small)]
        switches = [_switches(page) for page in (*opened, _opened_plain(browser, plain.url))]
        in_turn = [tuple(next(one) for one in switches) for _ in range(RERUNS + 1)][1:]
        of_large, of_small, of_plain = (list(series) for series in zip(*in_turn, strict=True))
        what = f"Coverage page rerun, {ENTRIES:,} entries"
        return [
            pair(f"{what}, beside plain Streamlit", of_large, of_plain, most=MOST_TIMES),
            pair(f"{what}, beside {FEW_ENTRIES:,} entries", of_large, of_small, most=MOST_TIMES),
            *_memory(browser, large, opened[0]),
        ]


def _memory(browser: Browser, served: Served, first: Page) -> list[Row]:
    first.wait_for_timeout(SETTLES_MS)
    settled = megabytes(served.process_id)
    for _ in range(FURTHER_SESSIONS):
        _opened(browser, served.url)
    first.wait_for_timeout(SETTLES_MS)
    each = (megabytes(served.process_id) - settled) / FURTHER_SESSIONS
    what = f"server memory, {ENTRIES:,} entries"
    return [
        single(f"{what}: settled", settled, "MB", most=SETTLED_MB),
        single(f"{what}: peak", most_megabytes(served.process_id), "MB", most=PEAK_MB),
        single(f"{what}: each of {FURTHER_SESSIONS} further sessions", each, "MB", most=SESSION_MB),
    ]


def _plain(folder: Path) -> AbstractContextManager[Served]:
    return streamlit("bench/plain_coverage.py", "_stcore/health", folder / "plain.log", {})


def _opened(browser: Browser, url: str) -> Page:
    page = person(browser, height=TALL).new_page()
    sign_in(page, f"{url}/coverage?period=90")
    page.locator(_CHART).nth(2).wait_for()
    return page


def _opened_plain(browser: Browser, url: str) -> Page:
    page = person(browser, height=TALL).new_page()
    page.goto(url)
    page.locator(_CHART).nth(1).wait_for()
    return page


def _switches(page: Page) -> Iterator[float]:
    """Milliseconds from a click on Day or Week to the chart of it."""
    for words in cycle(("Day", "Week")):
        segment = page.get_by_test_id("stButtonGroup").get_by_text(words, exact=True).first
        segment.scroll_into_view_if_needed()
        where = segment.bounding_box()
        assert where  # noqa: S101 - it has been waited for
        middle = where["x"] + where["width"] / 2, where["y"] + where["height"] / 2
        yield milliseconds_to(page, middle, _CHART, f"by {words.lower()}")
