"""The teams of one customer, most misses first."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from lib.coverage.breakdown import BreakdownGroup, breakdown
from lib.coverage.scope import Dimension, Scope
from lib.queries.shared_cache import remembered, view_of
from lib.queries.workspace import WorkspaceSnapshot
from lib.store.users import UserRow
from lib.ui.customers.standing import Standing, period_of
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.tables import number_column, show_plain_table, text_column
from lib.ui.words.formats import fraction, one_line, percent, plural


def show_teams(known: WorkspaceSnapshot, standing: Standing, people: Sequence[UserRow], as_of: datetime) -> None:
    """The table; nothing where no user is in a team."""
    if not any(row.team for row in people):
        return
    groups = _groups(known, Scope(customer=standing.asked), as_of)
    st.subheader("Teams", anchor=False)
    frame = pd.DataFrame(
        {
            "team": ["(no team)" if group.name is None else one_line(group.name) for group in groups],
            "missed": [group.missed for group in groups],
            "coverage": [percent(group.coverage.value) for group in groups],
            "held": [fraction(group.recorded, group.held) for group in groups],
            "ahead": [group.upcoming_missed for group in groups],
        }
    )
    columns = {
        "team": text_column("Team", 240),
        "missed": number_column("Missed", 80),
        "coverage": text_column("Coverage", 100),
        "held": text_column("Recorded of held", 140),
        "ahead": number_column("Coming, no bot", 120),
    }
    show_plain_table(frame, columns, alt=f"{plural(len(groups), 'team')}, most misses first")
    st.caption("A meeting of users of two teams counts for both.")


def _groups(known: WorkspaceSnapshot, scope: Scope, as_of: datetime) -> tuple[BreakdownGroup, ...]:
    zone = report_zone()
    return remembered(
        known,
        ("teams", scope, zone.key),
        lambda: breakdown(view_of(known, scope, period_of(as_of, zone)), Dimension.TEAM),
    )
