"""The command line: `python -m bench`."""

import sys
import tempfile
from collections.abc import Callable
from os import getloadavg
from pathlib import Path
from time import perf_counter

from playwright.sync_api import Error as BrowserError
from pydantic import SecretStr
from websockets.exceptions import WebSocketException

from bench.choosing import watch_choosing, watch_sign_in
from bench.clicks import compare_clicks
from bench.counting import measure_counting
from bench.exporting import measure_exporting
from bench.lying import measure_lying
from bench.many import measure_many
from bench.pages import measure_pages
from bench.people import measure_people
from bench.rows import calendar_of_about, users_to_open
from bench.sandbox import measure_sandbox
from bench.soak import measure_soak
from bench.strangers import measure_strangers
from bench.syncing import measure_syncing
from bench.table import Row, table_of
from lib.errors import DeskError
from lib.recall_api import open_recall
from tests.browsing import CHROMIUM, chromium
from tests.running import running_desk


def main() -> int:
    """Measure and print. The exit status is 0 whatever the figures are."""
    began = perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = _try("clicks", lambda: _in_a_browser(folder)) if CHROMIUM else [Row("clicks", "no chromium here")]
        rows += _try("sandbox", lambda: measure_sandbox(folder)) + _try("numbers()", measure_counting)
        if CHROMIUM:
            rows += _try("Coverage page", lambda: measure_pages(folder))
        rows += _try("sync", lambda: measure_syncing(folder))
        rows += _try("an hour of lies", lambda: measure_lying(_new(folder / "lying")))
        rows += _try("many users", lambda: measure_many(folder))
        rows += _try("50 people", lambda: measure_people(_new(folder / "people")))
        rows += _try("50,000 rows", lambda: measure_exporting(folder))
        rows += _try("200 sessions", lambda: measure_soak(folder))
        rows += _try("200 strangers", lambda: measure_strangers(folder))
    print(table_of(rows))
    load = f"load of this machine {getloadavg()[1]:.1f}; pairs were taken in turn"
    print(f"\n{perf_counter() - began:.0f} s in all; {load}.")
    return 0


def _in_a_browser(folder: Path) -> list[Row]:
    with running_desk(folder) as desk, chromium() as browser:
        recall = open_recall(desk.sandbox.url, SecretStr(desk.sandbox.key))
        users = users_to_open(recall)
        calendar = calendar_of_about(recall, users)
        return [
            *_try("clicks", lambda: compare_clicks(browser, desk.url, calendar, folder)),
            *_try("another user", lambda: watch_choosing(browser, desk.url, recall.list_users().rows)),
            *_try("sign-in", lambda: watch_sign_in(browser, desk.url)),
        ]


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _try(what: str, measure: Callable[[], list[Row]]) -> list[Row]:
    """What could not be measured is a row that says so, and the rest is measured all the same."""
    try:
        return measure()
    except (BrowserError, DeskError, WebSocketException, AssertionError, OSError) as error:
        return [Row(what, f"not measured: {str(error).splitlines()[0][:80]}")]


if __name__ == "__main__":
    sys.exit(main())
