"""Which figure's rows are open: `?rows=reason:no_link`, in the address like a filter, so that a link opens them too."""

import streamlit as st

from lib.ui.widgets.query_params import read_word, write_word

_NAME = "rows"
_CLOSED = "rows_closed"


def asked_rows(kind: str) -> str | None:
    """What is open of `kind`, such as "no_link" for `?rows=reason:no_link`; None if nothing is."""
    found, colon, what = (read_word(_NAME) or "").partition(":")
    return what if colon and found == kind else None


def open_rows(kind: str, what: str) -> None:
    """Open the rows behind a figure. `what` may hold text from outside: whoever reads it looks it up."""
    write_word(_NAME, f"{kind}:{what}")


def close_rows(kind: str | None = None) -> None:
    """Close what is open, or only what is open of `kind`."""
    if kind is None or asked_rows(kind) is not None:
        write_word(_NAME, None)


def close_card() -> None:
    """Close what is open by its own button."""
    clear_selections()
    close_rows()


def clear_selections() -> None:
    """Have the tables whose selection opens something show none: the same row can then be selected again."""
    st.session_state[_CLOSED] = st.session_state.get(_CLOSED, 0) + 1


def selection_key(key: str) -> str:
    """The key of a table whose selection opens something: another one after `clear_selections`."""
    closed = st.session_state.get(_CLOSED, 0)
    return f"{key}_{closed}" if closed else key
