"""Sentences for the moments when there is nothing to show, or something went another way."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from lib.customer.sight import Sight
from lib.errors import DeskError, RecallCalendarLost, RecallCalendarUnclear, RecallRejected
from lib.staff.permissions import Permission, role_needed_for
from lib.ui.sign_in.access import authorize

VIEW_ONLY = "You have view-only access."


def view_only(doing: str, permission: Permission) -> str:
    """ "You have view-only access. Setting overrides needs the role Editor. Ask an admin." """
    needed = role_needed_for(permission).title()
    return f"{VIEW_ONLY} {doing} needs the role {needed}. Ask an admin."


def show_problem(problem: DeskError, *, retry: Callable[[], None] | None = None, key: str = "problem") -> None:
    """Say what happened and what to do next. Recall's own words, if any, are shown as plain text."""
    st.error(str(problem), icon=":material/error:")
    if isinstance(problem, RecallRejected | RecallCalendarLost | RecallCalendarUnclear):
        for field, words in problem.fields.items():
            st.text(f"{field}: {' '.join(words)}")
    if retry is not None:
        again = partial(_try_again, retry)
        st.button("Try again", icon=":material/refresh:", on_click=again, key=f"{key}_retry")


def _try_again(retry: Callable[[], None]) -> None:
    if authorize(Permission.USERS_READ):
        retry()


def show_nobody(sight: Sight) -> None:
    """The card where no user can be shown: nobody is listed, or nobody whom this person sees."""
    if sight.customers == frozenset():
        title, why = "You see no customer yet", "An admin assigns customers to you; then their users stand here."
    else:
        whose = "in this workspace" if sight.is_everything else "of the customers that you see"
        title, why = "No calendar users yet", f"Recall lists nobody {whose}."
    show_empty(title, why, ":material/groups:")


def show_empty(
    title: str,
    why: str,
    icon: str,
    *,
    act: str | None = None,
    on_click: Callable[[], None] | None = None,
    key: str = "",
) -> None:
    """A bordered card in the middle: what is missing, why, and one thing that can be done. Our own words only."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.markdown(f"{icon} **{title}**", text_alignment="center", width="content")
        st.caption(why, text_alignment="center", width="content")
        if act and on_click:
            st.button(act, on_click=on_click, key=key or "empty")
