"""`python -m lib.report`: the numbers of the Coverage page, as JSON, or its reasons as CSV.

Reads the store that the settings name, needs no key and asks nobody. Exit codes: 0 done; 1 not, with a sentence on
standard error: before the first complete pass, for a question that is put wrongly, when the store cannot be used.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from typing import NoReturn
from zoneinfo import ZoneInfo

import orjson

from lib.customer import UNASSIGNED
from lib.errors import DeskError, ReportError, StoreMissing
from lib.export import csv_of
from lib.queries.workspace import WorkspaceSnapshot, load_workspace
from lib.report.figures import NOTHING_YET, Question, Report, report_of
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


def question_of(words: Sequence[str] | None = None) -> Question:
    """The question that the words of a command line ask; its own without them. Raises `ReportError`."""
    asked = _parser().parse_args(words)
    first, end = _day(asked.first), _day(asked.end)
    if end < first:
        raise ReportError(
            f"--to {end} lies before --from {first}. Give the first day that counts as --from, "
            "and the first day that does not count any more as --to."
        )
    return Question(first, end, asked.user, asked.customer, asked.form)


class _Parser(argparse.ArgumentParser):
    """Tells of wrong words as this command tells of everything that is wrong."""

    def error(self, message: str) -> NoReturn:
        raise ReportError(f"{self.format_usage().strip()}\n{message[:1].upper()}{message[1:]}.")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m lib.report",
        description="The numbers of the Coverage page, split at the start of the last complete pass. "
        "Days are those of REPORT_TIME_ZONE, on the meeting's start.",
        allow_abbrev=False,
    )
    parser.add_argument("--from", required=True, dest="first", metavar="DATE", help="the first day, as 2026-10-01")
    parser.add_argument("--to", required=True, dest="end", metavar="DATE", help="the first day that no longer counts")
    parser.add_argument("--user", metavar="RECALL_UUID", help="the meetings of this user alone")
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument(
        "--customer",
        metavar="NAME",
        help=f"those of this customer's users; {UNASSIGNED.value} for users without one, unless one is called so",
    )
    whose.add_argument(
        "--no-customer",
        dest="customer",
        action="store_const",
        const=UNASSIGNED,
        help="those of users without a customer, whatever customers are called",
    )
    parser.add_argument(
        "--format", required=True, dest="form", metavar="json|csv", type=_form, help="csv: the reasons table"
    )
    return parser


def _form(word: str) -> str:
    if word not in ("json", "csv"):
        raise argparse.ArgumentTypeError(f"{word!r} is no form of a report; give json or csv")
    return word


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise ReportError(f"{word!r} is not a day. Give days as 2026-10-01.") from None


if __name__ == "__main__":
    sys.exit(main())
