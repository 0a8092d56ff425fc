"""The grids: one way to draw them, and chips that say a state in a word, a sign and a colour."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lib.ui.server.streamlit_internals import ColumnConfig
from lib.ui.widgets.table import BY_KEYBOARD, MOST_ROWS_SEEN, NO_TITLE, ROW_PIXELS, follow_rows, places_of, select_rows
from lib.ui.widgets.theme import palette
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import zone_city

__all__ = [
    "BY_KEYBOARD",
    "NO_TITLE",
    "chip_column",
    "number_column",
    "select_rows",
    "show_cells",
    "show_plain_table",
    "show_table",
    "starts_column",
    "text_column",
]


def chip_column(head: str, width: int, words: Sequence[str]) -> ColumnConfig:
    """A column of chips: each cell is a list of one word. The place of a word in `words` decides its colour."""
    return st.column_config.MultiselectColumn(head, width=width, options=list(words), color="auto")


def text_column(head: str, width: int, help: str | None = None) -> ColumnConfig:
    """A column of plain text: whatever stands in a cell is shown as it is, never as markup. `help` is in our words."""
    return st.column_config.TextColumn(head, width=width, help=help)


def number_column(head: str, width: int, help: str | None = None) -> ColumnConfig:
    """A column of counts. `help` is in our words."""
    return st.column_config.NumberColumn(head, width=width, format="localized", help=help)


def starts_column(head: str = "Starts") -> ColumnConfig:
    """A column of instants, shown in the viewer's zone, which the head names once."""
    zone = viewer_zone()
    return st.column_config.DatetimeColumn(
        f"{head} ({zone_city(zone)})", width=124, format="ddd D MMM, HH:mm", timezone=zone.key
    )


def show_table(
    frame: pd.DataFrame,
    columns: dict[str, ColumnConfig],
    *,
    key: str,
    alt: str,
    on_pick: Callable[[list[int]], None] | None = None,
    most_rows: int = MOST_ROWS_SEEN,
    many: bool = False,
    names: Sequence[str] | None = None,
    grey: Sequence[str] = (),
) -> list[int]:
    """Draw `frame` with only `columns`, in their order; answers the positions of the selected rows: with `many` any
    number of them, else one or none.

    `on_pick` is called with them before the next run, whenever the selection changes. `alt` says in a sentence what the
    table holds. At most `most_rows` are seen without scrolling. With `names`, one for each row, a selection stays with
    its rows when others come or go; without, with their places. The columns `grey` are muted.
    """
    if names is not None:
        follow_rows(key, tuple(names))
    shown: Any = frame.style.set_properties(subset=list(grey), color=palette().muted) if grey else frame
    event: Any = st.dataframe(
        shown,
        key=key,
        height=_height(len(frame), most_rows),
        hide_index=True,
        column_order=list(columns),
        column_config=columns,
        on_select=(lambda: on_pick(places_of(st.session_state[key]))) if on_pick else "rerun",
        selection_mode="multi-row" if many else "single-row",
        alt=alt,
    )
    return [row for row in places_of(event) if row < len(frame)]


def show_cells(
    frame: pd.DataFrame,
    columns: dict[str, ColumnConfig],
    *,
    key: str,
    alt: str,
    on_pick: Callable[[tuple[int, str] | None], None],
    most_rows: int = MOST_ROWS_SEEN,
) -> None:
    """Draw `frame` as `show_table` does, one cell of which can be selected: `on_pick` gets its row and its column."""

    def picked() -> None:
        cells: Any = st.session_state[key]["selection"]["cells"]
        on_pick((int(cells[0][0]), str(cells[0][1])) if cells else None)

    st.dataframe(
        frame,
        key=key,
        height=_height(len(frame), most_rows),
        hide_index=True,
        column_order=list(columns),
        column_config=columns,
        on_select=picked,
        selection_mode="single-cell",
        alt=alt,
    )


def show_plain_table(
    frame: pd.DataFrame, columns: dict[str, ColumnConfig], *, alt: str, most_rows: int = MOST_ROWS_SEEN
) -> None:
    """Draw `frame` as `show_table` does, for reading only."""
    st.dataframe(
        frame,
        height=_height(len(frame), most_rows),
        hide_index=True,
        column_order=list(columns),
        column_config=columns,
        alt=alt,
    )


def _height(rows: int, most_rows: int) -> int:
    return ROW_PIXELS * (min(rows, most_rows) + 1) + 2
