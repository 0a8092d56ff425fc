"""The customers in a table, most that can be acted on first; a row opens the customer."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from lib.export import Table
from lib.staff.accounts import StaffMember
from lib.ui.coverage.where import main_reason_cells, main_reason_words
from lib.ui.customers.address import open_customer
from lib.ui.customers.standing import WEEKS, Standing
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.download import show_download
from lib.ui.widgets.tables import BY_KEYBOARD, number_column, show_table, text_column
from lib.ui.widgets.theme import palette
from lib.ui.words.basis import COLUMN, IN_TABLES
from lib.ui.words.formats import fraction, one_line, plural

_HEADS = (
    "Customer",
    "Can act on",
    "Off by choice",
    "Missed",
    "At risk",
    "Calendars lost",
    "Calendars",
    "Users",
    "Coverage",
    "Recorded",
    "Held",
    "Main reason",
    COLUMN,
    "Owner",
)
_CAN_ACT = "Missed for a reason that somebody can act on, or whose cause is unknown: the table is ordered by it."
_BY_CHOICE = "Missed because rules or people excluded them: nobody has to act."


def show_ranking(rows: Sequence[Standing], owners: Mapping[str, str], member: StaffMember) -> None:
    """The table with its heading and its download."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Most that can be acted on first", anchor=False, width="content")
        show_download(lambda: table_of(rows, owners), "customers", member, key="customers")
    columns = {
        "customer": text_column("Customer", 138),
        "actionable": number_column("Can act on", 72, _CAN_ACT),
        "by_choice": number_column("Off by choice", 84, _BY_CHOICE),
        "missed": number_column("Missed", 56),
        "at_risk": number_column("At risk", 52),
        "lost": text_column("Lost cal.", 58),
        "coverage": st.column_config.ProgressColumn(
            "Coverage", width=60, min_value=0, max_value=100, format=" ", color=palette().primary
        ),
        "recorded": text_column("Of held", 82),
        "weeks": st.column_config.BarChartColumn(
            "Missed a week", width=97, y_min=0, y_max=_most_a_week(rows), color=palette().muted
        ),
        "why": text_column("Main reason", 167, IN_TABLES),
    }
    show_table(
        _frame(rows),
        columns,
        key="customers_table",
        alt=f"{plural(len(rows), 'customer')}, most that can be acted on first",
        grey=("by_choice",),
        on_pick=lambda picked: open_customer(rows[picked[0]].name) if picked and picked[0] < len(rows) else None,
        most_rows=12,
    )
    inferred = f" {IN_TABLES}" if any(row.group and row.group.main_is_inferred for row in rows) else ""
    st.caption(f"Select a row to open the customer.{inferred}", help=BY_KEYBOARD)


def table_of(rows: Sequence[Standing], owners: Mapping[str, str]) -> Table:
    """The rows as a file, where who has no customer has an empty cell: a customer may be called whatever we say."""
    return Table(_HEADS, [_cells(row, owners) for row in rows])


def name_words(row: Standing) -> str:
    """What people call it. Text from outside: for cells alone."""
    return customer_words(row.name)


def _cells(row: Standing, owners: Mapping[str, str]) -> tuple[str | int | float | None, ...]:
    return (
        one_line(row.name),
        row.actionable,
        row.by_choice,
        row.missed,
        row.at_risk,
        row.calendars.lost,
        row.calendars.known,
        row.users,
        row.coverage.value,
        row.coverage.numerator,
        row.coverage.denominator,
        *main_reason_cells(row.group),
        owners.get(row.name or ""),
    )


def _frame(rows: Sequence[Standing]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer": [name_words(row) for row in rows],
            "actionable": [row.actionable for row in rows],
            "by_choice": [row.by_choice for row in rows],
            "missed": [row.missed for row in rows],
            "at_risk": [row.at_risk for row in rows],
            "lost": [fraction(row.calendars.lost, row.calendars.known) for row in rows],
            "coverage": [None if row.coverage.value is None else row.coverage.value * 100 for row in rows],
            "recorded": [fraction(row.coverage.numerator, row.coverage.denominator) for row in rows],
            "weeks": [list(row.weeks) for row in rows],
            "why": [main_reason_words(row.group) for row in rows],
        }
    )


def _most_a_week(rows: Sequence[Standing]) -> int:
    """The height of a full bar, the same in every row."""
    return max((max(row.weeks, default=0) for row in rows), default=0) or WEEKS
