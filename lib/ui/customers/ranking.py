"""The customers in a table, most that can be acted on first; a row opens the customer."""

from collections.abc import Mapping, Sequence

import streamlit as st

from lib.queries.customer_summary import WEEKS, CustomerSummary
from lib.staff.accounts import StaffMember
from lib.ui.coverage.where import main_reason_cells, main_reason_words
from lib.ui.customers.address import open_customer
from lib.ui.server.streamlit_internals import ColumnConfig
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.download import show_download
from lib.ui.widgets.table import (
    BY_KEYBOARD,
    Column,
    Columns,
    file_column,
    number_column,
    show_table,
    table_of,
    text_column,
)
from lib.ui.widgets.theme import palette
from lib.ui.words.basis import COLUMN, IN_TABLES
from lib.ui.words.formats import fraction, one_line, plural

_CAN_ACT = "Missed for a reason that somebody can act on, or for an unknown cause: the table is ordered by it."
_BY_CHOICE = "Missed because rules or people excluded them: nobody has to act."


def show_ranking(rows: Sequence[CustomerSummary], owners: Mapping[str, str], member: StaffMember) -> None:
    """The table with its heading and its download."""
    columns = columns_of(rows, owners)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Most that can be acted on first", anchor=False, width="content")
        show_download(lambda: table_of(rows, columns), "customers", member, key="customers")
    show_table(
        rows,
        columns,
        key="customers_table",
        alt=f"{plural(len(rows), 'customer')}, most that can be acted on first",
        grey=("by_choice",),
        on_pick=lambda row: open_customer(row.name) if row else None,
        most_rows=12,
    )
    inferred = f" {IN_TABLES}" if any(row.group and row.group.main_is_inferred for row in rows) else ""
    st.caption(f"Select a row to open the customer.{inferred}", help=BY_KEYBOARD)


def columns_of(rows: Sequence[CustomerSummary], owners: Mapping[str, str]) -> Columns[CustomerSummary]:
    """The columns. `owners` names the owner of each customer that has one.

    In a file, the cell of the users without a customer is empty: a customer may have any name that a label has.
    """
    return {
        "customer": text_column(
            "Customer", 138, lambda row: customer_words(row.name), export=lambda row: one_line(row.name)
        ),
        "actionable": number_column("Can act on", 72, lambda row: row.actionable, help=_CAN_ACT),
        "by_choice": number_column("Off by choice", 84, lambda row: row.by_choice, help=_BY_CHOICE),
        "missed": number_column("Missed", 56, lambda row: row.missed),
        "at_risk": number_column("At risk", 52, lambda row: row.at_risk),
        "lost": text_column(
            "Lost cal.", 58, lambda row: fraction(row.calendars.lost, row.calendars.known), in_file=False
        ),
        "calendars_lost": file_column("Calendars lost", lambda row: row.calendars.lost),
        "calendars": file_column("Calendars", lambda row: row.calendars.known),
        "users": file_column("Users", lambda row: row.users),
        "coverage": Column("Coverage", 60, _coverage_bar, _percents, lambda row: row.coverage.value),
        "recorded": text_column(
            "Of held", 82, lambda row: fraction(row.coverage.numerator, row.coverage.denominator), in_file=False
        ),
        "meetings_recorded": file_column("Recorded", lambda row: row.coverage.numerator),
        "meetings_held": file_column("Held", lambda row: row.coverage.denominator),
        "weeks": _weeks_column(rows),
        "why": text_column(
            "Main reason",
            167,
            lambda row: main_reason_words(row.group),
            help=IN_TABLES,
            export=lambda row: main_reason_cells(row.group)[0],
        ),
        "basis": file_column(COLUMN, lambda row: main_reason_cells(row.group)[1]),
        "owner": file_column("Owner", lambda row: owners.get(row.name or "")),
    }


def _coverage_bar(head: str, width: int) -> ColumnConfig:
    return st.column_config.ProgressColumn(
        head, width=width, min_value=0, max_value=100, format=" ", color=palette().primary
    )


def _percents(rows: Sequence[CustomerSummary]) -> list[float | None]:
    return [None if row.coverage.value is None else row.coverage.value * 100 for row in rows]


def _weeks_column(rows: Sequence[CustomerSummary]) -> Column[CustomerSummary]:
    """A small bar chart in each row; a full bar has the same height in all of them."""
    most = max((max(row.weeks, default=0) for row in rows), default=0) or WEEKS

    def config(head: str, width: int) -> ColumnConfig:
        return st.column_config.BarChartColumn(head, width=width, y_min=0, y_max=most, color=palette().muted)

    return Column("Missed a week", 97, config, lambda rows: [list(row.weeks) for row in rows])
