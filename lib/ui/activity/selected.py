"""Which of all that happened is shown in full: `?act=change-12`, so that a colleague can open the same."""

import streamlit as st

from lib.ui.widgets.query_params import read_word, write_word

NAME = "act"
_CLOSED = "activity_closed"


def asked_entry() -> str | None:
    """What the address names."""
    return read_word(NAME)


def open_entry(key: str | None) -> None:
    """Show it in full, or nothing."""
    write_word(NAME, key)


def close_entry() -> None:
    """Put it away: the table that it was opened from shows no selection any more."""
    st.session_state[_CLOSED] = st.session_state.get(_CLOSED, 0) + 1
    write_word(NAME, None)


def table_key(name: str) -> str:
    """The key of a table: another one after a card was closed, so that the same row can be selected again."""
    return f"{name}_{st.session_state.get(_CLOSED, 0)}"
