"""Tables, each declared once: a line a column, from which the grid and the file are made.

A table is a mapping of columns by name, in the order in which they are shown:

    COLUMNS: Columns[UserRow] = {
        "user": text_column("User", 220, lambda row: one_line(row.user.label)),
        "state": chip_column("State", 132, state_words, STATE_CHIPS),
        "customer": text_column("Customer", 150, customer_cell, export=lambda row: row.customer),
        "weeks": text_column("Weeks", 90, weeks_words, in_file=False),
        "read": time_column("Read", lambda row: row.read_at),
        "id": file_column("Id", lambda row: row.user.id),
    }

To add a column, add a line: its head, its width in the grid, and its value for a row. A file has the value that the
grid has, or what `export` answers; a column with `in_file=False` is in the grid alone, a `file_column` in files alone.
`show_table`, `show_plain_table` and `show_cells` draw the rows, `table_of` makes them a table to export. Where a column
depends on the viewer, the role or a snapshot, a function answers the mapping; with fewer names it is a table with fewer
columns. What is worked out for all rows at once is a part of the row, or a `Column` with `cells` of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import pandas as pd
import streamlit as st

from lib.export import Cell, Table, throttled
from lib.ui.server.streamlit_internals import ColumnConfig
from lib.ui.widgets.theme import palette
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import zone_city

R = TypeVar("R")

ROW_PIXELS = 33
"""What the grid makes of a row at our font size of 15."""
MOST_ROWS_SEEN = 10
TIME_WIDTH = 124
NO_TITLE = "(no title)"
BY_KEYBOARD = "By keyboard: Tab to the table, arrow keys to the row, then Shift and Space."


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column. The functions below make the usual kinds."""

    head: str
    width: int = 0
    """In pixels."""
    config: Callable[[str, int], ColumnConfig] | None = None
    """How the grid draws it, by head and width; asked while a page is drawn. None: it is in files alone."""
    cells: Callable[[Sequence[R]], Any] = tuple
    """Its cells in the grid, for all rows."""
    export: Callable[[R], Cell] | None = None
    """Its cell in a file. None: it is in the grid alone."""


Columns: TypeAlias = Mapping[str, Column[R]]


def text_column(
    head: str,
    width: int,
    value: Callable[[R], str | None],
    *,
    help: str | None = None,
    export: Callable[[R], Cell] | None = None,
    in_file: bool = True,
) -> Column[R]:
    """Plain text: whatever is in a cell is shown as it is, never as markup. `help` is in our words."""

    def config(head: str, width: int) -> ColumnConfig:
        return st.column_config.TextColumn(head, width=width, help=help)

    return Column(head, width, config, _each(value), (export or value) if in_file else None)


def number_column(
    head: str,
    width: int,
    value: Callable[[R], float | None],
    *,
    help: str | None = None,
    export: Callable[[R], Cell] | None = None,
    in_file: bool = True,
) -> Column[R]:
    """Counts. `help` is in our words."""

    def config(head: str, width: int) -> ColumnConfig:
        return st.column_config.NumberColumn(head, width=width, format="localized", help=help)

    return Column(head, width, config, _each(value), (export or value) if in_file else None)


def chip_column(
    head: str,
    width: int,
    value: Callable[[R], str],
    words: Sequence[str],
    *,
    export: Callable[[R], Cell] | None = None,
    in_file: bool = True,
) -> Column[R]:
    """Chips of one word each, its colour by its place in `words`."""

    def config(head: str, width: int) -> ColumnConfig:
        return st.column_config.MultiselectColumn(head, width=width, options=list(words), color="auto")

    def cells(rows: Sequence[R]) -> list[list[str]]:
        return [[value(row)] for row in rows]

    return Column(head, width, config, cells, (export or value) if in_file else None)


def time_column(
    head: str,
    value: Callable[[R], Any],
    *,
    width: int = TIME_WIDTH,
    format: str = "ddd D MMM, HH:mm",
    export: Callable[[R], Cell] | None = None,
    in_file: bool = True,
) -> Column[R]:
    """Instants (aware, or None), shown in the viewer's zone, which the head names once."""

    def config(head: str, width: int) -> ColumnConfig:
        zone = viewer_zone()
        label = f"{head} ({zone_city(zone)})"
        return st.column_config.DatetimeColumn(label, width=width, format=format, timezone=zone.key)

    def cells(rows: Sequence[R]) -> pd.DatetimeIndex:
        return pd.DatetimeIndex([value(row) for row in rows], tz="UTC")

    return Column(head, width, config, cells, (export or value) if in_file else None)


def file_column(head: str, value: Callable[[R], Cell]) -> Column[R]:
    """A column of files alone."""
    return Column(head, export=value)


def frame_of(rows: Sequence[R], columns: Columns[R]) -> pd.DataFrame:
    """The rows as the grid has them."""
    return pd.DataFrame({name: column.cells(rows) for name, column in columns.items() if column.config})


def table_of(rows: Sequence[R], columns: Columns[R]) -> Table:
    """The rows as a file has them, gathered slowly where there are many."""
    heads = tuple(column.head for column in columns.values() if column.export)
    exports = [column.export for column in columns.values() if column.export]
    return Table(heads, [tuple(export(row) for export in exports) for row in throttled(rows)])


def show_table(
    rows: Sequence[R],
    columns: Columns[R],
    *,
    key: str,
    alt: str,
    on_pick: Callable[[R | None], None] | None = None,
    most_rows: int = MOST_ROWS_SEEN,
    many: bool = False,
    names: Sequence[str] | None = None,
    grey: Sequence[str] = (),
) -> list[R]:
    """Draw the rows; answers those that are selected: with `many` any number of them, else one or none.

    `on_pick` is called with the selected row (None: none) before the next run, whenever the selection changes. `alt`
    says in a sentence what the table holds. At most `most_rows` are seen without scrolling. With `names`, one for each
    row, a selection stays with its rows when others come or go; without, with their places. The columns `grey` are
    muted.
    """
    if names is not None:
        _follow_rows(key, tuple(names))

    def picked() -> None:
        selected = _selected(rows, st.session_state[key])
        if on_pick:
            on_pick(selected[0] if selected else None)

    event = _draw(
        rows,
        columns,
        most_rows,
        grey,
        key=key,
        on_select=picked if on_pick else "rerun",
        selection_mode="multi-row" if many else "single-row",
        alt=alt,
    )
    return _selected(rows, event)


def show_plain_table(rows: Sequence[R], columns: Columns[R], *, alt: str, most_rows: int = MOST_ROWS_SEEN) -> None:
    """Draw the rows for reading only."""
    _draw(rows, columns, most_rows, alt=alt)


def show_cells(
    rows: Sequence[R],
    columns: Columns[R],
    *,
    key: str,
    alt: str,
    on_pick: Callable[[tuple[R, str] | None], None],
    most_rows: int = MOST_ROWS_SEEN,
) -> None:
    """Draw the rows, one cell of which can be selected: `on_pick` gets its row and the name of its column."""

    def picked() -> None:
        cells: Any = st.session_state[key]["selection"]["cells"]
        is_there = bool(cells) and int(cells[0][0]) < len(rows) and cells[0][1] in columns
        on_pick((rows[int(cells[0][0])], str(cells[0][1])) if is_there else None)

    _draw(rows, columns, most_rows, key=key, on_select=picked, selection_mode="single-cell", alt=alt)


def select_rows(key: str, rows: Sequence[int], names: Sequence[str]) -> None:
    """Select these rows of the table `key`, whose rows have `names`: before it is drawn, or in a callback."""
    st.session_state[key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    st.session_state[f"{key}:names"] = tuple(names)


def _each(value: Callable[[R], object]) -> Callable[[Sequence[R]], list[object]]:
    return lambda rows: [value(row) for row in rows]


def _draw(rows: Sequence[R], columns: Columns[R], most_rows: int, grey: Sequence[str] = (), **how: Any) -> Any:
    frame: Any = frame_of(rows, columns)
    configs = {name: column.config(column.head, column.width) for name, column in columns.items() if column.config}
    return st.dataframe(
        frame.style.set_properties(subset=list(grey), color=palette().muted) if grey else frame,
        height=ROW_PIXELS * (min(len(rows), most_rows) + 1) + 2,
        hide_index=True,
        column_order=list(configs),
        column_config=configs,
        **how,
    )


def _selected(rows: Sequence[R], event: Any) -> list[R]:
    return [rows[place] for place in _places(event) if place < len(rows)]


def _places(event: Any) -> list[int]:
    return [int(row) for row in event["selection"]["rows"]]


def _follow_rows(key: str, names: tuple[str, ...]) -> None:
    """Streamlit keeps the places of selected rows: while data comes in, another row may take such a place."""
    before: tuple[str, ...] = st.session_state.get(f"{key}:names", names)
    st.session_state[f"{key}:names"] = names
    if before != names and key in st.session_state:
        places = {name: place for place, name in enumerate(names)}
        selected = [before[row] for row in _places(st.session_state[key]) if row < len(before)]
        select_rows(key, sorted(places[name] for name in selected if name in places), names)
