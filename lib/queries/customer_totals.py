"""The numbers of several customers together, over the last 30 days and the days to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from lib.coverage.columns import codes, instants, words
from lib.coverage.inferred_reasons import rule_agreement
from lib.coverage.numbers import numbers, rows_between
from lib.coverage.period import Period
from lib.coverage.period_view import view_period
from lib.coverage.scope import Scope, within
from lib.queries.coverage_figures import PeriodFigures
from lib.queries.customer_summary import AHEAD_DAYS, CustomerSummary, last_30_days
from lib.queries.selection import rules_first_seen
from lib.queries.shared_cache import remembered
from lib.queries.workspace import WorkspaceSnapshot


@dataclass(frozen=True, slots=True)
class CustomerTotals(PeriodFigures):
    """The numbers of several customers together, over the last 30 days."""

    external_ahead: int
    """External recordable meetings of the next days."""


def customer_totals(
    known: WorkspaceSnapshot, rows: Sequence[CustomerSummary], zone: ZoneInfo, as_of: datetime
) -> CustomerTotals:
    """The numbers of these customers together."""
    names = frozenset(row.name for row in rows)
    return remembered(known, ("totals", names, str(zone)), lambda: _totals(known, names, zone, as_of))


def _totals(known: WorkspaceSnapshot, names: frozenset[str | None], zone: ZoneInfo, as_of: datetime) -> CustomerTotals:
    frame = known.frame
    period, ahead = last_30_days(as_of, zone), Period(as_of, as_of + timedelta(days=AHEAD_DAYS))
    theirs = _of_customers(_between(frame, period.before.from_, max(period.to, ahead.to)), names)
    external = within(_between(theirs, ahead.from_, ahead.to), Scope(external=True))
    view = view_period(theirs, period, as_of)
    return CustomerTotals(
        numbers=view.numbers,
        before=numbers(theirs, period.before.from_, period.before.to, as_of),
        external_ahead=numbers(external, ahead.from_, ahead.to, as_of).upcoming.recordable,
        first_seen=rules_first_seen(known, view),
        agreement=rule_agreement(theirs.iloc[view.rows]),
    )


def _between(frame: pd.DataFrame, from_: datetime, to: datetime) -> pd.DataFrame:
    """The entries that start then: of a million, copying all would take longer than counting."""
    return frame.iloc[rows_between(instants(frame, "start"), from_, to)]


def _of_customers(frame: pd.DataFrame, names: frozenset[str | None]) -> pd.DataFrame:
    """The entries of these customers."""
    wanted = [code for code, name in enumerate(words(frame, "customer")) if name in names]
    kept = np.isin(codes(frame, "customer"), [*wanted, *([-1] if None in names else [])])
    return frame if kept.all() else frame.take(np.flatnonzero(kept))
