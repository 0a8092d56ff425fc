"""How the last decision ended: kept by whoever clicked, and said for a while.

A page is drawn again by itself when Recall was read: what stood on it for one drawing alone could be missed.
"""

from time import monotonic

import streamlit as st

STAYS_SECONDS = 15.0


def say(key: str, worked: bool, sentence: str) -> None:
    """Have a sentence of ours said under this key, in the place of any before it."""
    st.session_state[key] = (monotonic(), worked, sentence)


def show_said(key: str) -> None:
    """Say what was kept under this key, until it has been there for `STAYS_SECONDS`."""
    kept = st.session_state.get(key)
    if kept is None:
        return
    at, worked, sentence = kept
    if monotonic() - at > STAYS_SECONDS:
        del st.session_state[key]
    elif worked:
        st.success(sentence, icon=":material/check_circle:")
    else:
        st.warning(sentence, icon=":material/sync_problem:")
