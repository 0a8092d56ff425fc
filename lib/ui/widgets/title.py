"""The head of a page: the title at the left, what can be done at the right."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from lib.staff.permissions import Permission
from lib.ui.sign_in.access import acting


def show_head(title: str, *, on_read_again: Callable[[], None], more: Callable[[], None] | None = None) -> None:
    """A title in our own words, and the one action every page has; `more` draws others before it."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(title, anchor=False, width="content")
        with st.container(horizontal=True, width="content"):
            if more is not None:
                more()
            again = partial(_read_again, on_read_again)
            st.button(
                "Refresh from Recall", icon=":material/refresh:", on_click=again, key="read_again", type="tertiary"
            )


def _read_again(do: Callable[[], None]) -> None:
    if acting(Permission.USERS_READ):
        do()
