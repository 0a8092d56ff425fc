"""A button whose click is acted on where it is drawn, with what is chosen in that very run.

A callback would be given what was chosen when the page was drawn before. A plain `if st.button(...)` is given what is
chosen now, but forgets its click when the page draws itself anew on the way there, as newer data makes it do
(`lib.ui.widgets.status_strip`). So the click is noted in the tab by a callback, and taken where the button stands.
"""

from time import monotonic
from typing import Any

import streamlit as st

_NOTE = "clicked:"
WAITS_SECONDS = 10.0
"""A click whose button was gone meanwhile is not acted on when the button comes back later."""


def clicked(label: str, *, key: str, disabled: bool = False, **look: Any) -> bool:
    """Draw a button; whether it was clicked and the click still waits to be acted on. `look`: as `st.button` has it."""
    note = f"{_NOTE}{key}"
    st.button(label, key=key, disabled=disabled, on_click=_note, args=(note,), **look)
    at: float | None = st.session_state.pop(note, None)
    return at is not None and not disabled and monotonic() - at < WAITS_SECONDS


def forget_clicks() -> None:
    """No click waits any more: it was told that nothing was changed, and nothing may be later by itself."""
    for key in [key for key in st.session_state if isinstance(key, str) and key.startswith(_NOTE)]:
        del st.session_state[key]


def _note(note: str) -> None:
    st.session_state[note] = monotonic()
