"""What the sections of the Coverage page have in common: a heading, a chart, and the same rows as a table."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from lib.ui.widgets.download import show_download
from lib.ui.widgets.open_rows import close_rows, open_rows, selection_key
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.table import BY_KEYBOARD, Columns, show_table, table_of

R = TypeVar("R")


def section_head(title: str, *, name: str) -> bool:
    """A heading with the switch from its chart to the same rows as a table; answers whether the table is wanted."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(title, anchor=False, width="content")
        return st.toggle("Table", key=f"{name}_as_table", help="The same rows as a table, each opening what it counts.")


def show_rows_table(
    shown: Shown,
    rows: Sequence[R],
    columns: Columns[R],
    *,
    kind: str,
    opens: Callable[[R], str | None],
    alt: str,
) -> None:
    """A table whose rows open what they count, `opens` of `kind`; None where there is nothing."""

    def pick(row: R | None) -> None:
        what = opens(row) if row is not None else None
        if what is None:
            close_rows(kind)
        else:
            open_rows(kind, what)

    show_table(rows, columns, key=selection_key(f"{shown.page}_{kind}"), alt=alt, on_pick=pick)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption("Select a row to open its meetings.", help=BY_KEYBOARD, width="content")
        show_download(lambda: table_of(rows, columns), kind, shown.member, key=f"{shown.page}_{kind}")
