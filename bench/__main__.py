"""The command line: `python -m bench`."""

import sys
import tempfile
from pathlib import Path

from pydantic import SecretStr

from bench.clicks import compare_clicks
from bench.rows import calendar_of_about, users_to_open
from bench.table import table_of
from lib.recall_api import open_recall
from tests.browsing import chromium
from tests.running import running_desk


def main() -> int:
    """Measure and print. The exit status is 0 whatever the figures are."""
    with tempfile.TemporaryDirectory() as name, running_desk(Path(name)) as desk, chromium() as browser:
        recall = open_recall(desk.sandbox.url, SecretStr(desk.sandbox.key))
        calendar = calendar_of_about(recall, users_to_open(recall))
        rows = compare_clicks(browser, desk.url, calendar, Path(name))
    print(table_of(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
