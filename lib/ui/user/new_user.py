"""The dialog that makes a new calendar user, whose external id is typed twice."""

import streamlit as st

from lib.bootstrap import desk
from lib.commands.connect_links import LONGEST_ID, make_new_user
from lib.errors import DeskError
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.sign_in.access import authorize, require_session
from lib.ui.widgets.notices import show_problem
from lib.ui.widgets.query_params import open_user

_OPEN, _PROBLEM, _ID, _ID_AGAIN = "new_user_open", "new_user_problem", "new_user_id", "new_user_again"


def offer_new_user(member: StaffMember) -> None:
    """The button, for those with the right who see all customers: a new user belongs to no customer yet."""
    if member.may(Permission.CONNECTIONS_WRITE) and member.sight.is_everything:
        st.button("New calendar user", icon=":material/person_add:", type="tertiary", on_click=_open, key="new_user")


def show_new_user() -> None:
    """The dialog, while it is open: the session keeps it open however often the page draws itself anew."""
    if st.session_state.get(_OPEN):
        _ask()


def _open() -> None:
    st.session_state.pop(_PROBLEM, None)
    st.session_state[_OPEN] = True


def _close() -> None:
    st.session_state.pop(_OPEN, None)


@st.dialog("New calendar user", icon=":material/person_add:", on_dismiss=_close)
def _ask() -> None:
    require_session(clicked=True)
    if not st.session_state.get(_OPEN):  # done: the page of the new user is to be shown
        st.rerun()
    st.markdown(
        "Your product makes calendar users by itself. Make one here only if your product does not know the user yet: "
        "**two calendar users for one person send two bots.**"
    )
    words = "The user's permanent id in your product, exactly as spelled there. Never an email: those change."
    st.text_input("External id", key=_ID, max_chars=LONGEST_ID, help=words, autocomplete="off")
    st.text_input("The same external id again", key=_ID_AGAIN, max_chars=LONGEST_ID, autocomplete="off")
    if "@" in str(st.session_state.get(_ID, "")):
        st.warning("This looks like an email. If it changes, a second user results.", icon=":material/mail:")
    if isinstance(problem := st.session_state.get(_PROBLEM), DeskError):
        show_problem(problem)
    st.button("Make this user", icon=":material/person_add:", on_click=_make, key="confirm_new_user")


def _make() -> None:
    """A callback runs before the page's guard, so it checks the permission itself."""
    if (member := authorize(Permission.CONNECTIONS_WRITE)) is None:
        return
    typed, again = (str(st.session_state.get(key, "")) for key in (_ID, _ID_AGAIN))
    try:
        made = make_new_user(desk().context, member, typed, again)
    except DeskError as problem:
        st.session_state[_PROBLEM] = problem
        return
    st.session_state.pop(_PROBLEM, None)
    _close()
    open_user(made.id)
