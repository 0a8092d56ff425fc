"""Who is signed in and what they may do: checked on every run, at every click and in every fragment.

A callback runs before the script and its guard, a fragment without either. So a callback that changes something begins
with `authorize`, and a fragment with `require_session`. What a page does by itself is no activity of its user: it uses
`rerun_unattended`.
"""

from typing import NoReturn

import streamlit as st

from lib.bootstrap import desk
from lib.errors import StoreError
from lib.staff import sessions
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, role_needed_for
from lib.staff.sessions import Session
from lib.ui.sign_in.session_cookie import session_cookie

_TAB = "desk_tab"
"""The account that this tab was last drawn for, as it was then."""
_BY_ITSELF, _REFUSED = "desk_by_itself", "desk_refused"


def session_of_run() -> Session | None:
    """The session at the start of a run; None when nobody is signed in. A run that somebody clicked for counts as
    activity.

    A tab that comes back with another person's cookie forgets what was typed or shown in it before.
    """
    by_itself = st.session_state.pop(_BY_ITSELF, False)
    session = current_session(seen=not by_itself)
    if session is not None:
        before: StaffMember | None = st.session_state.get(_TAB)
        if before is not None and before.name != session.staff.name:
            st.session_state.clear()
        st.session_state[_TAB] = session.staff
    return session


def tab_owner() -> str | None:
    """Name of the account that this tab was last drawn for."""
    member: StaffMember | None = st.session_state.get(_TAB)
    return member.name if member else None


def current_session(*, seen: bool = False) -> Session | None:
    """The session in force that the browser's cookie names."""
    cookie = session_cookie()
    return (
        sessions.find(desk().store, cookie, limits=sessions.limits_of(desk().settings), seen=seen) if cookie else None
    )


def current_member() -> StaffMember | None:
    """The staff member who is signed in, as the store has them now; None when nobody is."""
    session = current_session()
    return session.staff if session else None


def authorize(permission: Permission) -> StaffMember | None:
    """Who clicked, if they may do it now: the first call in a callback. None: do nothing, for the next run shows the
    sign-in or says why."""
    try:
        session = current_session(seen=True)
    except StoreError as problem:
        st.session_state[_REFUSED] = str(problem)
        return None
    if session is None:
        return None
    if not session.staff.may(permission):
        st.session_state[_REFUSED] = f"This needs the role {role_needed_for(permission).title()}. Nothing was changed."
        return None
    return session.staff


def require_session(*, clicked: bool = False) -> Session:
    """The session that a fragment is drawn for: the first call in it. `clicked`: only a click makes the fragment run.

    When the session is over or the account has changed, the whole page is rerun instead.
    """
    session = current_session(seen=clicked)
    if session is None or session.staff != st.session_state.get(_TAB, session.staff):
        rerun_unattended()
    return session


def rerun_unattended() -> NoReturn:
    """Rerun the page without counting it as activity."""
    st.session_state[_BY_ITSELF] = True
    st.rerun()


def show_refusal() -> None:
    """Say, once, that the last click needed a right that this person does not have any more."""
    if sentence := st.session_state.pop(_REFUSED, None):
        st.warning(sentence, icon=":material/lock:")


def require(permission: Permission) -> StaffMember:
    """The guard that every page begins with: whoever may not see the page reads why, and the run stops."""
    member = current_member()
    if member is None:
        st.info("Sign in to see this page.", icon=":material/lock:")
        st.stop()
    if not member.may(permission):
        st.info(
            f"This page needs the role {role_needed_for(permission).title()}. Ask an admin.", icon=":material/lock:"
        )
        st.stop()
    return member
