"""What was typed in a tab whose session ended: put aside while its owner signs in again, then back in its fields.

It stays in that tab's memory on the server. Another person who signs in there gets nothing of it.

Streamlit's `persist_state` is no substitute. It keeps a value whenever its field is not drawn, so that the name typed
to confirm a deletion would be there the next time; and tables, whose chosen rows are kept here too, do not have it.
"""

from typing import Any

import streamlit as st

from lib.ui.server.streamlit_internals import keys_of_fields

SECRET = "secret:"  # noqa: S105 - how keys begin
"""How the keys of fields begin that hold a password: these are never kept."""
_DRAFTS = "desk_drafts"


def put_drafts_aside() -> None:
    """Keep the value of every field that has a key, once, before a run that draws none of them."""
    if _DRAFTS not in st.session_state:
        kept = [key for key in keys_of_fields() if not key.startswith(SECRET)]
        st.session_state[_DRAFTS] = {key: st.session_state[key] for key in kept}


def put_drafts_back() -> None:
    """Give every field what was put aside. Call it before the page is drawn."""
    kept: dict[str, Any] = st.session_state.pop(_DRAFTS, {})
    for key, value in kept.items():
        st.session_state[key] = value
