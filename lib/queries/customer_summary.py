"""How each customer is doing, counted once for everybody who looks: misses, meetings at risk, calendars lost."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

import numpy as np

from lib.coverage.at_risk import at_risk
from lib.coverage.breakdown import BreakdownGroup, breakdown, missed_over_time
from lib.coverage.columns import codes, instants, words
from lib.coverage.numbers import utc_instant
from lib.coverage.period import Bucket, Period, first_day, last_days, midnight
from lib.coverage.period_view import view_period
from lib.coverage.rates import Rate, coverage
from lib.coverage.scope import Dimension, Scope
from lib.customer import Unassigned, asked_of
from lib.queries.shared_cache import remembered, view_of
from lib.queries.workspace import WorkspaceSnapshot
from lib.store.users import UserRow

PERIOD_DAYS, AHEAD_DAYS, WEEKS = 30, 7, 6


@dataclass(frozen=True, slots=True)
class CalendarCounts:
    """How many calendars some users have."""

    lost: int
    """Once connected and no longer readable; those disconnected in Coverage Desk are not counted."""
    known: int
    """Connected now, or lost."""


@dataclass(frozen=True, slots=True)
class CustomerSummary:
    """One customer, or all users without one. The name is text from outside."""

    name: str | None
    """None: the users without a customer."""
    users: int
    """Users that are listed now."""
    calendars: CalendarCounts
    group: BreakdownGroup | None
    """Its meetings of the last 30 days; None where there were none."""
    weeks: tuple[int, ...]
    """Meetings missed in each of the last weeks (Monday to Sunday), the current week last."""
    at_risk: int
    """External meetings of the next days that no bot will join, apart from those off by choice."""
    soon: int
    """Those of them that start in the next 24 hours."""

    @property
    def missed(self) -> int:
        """Meetings of the last 30 days that were held and not recorded."""
        return self.group.missed if self.group else 0

    @property
    def coverage(self) -> Rate:
        """Recorded of held."""
        return self.group.coverage if self.group else coverage(0, 0)

    @property
    def actionable(self) -> int:
        """Missed meetings that somebody can act on, or whose cause is unknown."""
        return self.group.actionable if self.group else 0

    @property
    def by_choice(self) -> int:
        """Missed meetings that rules or people excluded."""
        return self.group.by_choice if self.group else 0

    @property
    def asked(self) -> str | Unassigned:
        """The value of `Scope.customer` that selects this customer."""
        return asked_of(self.name)

    @property
    def rank(self) -> tuple[bool, int, int, int, int, str]:
        """The key to sort by: most that can be acted on first, the users without a customer last."""
        return (
            self.name is None,
            -self.actionable,
            -self.missed,
            -self.at_risk,
            -self.calendars.lost,
            self.name or "",
        )


def customer_summaries(known: WorkspaceSnapshot, zone: tzinfo) -> tuple[CustomerSummary, ...]:
    """Every customer with a listed user or a meeting, by rank. The workspace has an `as_of`."""
    return remembered(known, ("customer summaries", str(zone)), lambda: _summaries(known, zone))


def last_30_days(as_of: datetime, zone: tzinfo) -> Period:
    """The period that the Customers page counts."""
    return last_days(as_of, PERIOD_DAYS, zone)


def users_by_customer(known: WorkspaceSnapshot) -> Mapping[str | None, tuple[UserRow, ...]]:
    """The listed users of each customer."""

    def work_out() -> Mapping[str | None, tuple[UserRow, ...]]:
        found: dict[str | None, list[UserRow]] = defaultdict(list)
        for row in known.listed:
            found[row.customer].append(row)
        return {customer: tuple(rows) for customer, rows in found.items()}

    return remembered(known, "users by customer", work_out)


def _summaries(known: WorkspaceSnapshot, zone: tzinfo) -> tuple[CustomerSummary, ...]:
    as_of = known.figures_as_of
    by_customer = breakdown(view_of(known, Scope(), last_30_days(as_of, zone)), Dimension.CUSTOMER)
    groups = {group.name: group for group in by_customer}
    weeks, missed = _missed_by_week(known, as_of, zone)
    ahead, soon = _at_risk(known, as_of)
    users = users_by_customer(known)
    found = [
        CustomerSummary(
            name=name,
            users=len(users.get(name, ())),
            calendars=_calendars(users.get(name, ())),
            group=groups.get(name),
            weeks=missed.get(name, (0,) * weeks),
            at_risk=ahead[name],
            soon=soon[name],
        )
        for name in {*users, *groups}
    ]
    return tuple(sorted(found, key=lambda summary: summary.rank))


def _calendars(rows: Iterable[UserRow]) -> CalendarCounts:
    users = [row.user for row in rows]
    lost = sum(len(user.lost) for user in users)
    return CalendarCounts(lost, lost + sum(len(user.connected) for user in users))


def _missed_by_week(
    known: WorkspaceSnapshot, as_of: datetime, zone: tzinfo
) -> tuple[int, Mapping[str | None, tuple[int, ...]]]:
    """How many weeks there are, and the misses of each by customer."""
    monday = first_day(as_of.astimezone(zone).date(), Bucket.WEEK) - timedelta(weeks=WEEKS - 1)
    period = Period(midnight(monday, zone), last_30_days(as_of, zone).to)
    days, missed = missed_over_time(view_period(known.frame, period, as_of), Dimension.CUSTOMER, Bucket.WEEK, zone)
    return len(days), missed


def _at_risk(known: WorkspaceSnapshot, as_of: datetime) -> tuple[Counter[str | None], Counter[str | None]]:
    """Meetings at risk by customer: of the next days, and of the next 24 hours."""
    frame = known.frame
    rows = at_risk(frame, as_of, AHEAD_DAYS).unbooked.rows
    names = [*words(frame, "customer"), None]
    customers = [names[code] for code in codes(frame, "customer")[rows].tolist()]
    is_soon = instants(frame, "start")[rows] <= np.datetime64(utc_instant(as_of + timedelta(days=1)))
    return Counter(customers), Counter(name for name, soon in zip(customers, is_soon.tolist(), strict=True) if soon)
