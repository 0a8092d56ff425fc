"""What the sections of the pages share: a heading, a chart, its rows as a table, and the meetings behind a figure."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import streamlit as st

from lib.coverage.drilldown import Drilldown, MeetingRows, drill_down
from lib.queries.selection import Selection
from lib.ui.widgets.download import show_download
from lib.ui.widgets.meeting_rows import Opened, show_rows
from lib.ui.widgets.open_rows import asked_rows, close_rows, open_rows, selection_key
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.table import BY_KEYBOARD, Columns, show_table, table_of
from lib.ui.words.formats import count

R = TypeVar("R")


def section_head(title: str, *, name: str) -> bool:
    """A heading with the switch between its chart and its table; answers whether the table is wanted."""
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
    """A table whose rows open their meetings, as `kind` and what `opens` answers in the address (None: no meetings)."""

    def pick(row: R | None) -> None:
        what = opens(row) if row is not None else None
        if what is None:
            close_rows(kind)
        else:
            open_rows(kind, what)

    show_table(rows, columns, key=selection_key(f"{shown.page}_{kind}"), alt=alt, on_pick=pick)
    show_table_foot(shown, "Select a row to open its meetings.", rows, columns, kind, key=f"{shown.page}_{kind}")


def show_table_foot(shown: Shown, hint: str, rows: Sequence[R], columns: Columns[R], name: str, *, key: str) -> None:
    """Under a table: what selecting a row does, and the download of its rows."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(hint, help=BY_KEYBOARD, width="content")
        show_download(lambda: table_of(rows, columns), name, shown.member, key=key)


def show_openers(
    shown: Shown, kind: str, counts: Mapping[str, tuple[str, int]], behind: Callable[[str], Opened]
) -> None:
    """Buttons such as "Missed · 321" for `counts` (figure: name and number), and the meetings of the open one.

    `behind` answers the meetings behind a figure.
    """
    with st.container(horizontal=True, gap="small"):
        for figure, (name, number) in counts.items():
            st.button(
                f"{name} · {count(number)}",
                key=f"{shown.page}_{kind}_{figure}",
                type="tertiary",
                icon=":material/list:",
                disabled=not number,
                on_click=open_rows,
                args=(kind, figure),
                help="Open these meetings.",
            )
    figure = asked_rows(kind) or ""
    if figure in counts:
        name, _ = counts[figure]
        show_rows(shown.known, shown.member, name, behind(figure), key=f"{shown.page}_{kind}_behind")


def opened(selection: Selection, name: object, rows: Callable[[], MeetingRows]) -> Opened:
    """The meetings that `rows` answers, worked out once for this selection and `name`."""
    return selection.remembered(("behind", name), lambda: Opened.of(rows()))


def opened_of(selection: Selection, what: Drilldown) -> Opened:
    """The meetings behind a figure."""
    return opened(selection, what, lambda: drill_down(selection.view, what))
