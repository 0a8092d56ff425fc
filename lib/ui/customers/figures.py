"""The figures of some customers together: calendars lost, what can be acted on, meetings missed, and those at risk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import streamlit as st

from lib.coverage.columns import codes, instants, words
from lib.coverage.inferred_reasons import RuleAgreement, rule_agreement
from lib.coverage.misses import Misses
from lib.coverage.numbers import Numbers, ReasonCount, numbers, rows_between
from lib.coverage.period import Period
from lib.coverage.period_view import view_period
from lib.coverage.rates import FEWEST_FOR_CHANGE, change_in_points
from lib.coverage.scope import Scope, within
from lib.queries.shared_cache import remembered
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.time_part import TimePart
from lib.ui.customers.seen import net_lost
from lib.ui.customers.standing import AHEAD_DAYS, PERIOD_DAYS, Standing, period_of
from lib.ui.widgets.definitions import LOWER_BOUND
from lib.ui.words.basis import counted, rules_first_seen
from lib.ui.words.formats import count, fraction, percent

SMALLEST_CHANGE_POINTS = 1.0
_LOST = (
    "Calendars that were connected once and that Recall cannot read now: their meetings cannot be seen. "
    f"The change is of the last {PERIOD_DAYS} days: lost, less found."
)
_MISSED = "Held meetings that no bot recorded, of all held. The change is against the 30 days before."
_AT_RISK = (
    f"External meetings of the next {AHEAD_DAYS} days that no bot will join, of all external ones that could be "
    "recorded. Those off by choice are left out."
)
_CAN_ACT = (
    "Missed meetings that the customer, Recall, the meeting platform or we can do something about, and those whose "
    "cause is unknown. The others are off by choice."
)


@dataclass(frozen=True, slots=True)
class Totals:
    """What is counted of some customers together."""

    last: Numbers
    before: Numbers
    """Of the 30 days before."""
    external_ahead: int
    """External recordable meetings of the next days."""
    first_seen: str
    """When the rules were first seen that reasons are inferred by: "on 26 Oct"."""
    agreement: RuleAgreement
    """How well these rules agree with what happened in the last 30 days."""

    @property
    def reasons(self) -> tuple[ReasonCount, ...]:
        """Why held meetings were missed, the most frequent first."""
        return self.last.reasons_of(TimePart.ENDED)

    @property
    def misses(self) -> Misses:
        """The misses by who can do something about them."""
        return Misses.of(self.reasons)


def totals_of(known: WorkspaceSnapshot, rows: Sequence[Standing], zone: ZoneInfo, as_of: datetime) -> Totals:
    """The numbers of these customers together."""
    names = frozenset(row.name for row in rows)
    return remembered(known, ("totals", names, str(zone)), lambda: _totals(known, names, zone, as_of))


def show_figures(
    known: WorkspaceSnapshot, rows: Sequence[Standing], totals: Totals, *, with_coverage: bool = False
) -> None:
    """Four figures, each with its fraction; a fifth is the coverage."""
    names = frozenset(row.name for row in rows)
    lost, calendars = sum(row.calendars.lost for row in rows), sum(row.calendars.known for row in rows)
    at_risk, last, before = sum(row.at_risk for row in rows), totals.last.ended, totals.before.ended
    comparable = min(last.held, before.held) >= FEWEST_FOR_CHANGE
    with st.grid(5 if with_coverage else 4, min_column_width=165):
        if with_coverage:
            show_coverage(totals)
        _show("Calendars lost", "link_off", lost, f"of {count(calendars)}", _LOST, net_lost(known, names))
        misses = totals.misses
        _show(
            "Can act on",
            "build",
            misses.actionable,
            f"of {count(last.missed)} missed",
            _CAN_ACT,
            inferred=misses.actionable_by_rules,
        )
        change = last.missed - before.missed if comparable else None
        _show(f"Missed, {PERIOD_DAYS} days", "videocam_off", last.missed, f"of {count(last.held)}", _MISSED, change)
        _show(
            f"At risk, {AHEAD_DAYS} days",
            "warning",
            at_risk,
            f"of {count(max(totals.external_ahead, at_risk))} external",
            _AT_RISK,
        )


def _show(
    label: str, icon: str, value: int, of: str, help_: str, change: int | None = None, *, inferred: int = 0
) -> None:
    color: Literal["off", "green", "orange"] = "off" if not change else "orange" if change > 0 else "green"
    st.metric(
        label,
        counted(value, inferred),
        delta=count(abs(change)) if change else None,
        delta_arrow="down" if (change or 0) < 0 else "up",
        delta_color=color,
        delta_description=of,
        icon=f":material/{icon}:",
        border=True,
        height="stretch",
        help=help_,
    )


def show_coverage(totals: Totals) -> None:
    """The share of held meetings that was recorded, with its change."""
    now, before = totals.last.ended.coverage, totals.before.ended.coverage
    points = change_in_points(now, before)
    st.metric(
        "Coverage",
        percent(now.value),
        delta=None if points is None else f"{abs(points):.1f} pts",
        delta_arrow="down" if (points or 0) < 0 else "up",
        delta_color=_of_points(points),
        delta_description=fraction(now.numerator, now.denominator),
        border=True,
        height="stretch",
        help=f"Recorded of held meetings of the last {PERIOD_DAYS} days. {LOWER_BOUND}",
    )


def _of_points(points: float | None) -> Literal["off", "gray", "green", "orange"]:
    if points is None:
        return "off"
    return "gray" if abs(points) < SMALLEST_CHANGE_POINTS else "green" if points > 0 else "orange"


def _totals(known: WorkspaceSnapshot, names: frozenset[str | None], zone: ZoneInfo, as_of: datetime) -> Totals:
    frame = known.frame
    period, ahead = period_of(as_of, zone), Period(as_of, as_of + timedelta(days=AHEAD_DAYS))
    theirs = _of_customers(_between(frame, period.before.from_, max(period.to, ahead.to)), names)
    external = within(_between(theirs, ahead.from_, ahead.to), Scope(external=True))
    seen = view_period(theirs, period, as_of)
    return Totals(
        last=seen.numbers,
        before=numbers(theirs, period.before.from_, period.before.to, as_of),
        external_ahead=numbers(external, ahead.from_, ahead.to, as_of).upcoming.recordable,
        first_seen=rules_first_seen(known, seen, zone),
        agreement=rule_agreement(theirs.iloc[seen.rows]),
    )


def _between(frame: pd.DataFrame, from_: datetime, to: datetime) -> pd.DataFrame:
    """The entries that start then: of a million, copying all would take longer than counting."""
    return frame.iloc[rows_between(instants(frame, "start"), from_, to)]


def _of_customers(frame: pd.DataFrame, names: frozenset[str | None]) -> pd.DataFrame:
    """The entries of these customers."""
    wanted = [code for code, name in enumerate(words(frame, "customer")) if name in names]
    kept = np.isin(codes(frame, "customer"), [*wanted, *([-1] if None in names else [])])
    return frame if kept.all() else frame.take(np.flatnonzero(kept))
