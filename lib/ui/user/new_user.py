"""A new calendar user, made on purpose: its external id is typed twice."""

import streamlit as st

from lib.bootstrap import desk
from lib.commands.connect_links import LONGEST_ID, make_new_user
from lib.errors import DeskError
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.sign_in.access import acting, watching
from lib.ui.widgets.notices import show_problem
from lib.ui.widgets.query_params import open_user

_OPEN, _PROBLEM, _FIRST, _AGAIN = "new_user_open", "new_user_problem", "new_user_id", "new_user_again"


def offer_new_user(member: StaffMember) -> None:
    """The button, for those who may. A new user belongs to no customer yet, so only who sees everything sees it."""
    if member.may(Permission.CONNECTIONS_WRITE) and member.sight.is_everything:
        st.button("New calendar user", icon=":material/person_add:", type="tertiary", on_click=_open, key="new_user")


def show_new_user() -> None:
    """The dialog, while it is open: a page that draws itself anew meanwhile keeps it."""
    if st.session_state.get(_OPEN):
        _ask()


def _open() -> None:
    st.session_state.pop(_PROBLEM, None)
    st.session_state[_OPEN] = True


def _close() -> None:
    st.session_state.pop(_OPEN, None)


@st.dialog("New calendar user", icon=":material/person_add:", on_dismiss=_close)
def _ask() -> None:
    watching(clicked=True)
    if not st.session_state.get(_OPEN):  # done: the page of the new user is to be shown
        st.rerun()
    st.markdown(
        "Your product makes calendar users by itself. Make one here only for somebody it does not know yet: **a second "
        "user for one person sends two bots.**"
    )
    words = "The id that the person has in your product, for ever and letter by letter. Never an email: those change."
    st.text_input("External id", key=_FIRST, max_chars=LONGEST_ID, help=words, autocomplete="off")
    st.text_input("The same external id again", key=_AGAIN, max_chars=LONGEST_ID, autocomplete="off")
    if "@" in str(st.session_state.get(_FIRST, "")):
        st.warning("This looks like an email. When it changes, the person is a second user.", icon=":material/mail:")
    if isinstance(problem := st.session_state.get(_PROBLEM), DeskError):
        show_problem(problem)
    st.button("Make this user", icon=":material/person_add:", on_click=_make, key="confirm_new_user")


def _make() -> None:
    """A click is answered before the page's own guard is: who clicks is asked anew."""
    if (member := acting(Permission.CONNECTIONS_WRITE)) is None:
        return
    first, again = (str(st.session_state.get(key, "")) for key in (_FIRST, _AGAIN))
    try:
        made = make_new_user(desk().store, desk().recall, member, first, again)
    except DeskError as problem:
        st.session_state[_PROBLEM] = problem
        return
    st.session_state.pop(_PROBLEM, None)
    _close()
    open_user(made.id)
