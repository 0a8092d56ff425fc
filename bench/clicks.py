"""A click among one user's meetings: the dashboard and a plain page with the same rows, in turn, in one browser."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench.rows import Calendar
from bench.stopwatch import milliseconds_to
from bench.table import Row, pair
from tests.browsing import check_box, person, sign_in
from tests.running import free_port, running

CLICKS = 30
MOST_TIMES_PLAIN = 1.5
ROWS_IN_SIGHT = 10
TALL = 1200

_CAPTION = "[data-testid=stCaptionContainer]"
_GRID = "[data-testid=stDataFrameResizable]"


def compare_clicks(browser: Browser, url: str, calendar: Calendar, folder: Path) -> list[Row]:
    """A row selected, the list switched, the section switched, each on both pages."""
    with running_plain_page(calendar, folder) as plain_url:
        ours, plain = (person(browser, height=TALL).new_page() for _ in range(2))
        sign_in(ours, f"{url}/users?user={calendar.user.id}")
        plain.goto(plain_url)
        for page in (ours, plain):
            page.locator(f"{_GRID}[aria-label='{_alt(calendar, 'coming')}']").wait_for()
        ours.get_by_test_id("stProgress").wait_for(state="detached")
        return [
            _compare("select a row", _select_rows, ours, plain, calendar),
            _compare("switch the list, Coming to Past 30 days and back", _switch_lists, ours, plain, calendar),
            _compare("switch the section, Meetings to Connections and back", _switch_sections, ours, plain, calendar),
        ]


@contextmanager
def running_plain_page(calendar: Calendar, folder: Path) -> Iterator[str]:
    """The reference on a server of its own, with the settings of ours; answers its address."""
    rows, port = folder / "rows.json", free_port()
    calendar.write(rows)
    url = f"http://127.0.0.1:{port}"
    script = ["bench/plain_page.py", "--server.port", str(port), "--", str(rows)]
    with running([sys.executable, "-m", "streamlit", "run", *script], folder / "plain.log", f"{url}/_stcore/health"):
        yield url


def _compare(
    what: str, click: Callable[[Page, Calendar], Iterator[float]], ours: Page, plain: Page, calendar: Calendar
) -> Row:
    in_turn = zip(click(ours, calendar), click(plain, calendar), range(CLICKS + 1), strict=False)
    next(in_turn)  # the first of each loads what the browser has not met yet
    mine, theirs = zip(*((one, other) for one, other, _ in in_turn), strict=True)
    return pair(f"click: {what}", mine, theirs, most=MOST_TIMES_PLAIN)


def _select_rows(page: Page, calendar: Calendar) -> Iterator[float]:
    """One row in sight after the other; those that start together would look the same."""
    by_start = {row["when"]: place for place, row in enumerate(calendar.lists["coming"][:ROWS_IN_SIGHT])}
    for when, place in cycle(by_start.items()):
        yield milliseconds_to(page, check_box(page, place), _CAPTION, when)


def _switch_lists(page: Page, calendar: Calendar) -> Iterator[float]:
    for words, name in cycle((("Past 30 days", "past30"), ("Coming", "coming"))):
        yield milliseconds_to(page, _middle_of(page, f"{words} ·"), _GRID, _alt(calendar, name))


def _switch_sections(page: Page, calendar: Calendar) -> Iterator[float]:
    for section, selector, wanted in cycle(
        (
            ("Connections", _CAPTION, "Recall reads the primary calendar"),
            ("Meetings", _GRID, _alt(calendar, "coming")),
        )
    ):
        yield milliseconds_to(page, _middle_of(page, section), selector, wanted)


def _middle_of(page: Page, words: str) -> tuple[float, float]:
    """The middle of the segment or pill that begins with `words`."""
    where = page.get_by_test_id("stButtonGroup").get_by_text(words).first.bounding_box()
    assert where  # noqa: S101 - it has been waited for
    return where["x"] + where["width"] / 2, where["y"] + where["height"] / 2


def _alt(calendar: Calendar, name: str) -> str:
    words = {"coming": "coming", "past30": "past 30 days"}
    return f"{len(calendar.lists[name])} meetings, {words[name]}"
