"""The query parameters of the address, all read and written here, and read as untrusted text."""

import re
from pathlib import Path

import streamlit as st

PAGES = Path(__file__).parents[3] / "pages"
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LONGEST = 300


def read_word(name: str) -> str | None:
    """The parameter `name`, cut to a sane length; None when it is missing or empty."""
    return st.query_params.get(name, "")[:_LONGEST].strip() or None


def write_word(name: str, word: str | None) -> None:
    """Put the parameter into the address, or take it out (None). Does nothing if it is there already."""
    if word is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != word:
        st.query_params[name] = word


def asked_user() -> str | None:
    """Recall's id of the user in the address (`?user=`); see `asked_id`."""
    return asked_id("user")


def asked_id(name: str) -> str | None:
    """The id that the address names (`?user=`, `?bot=`), in lower case; None when there is none.

    Text that is no uuid comes back as it is, so that the page can say that nothing is found.
    """
    asked = read_word(name)
    return asked.lower() if asked and _UUID.fullmatch(asked) else asked


def open_user(user_id: str) -> None:
    """Show this user: the address becomes `?user=`, so that a colleague can open it too."""
    write_word("user", user_id)


def close_user() -> None:
    """Back to the list of users, with the filters it had."""
    for name in ("user", "section", "list", "only", "act"):
        write_word(name, None)
        st.session_state.pop(name, None)


def open_page(name: str) -> None:
    """Switch to a page by its address, keeping the query."""
    st.switch_page(PAGES / f"{name}.py", query_params=st.query_params.to_dict())


def open_bot_page(bot_id: str) -> None:
    """Switch to the page of one bot."""
    st.switch_page(PAGES / "bots.py", query_params={"bot": bot_id})


def open_user_page(user_id: str) -> None:
    """Switch to the page of one user."""
    st.switch_page(PAGES / "users.py", query_params={"user": user_id})
