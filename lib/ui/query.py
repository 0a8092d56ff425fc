"""The address: every query parameter is read and written here, and read as untrusted text."""

import re

import streamlit as st

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LONGEST = 300


def asked_user() -> str | None:
    """Recall's id of the user in the address (`?user=`), in lower case; None when there is none.

    Text that is no uuid comes back cut but otherwise as it is, so that the page can say that nobody is found.
    """
    asked = st.query_params.get("user", "")[:_LONGEST].strip()
    return (asked.lower() if _UUID.fullmatch(asked) else asked) or None


def open_user(user_id: str) -> None:
    """Show this user: the address becomes `?user=`, so that a colleague can open the same."""
    st.query_params["user"] = user_id


def close_user() -> None:
    """Back to the list of users, keeping the search."""
    for name in ("user", "section"):
        st.query_params.pop(name, None)


def open_page(name: str) -> None:
    """Switch to a page by its address, keeping the query."""
    from lib.ui.navigation import PAGES

    st.switch_page(PAGES / f"{name}.py", query_params=st.query_params.to_dict())
