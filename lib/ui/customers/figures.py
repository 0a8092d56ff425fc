"""The figures of several customers together: calendars lost, misses that can be acted on, all misses, and risks."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from lib.bootstrap import desk
from lib.coverage.rates import FEWEST_FOR_CHANGE
from lib.queries.customer_summary import AHEAD_DAYS, PERIOD_DAYS, CustomerSummary
from lib.queries.customer_totals import CustomerTotals
from lib.queries.recent_observations import calendars_net_lost
from lib.queries.workspace import WorkspaceSnapshot
from lib.ui.coverage.figures import show_rate
from lib.ui.widgets.definitions import LOWER_BOUND
from lib.ui.words.basis import counted
from lib.ui.words.formats import count

_LOST = (
    "Calendars that were connected once and that Recall can no longer read: their meetings cannot be seen. "
    f"The change is calendars lost minus calendars found in the last {PERIOD_DAYS} days."
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


def show_figures(
    known: WorkspaceSnapshot, rows: Sequence[CustomerSummary], totals: CustomerTotals, *, with_coverage: bool = False
) -> None:
    """Four figures, each with its fraction; a fifth is the coverage."""
    names = frozenset(row.name for row in rows)
    lost, calendars = sum(row.calendars.lost for row in rows), sum(row.calendars.known for row in rows)
    at_risk, last, before = sum(row.at_risk for row in rows), totals.numbers.ended, totals.before.ended
    comparable = min(last.held, before.held) >= FEWEST_FOR_CHANGE
    with st.grid(5 if with_coverage else 4, min_column_width=165):
        if with_coverage:
            show_rate(
                "Coverage",
                last.coverage,
                before.coverage,
                help_=f"Recorded of held meetings of the last {PERIOD_DAYS} days. {LOWER_BOUND}",
            )
        _show(
            "Calendars lost",
            "link_off",
            lost,
            f"of {count(calendars)}",
            _LOST,
            calendars_net_lost(desk().store, known, names),
        )
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
