"""The answer to a question: the numbers of the design's section 2 under the names of its section 5. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from lib.coverage.numbers import Ended, InProgress, Numbers, Upcoming, numbers
from lib.coverage.period import midnight
from lib.coverage.rates import Rate
from lib.coverage.scope import Scope, within
from lib.customer import UNASSIGNED, Unassigned, fits
from lib.customer.names import folded
from lib.errors import ReportError
from lib.export import Table
from lib.queries.workspace import WorkspaceSnapshot
from lib.store.users import UserRow

Json: TypeAlias = dict[str, Any]

NOTHING_YET = "Nothing can be counted yet: no pass over the workspace is complete."
FIGURES = {
    "upcoming": ("entries", "meetings", "recordable", "will_record", "booked", "planned", "booked_rate"),
    "in_progress": ("entries", "meetings", "recordable", "booked", "recording"),
    "ended": (
        *("entries", "meetings", "recordable", "unsettled", "did_not_happen", "held", "asked", "recorded"),
        *("coverage", "reach", "delivery"),
    ),
}
"""The counts and rates of each part, in their order."""
REASON_HEADS = ("part", "reason", "class", "owner", "meetings", "basis")


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


@dataclass(frozen=True, slots=True)
class Report:
    """The numbers of one question, and the users whom they are about: those of the last list who are asked for."""

    question: Question
    zone: ZoneInfo
    numbers: Numbers
    users: tuple[UserRow, ...]

    @property
    def figures(self) -> Json:
        """Everything. All counts are meetings but `entries` and the users; rates are from 0 to 1, or None: no data."""
        return {
            "as_of": self.numbers.as_of.astimezone(UTC).isoformat(),
            "from": self.question.first.isoformat(),
            "to": self.question.end.isoformat(),
            "time_zone": self.zone.key,
            "users": len(self.users),
            "users_connected": sum(1 for row in self.users if row.user.connected),
            "users_unreadable": sum(1 for row in self.users if row.stale or row.user.external_id is None),
            "without_start": self.numbers.without_start,
            **{part: _figures(getattr(self.numbers, part), names) for part, names in FIGURES.items()},
            "unreadable_rows": sum(row.unreadable for row in self.users),
            "odd_rows": sum(row.odd for row in self.users),
            "reasons": [dict(zip(REASON_HEADS, row, strict=True)) for row in self._reasons],
        }

    @property
    def reasons(self) -> Table:
        """The reasons: one row for each of a part and basis, which add up to the part's misses."""
        return Table(REASON_HEADS, self._reasons)

    @property
    def _reasons(self) -> list[tuple[str, str, str, str, int, str]]:
        return [
            (str(c.part), c.reason.key, str(c.reason.klass), str(c.reason.owner), c.meetings, str(c.basis))
            for c in self.numbers.reasons
        ]


def report_of(snapshot: WorkspaceSnapshot, question: Question, zone: ZoneInfo) -> Report:
    """Count what the question asks for. Raises `ReportError` before the first complete pass, and for names unknown."""
    if snapshot.as_of is None:
        raise ReportError(f"{NOTHING_YET} Run `python -m lib.sync once`, or wait for the one that runs.")
    question = replace(question, user=_user(snapshot, question), customer=_customer(snapshot, question))
    if question.user and not _is_asked_for(snapshot.user_by_id[question.user], question):
        raise ReportError("That user is not one of that customer's. Give one of --user and --customer alone.")
    frame = within(snapshot.frame, Scope(user=question.user, customer=question.customer))
    counted = numbers(frame, midnight(question.first, zone), midnight(question.end, zone), snapshot.as_of)
    return Report(question, zone, counted, tuple(row for row in snapshot.listed if _is_asked_for(row, question)))


def _customer(snapshot: WorkspaceSnapshot, question: Question) -> str | Unassigned | None:
    """The customer asked for, as it is spelt; case does not count unless two differ by it alone."""
    asked = question.customer
    if asked is None or asked is UNASSIGNED:
        return asked
    names = {row.customer for row in snapshot.users if row.customer}
    if asked in names:
        return asked
    spelt: dict[str, str | Unassigned] = {UNASSIGNED.value: UNASSIGNED} | {folded(name): name for name in sorted(names)}
    if found := spelt.get(folded(str(asked))):
        return found
    raise ReportError(
        f"No user's customer is called {question.customer!r}. Give a name as the Customers page shows it, "
        f"or {UNASSIGNED.value} for the users who have none."
    )


def _user(snapshot: WorkspaceSnapshot, question: Question) -> str | None:
    """The user asked for."""
    if question.user is None or question.user in snapshot.user_by_id:
        return question.user
    raise ReportError(
        f"Recall has never listed a user with the id {question.user!r}. Give the id that Recall itself uses; "
        "it stands in the address of the user's page."
    )


def _is_asked_for(row: UserRow, question: Question) -> bool:
    return question.user in (None, row.user.id) and fits(row.customer, question.customer)


def _figures(part: Upcoming | InProgress | Ended, names: Sequence[str]) -> Json:
    found = {name: getattr(part, name) for name in names}
    return {name: figure.value if isinstance(figure, Rate) else figure for name, figure in found.items()}
