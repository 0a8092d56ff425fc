"""Under figures: a button for each of the counts that they are made of, which opens its meetings."""

from collections.abc import Callable, Mapping

import streamlit as st

from lib.ui.widgets.meeting_rows import Opened, show_rows
from lib.ui.widgets.open_rows import asked_rows, open_rows
from lib.ui.widgets.page_head import Shown
from lib.ui.words.formats import count


def show_openers(
    shown: Shown, kind: str, counts: Mapping[str, tuple[str, int]], opened: Callable[[str], Opened]
) -> None:
    """Buttons such as "Missed · 321", by figure what it is called and how many there are; and what is open of them.

    `opened` answers the meetings behind a figure.
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
        show_rows(shown.known, shown.member, name, opened(figure), key=f"{shown.page}_{kind}_behind")
