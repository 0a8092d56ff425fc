"""How the last decision ended: kept by whoever clicked, said once at the next drawing."""

import streamlit as st


def say(key: str, worked: bool, sentence: str) -> None:
    """Have a sentence of ours said under this key."""
    st.session_state[key] = (worked, sentence)


def show_said(key: str) -> None:
    """Say what was kept under this key, once."""
    said = st.session_state.pop(key, None)
    if said is None:
        return
    worked, sentence = said
    if worked:
        st.success(sentence, icon=":material/check_circle:")
    else:
        st.warning(sentence, icon=":material/sync_problem:")
