"""Flash messages: how the last command of a button ended, kept in the tab of whoever clicked and shown for a while.

A page is drawn again by itself when Recall was read: what was on it for one drawing alone could be missed. `run` is how
a button's callback has a command done, `keep` is for any other message, and `show` draws what is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import streamlit as st

from lib.errors import DeskError
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.sign_in.access import authorize
from lib.ui.widgets.notices import show_problem

STAYS_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Flash:
    """A message as it is kept."""

    worked: bool
    message: str | DeskError
    about: object
    at: float


def keep(key: str, message: str | DeskError, *, worked: bool = True, about: object = None) -> None:
    """Keep a sentence of ours under this key, in the place of any before it; it is shown where `about` is the same.
    A `DeskError` is shown with Recall's own words."""
    st.session_state[key] = Flash(worked, message, about, monotonic())


def is_kept(key: str, *, about: object = None) -> bool:
    """Whether a message about this is kept under this key."""
    found: Flash | None = st.session_state.get(key)
    return found is not None and found.about == about


def clear(key: str) -> None:
    """Keep nothing under this key."""
    st.session_state.pop(key, None)


def run(
    key: str, permission: Permission, command: Callable[[StaffMember], str | None], *, about: object = None
) -> None:
    """Have a command done for whoever clicked, as the store knows them now and if they may; keep the sentence that it
    answers (None: nothing is to be said), or why it did not work."""
    if (member := authorize(permission)) is None:
        return
    clear(key)
    try:
        if sentence := command(member):
            keep(key, sentence, about=about)
    except DeskError as problem:
        keep(key, str(problem), worked=False, about=about)


def show(key: str, *, about: object = None, until_dismissed: bool = False) -> None:
    """Show what is kept about this: for `STAYS_SECONDS`, or until it is dismissed."""
    found: Flash | None = st.session_state.get(key)
    if found is None or not is_kept(key, about=about):
        return
    if not until_dismissed and monotonic() - found.at > STAYS_SECONDS:
        clear(key)
        return
    if isinstance(found.message, DeskError):
        show_problem(found.message, key=key)
    elif found.worked:
        st.success(found.message, icon=":material/check_circle:")
    else:
        st.warning(found.message, icon=":material/sync_problem:")
    if until_dismissed:
        st.button("Dismiss", type="tertiary", on_click=clear, args=(key,), key=f"{key}_dismiss")
