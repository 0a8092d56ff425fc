"""`python -m lib.report`: the numbers of the Coverage page, as JSON, or its reasons as CSV.

Reads the store that the settings name, needs no key and asks nobody. Exit codes: 0 done; 1 not, with a sentence on
standard error: before the first complete pass, for a question that is put wrongly, when the store cannot be used.
"""

import sys
from collections.abc import Sequence
from contextlib import closing
from zoneinfo import ZoneInfo

import orjson

from lib.errors import DeskError, ReportError, StoreMissing
from lib.export import csv_of
from lib.queries.workspace import WorkspaceSnapshot, load_workspace
from lib.report.figures import NOTHING_YET, Report, report_of
from lib.report.question import question_of
from lib.settings import Settings, load_settings
from lib.store import migrate, open_store


def main(words: Sequence[str] | None = None) -> int:
    """Answer one question and an exit code."""
    try:
        question = question_of(words)
        settings = load_settings()
        report = report_of(_workspace(settings), question, ZoneInfo(settings.report_time_zone))
    except DeskError as error:
        print(error, file=sys.stderr)
        return 1
    sys.stdout.write(_written(report))
    return 0


def _workspace(settings: Settings) -> WorkspaceSnapshot:
    try:
        migrate(settings.store_url, makes=False)
    except StoreMissing as problem:
        raise ReportError(f"{NOTHING_YET} {problem}") from None
    with closing(open_store(settings.store_url, recall_base_url=settings.workspace_url)) as store:
        return load_workspace(store)


def _written(report: Report) -> str:
    if report.question.form == "csv":
        return csv_of(report.reasons).decode("utf-8-sig")  # a program reads this: without the mark for Excel
    return orjson.dumps(report.figures, option=orjson.OPT_INDENT_2).decode() + "\n"


if __name__ == "__main__":
    sys.exit(main())
