"""Where meetings are missed: by customer, team, user, platform, calendar platform, internal or external, or host."""

from functools import partial

import streamlit as st

from lib.coverage.breakdown import BreakdownGroup, group_view
from lib.coverage.drilldown import Figure, drill_down
from lib.coverage.scope import Dimension
from lib.queries.coverage_figures import groups_by
from lib.recording.reason import Basis
from lib.recording.time_part import TimePart
from lib.ui.coverage.section import opened, show_rows_table
from lib.ui.widgets.choices import choose
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.filter_row import platform_words
from lib.ui.widgets.meeting_rows import show_rows
from lib.ui.widgets.open_rows import asked_rows, close_rows
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.table import Columns, file_column, number_column, text_column
from lib.ui.words import basis
from lib.ui.words.formats import NOTHING, count, fraction, one_line, percent
from lib.ui.words.scope import name_of, word_of

KIND = "where"
MOST_GROUPS = 200
DIMENSIONS = {
    Dimension.CUSTOMER.value: "By customer",
    Dimension.TEAM.value: "By team",
    Dimension.USER.value: "By user",
    Dimension.PLATFORM.value: "By platform",
    Dimension.CALENDAR.value: "By calendar platform",
    Dimension.EXTERNAL.value: "By internal or external",
    Dimension.HOSTED.value: "By host",
}
_HEADS = {
    Dimension.CUSTOMER: "Customer",
    Dimension.TEAM: "Team",
    Dimension.USER: "User",
    Dimension.PLATFORM: "Platform",
    Dimension.CALENDAR: "Calendar",
    Dimension.EXTERNAL: "External",
    Dimension.HOSTED: "Host",
}
_WORDS = {
    "external": "External",
    "internal": "Internal",
    "hosted": "The user hosts",
    "guest": "Somebody else hosts",
}
_FORMERLY = "unknown"
"""The former word in the address for the group without a name."""


def show_where(shown: Shown) -> None:
    """The groups of the chosen dimension, most missed first; customers by what can be acted on."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Where", anchor=False, width="content")
        dimension = Dimension(choose("Where", DIMENSIONS, name=KIND, style="list", width=220))
    groups = groups_by(shown.selection, dimension)
    listed = groups[:MOST_GROUPS]
    if asked_rows(KIND) is not None and not (asked_rows(KIND) or "").startswith(f"{dimension.value}:"):
        close_rows(KIND)
    show_rows_table(
        shown,
        listed,
        columns_of(shown, dimension),
        kind=KIND,
        opens=lambda group: f"{dimension.value}:{word_of(group.name)}",
        alt=f"Where meetings are missed, {DIMENSIONS[dimension.value].lower()}, {_order(dimension)}",
    )
    if len(groups) > len(listed):
        st.caption(f"The first {len(listed)} of {count(len(groups))}, {_order(dimension)}.")
    if any(group.main_is_inferred for group in listed):
        st.caption(basis.IN_TABLES)


def show_where_rows(shown: Shown) -> None:
    """The missed meetings of the open group, if one is open."""
    found, _, word = (asked_rows(KIND) or "").partition(":")
    if found not in DIMENSIONS:
        return
    dimension, name = Dimension(found), name_of(word)
    names = {group.name for group in groups_by(shown.selection, dimension)}
    if name == _FORMERLY and name not in names:
        name = None
    if name in names:
        missed = Figure(TimePart.ENDED, "missed")
        group = partial(group_view, shown.selection.view, dimension, name)
        behind = opened(shown.selection, (dimension, name), lambda: drill_down(group(), missed))
        title = f"Missed, {DIMENSIONS[found][0].lower()}{DIMENSIONS[found][1:]}"
        show_rows(shown.known, shown.member, title, behind, key=f"{shown.page}_{KIND}_behind")


def group_words(shown: Shown, dimension: Dimension, name: str | None) -> str:
    """The label of a group. Text from outside: for cells only."""
    if dimension in (Dimension.CUSTOMER, Dimension.TEAM):
        return customer_words(name)
    if name is None:
        return "(unknown)"
    if dimension is Dimension.USER:
        row = shown.known.user_by_id.get(name)
        return one_line(row.user.label) if row else name
    return _WORDS[name] if dimension in (Dimension.EXTERNAL, Dimension.HOSTED) else platform_words(name)


def main_reason_words(group: BreakdownGroup | None) -> str:
    """Why most of its meetings were missed: "~ Internal meetings are off" where that is inferred."""
    if group is None or group.main_reason is None:
        return NOTHING
    return basis.marked(group.main_reason.label, _basis(group))


def main_reason_cells(group: BreakdownGroup | None) -> tuple[str, str]:
    """The main reason and its basis in a file; both empty where there is none."""
    if group is None or group.main_reason is None:
        return "", ""
    return group.main_reason.label, str(_basis(group))


def _basis(group: BreakdownGroup) -> Basis:
    return Basis.INFERRED if group.main_is_inferred else Basis.OBSERVED


def _order(dimension: Dimension) -> str:
    is_customers = dimension is Dimension.CUSTOMER
    return "most that can be acted on first" if is_customers else "most missed first"


def columns_of(shown: Shown, dimension: Dimension) -> Columns[BreakdownGroup]:
    """The columns of one dimension's groups."""

    def name(group: BreakdownGroup) -> str:
        return group_words(shown, dimension, group.name)

    return {
        "name": text_column(
            _HEADS[dimension], 126, name, export=lambda group: "" if group.name is None else name(group)
        ),
        "can_act": number_column("Can act on", 72, lambda group: group.actionable),
        "missed": number_column("Missed", 56, lambda group: group.missed),
        "coverage": text_column("Coverage", 66, lambda group: percent(group.coverage.value)),
        "held": text_column(
            "Of held", 78, lambda group: fraction(group.coverage.numerator, group.coverage.denominator)
        ),
        "why": text_column(
            "Main reason",
            180,
            main_reason_words,
            help=basis.IN_TABLES,
            export=lambda group: main_reason_cells(group)[0],
        ),
        "basis": file_column(basis.COLUMN, lambda group: main_reason_cells(group)[1]),
    }
