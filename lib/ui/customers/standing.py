"""How each customer stands, worked out once for everybody who looks: misses, what is at risk, calendars lost."""

from collections import Counter
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
class Calendars:
    """The calendars of some users."""

    lost: int
    """Connected once and not now, those left out that were disconnected here."""
    known: int
    """Connected now, or lost."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One customer, or all users without one. Its name is text from outside."""

    name: str | None
    """None: the users without a customer."""
    users: int
    """Those listed now."""
    calendars: Calendars
    group: BreakdownGroup | None
    """Its meetings of the period; None where there were none."""
    weeks: tuple[int, ...]
    """Missed in each of the last weeks, from Monday, this one last."""
    at_risk: int
    """External meetings of the next days that no bot will join, those off by choice left out."""
    soon: int
    """Of these, the ones of the next 24 hours."""

    @property
    def missed(self) -> int:
        """Held in the period and not recorded."""
        return self.group.missed if self.group else 0

    @property
    def coverage(self) -> Rate:
        """Recorded of held."""
        return self.group.coverage if self.group else coverage(0, 0)

    @property
    def actionable(self) -> int:
        """Of the missed, those that somebody can act on, or whose cause is unknown."""
        return self.group.actionable if self.group else 0

    @property
    def by_choice(self) -> int:
        """Of the missed, those that rules or people excluded."""
        return self.group.by_choice if self.group else 0

    @property
    def asked(self) -> str | Unassigned:
        """What a scope names to count it alone."""
        return asked_of(self.name)


def standings(known: WorkspaceSnapshot, zone: tzinfo) -> tuple[Standing, ...]:
    """Every customer with a listed user or a meeting, most that can be acted on first; those without one come last.

    The workspace has an `as_of`.
    """
    return remembered(known, ("standings", str(zone)), lambda: _standings(known, zone))


def period_of(as_of: datetime, zone: tzinfo) -> Period:
    """The last 30 days."""
    return last_days(as_of, PERIOD_DAYS, zone)


def calendars_of(rows: Iterable[UserRow]) -> Calendars:
    """The calendars of these users."""
    lost = connected = 0
    for row in rows:
        lost += len(row.user.lost)
        connected += len(row.user.connected)
    return Calendars(lost, lost + connected)


def users_by_customer(known: WorkspaceSnapshot) -> Mapping[str | None, tuple[UserRow, ...]]:
    """The listed users of each customer."""
    return remembered(known, "users by customer", lambda: _users_by_customer(known))


def _users_by_customer(known: WorkspaceSnapshot) -> Mapping[str | None, tuple[UserRow, ...]]:
    found: dict[str | None, list[UserRow]] = {}
    for row in known.listed:
        found.setdefault(row.customer, []).append(row)
    return {customer: tuple(rows) for customer, rows in found.items()}


def _standings(known: WorkspaceSnapshot, zone: tzinfo) -> tuple[Standing, ...]:
    as_of = _as_of(known)
    groups = {
        group.name: group for group in breakdown(view_of(known, Scope(), period_of(as_of, zone)), Dimension.CUSTOMER)
    }
    weeks, missed = _weeks(known, zone)
    ahead, soon = _ahead(known)
    people = users_by_customer(known)
    names = {*people, *groups}
    found = [
        Standing(
            name=name,
            users=len(people.get(name, ())),
            calendars=calendars_of(people.get(name, ())),
            group=groups.get(name),
            weeks=missed.get(name, (0,) * weeks),
            at_risk=ahead[name],
            soon=soon[name],
        )
        for name in names
    ]
    return tuple(sorted(found, key=_most_to_act_on_first))


def _most_to_act_on_first(standing: Standing) -> tuple[bool, int, int, int, int, str]:
    return (
        standing.name is None,
        -standing.actionable,
        -standing.missed,
        -standing.at_risk,
        -standing.calendars.lost,
        standing.name or "",
    )


def _weeks(known: WorkspaceSnapshot, zone: tzinfo) -> tuple[int, Mapping[str | None, tuple[int, ...]]]:
    as_of = _as_of(known)
    monday = first_day(as_of.astimezone(zone).date(), Bucket.WEEK) - timedelta(weeks=WEEKS - 1)
    period = Period(midnight(monday, zone), period_of(as_of, zone).to)
    days, missed = missed_over_time(view_period(known.frame, period, as_of), Dimension.CUSTOMER, Bucket.WEEK, zone)
    return len(days), missed


def _ahead(known: WorkspaceSnapshot) -> tuple[Counter[str | None], Counter[str | None]]:
    """Meetings at risk by customer: in the next days, and in the next 24 hours."""
    as_of, frame = _as_of(known), known.frame
    rows = at_risk(frame, as_of, AHEAD_DAYS).unbooked.rows
    names = [*words(frame, "customer"), None]
    customers = [names[code] for code in codes(frame, "customer")[rows].tolist()]
    is_soon = instants(frame, "start")[rows] <= np.datetime64(utc_instant(as_of + timedelta(days=1)))
    return Counter(customers), Counter(name for name, soon in zip(customers, is_soon.tolist(), strict=True) if soon)


def _as_of(known: WorkspaceSnapshot) -> datetime:
    if known.as_of is None:
        raise ValueError("no pass is complete yet")
    return known.as_of
