"""What a report is asked for: days of one zone, everybody or one user or one customer, and the form of the answer."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NoReturn

from lib.customer import UNASSIGNED, UNASSIGNED_WORD, Unassigned
from lib.errors import ReportError


@dataclass(frozen=True, slots=True)
class Question:
    """One question. The days are those of REPORT_TIME_ZONE."""

    first: date
    """The first day whose meetings count."""
    end: date
    """The first day after it whose meetings do not. The same as `first` for no day at all."""
    user: str | None
    """Recall's id of a user."""
    customer: str | Unassigned | None
    """A customer's name; `UNASSIGNED` for the users who have none."""
    form: Literal["json", "csv"]


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
        help=f"those of this customer's users; {UNASSIGNED_WORD} for users without one, unless a customer is called so",
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
