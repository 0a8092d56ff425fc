"""What somebody typed in a tab whose session ended: put aside while they sign in again, and back where it stood.

It stays in that tab's memory on the server. Another person who signs in there gets nothing of it.
"""

from collections.abc import Iterator
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

SECRET = "secret:"  # noqa: S105 - how keys begin
"""How the keys of fields begin that hold a password: these are never kept."""
_KEPT = "desk_drafts"
_CAN_BE_SET = frozenset(
    {"string_value", "string_array_value", "bool_value", "int_value", "int_array_value", "double_value"}
    | {"double_array_value"}
)
"""Kinds of values that a script may put into a field. Buttons and files are none of them."""


def put_drafts_aside() -> None:
    """Keep the value of every field that has a key, once, before a run that draws none of them."""
    if _KEPT not in st.session_state:
        st.session_state[_KEPT] = {key: st.session_state[key] for key in _fields() if key in st.session_state}


def put_drafts_back() -> None:
    """Before the page is drawn: every field has what was put aside."""
    kept: dict[str, Any] = st.session_state.pop(_KEPT, {})
    for key, value in kept.items():
        st.session_state[key] = value


def _fields() -> Iterator[str]:
    """Keys of the fields that were drawn. Streamlit has no name in public for what kind of value a field holds, and
    answers to one it cannot set by refusing the whole page."""
    context = get_script_run_ctx()
    if context is None:
        return
    state = context.session_state._state
    for widget, key in state._key_id_mapper.id_key_mapping.items():
        kind = state._new_widget_state.widget_metadata.get(widget)
        if kind is not None and kind.value_type in _CAN_BE_SET and not key.startswith(SECRET):
            yield key
