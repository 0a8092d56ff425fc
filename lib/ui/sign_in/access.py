"""Who is looking, and what they may do: asked anew on every run, at every click and by every fragment.

A callback runs before the script and its guard, a fragment without either. So a callback that has something done
begins with `acting`, and a fragment with `watching`. What a page does by itself is no sign that anybody is there: it
draws itself anew by `look_again`.
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
"""For whom this tab is drawn: as the account stood at the last whole run."""
_BY_ITSELF, _REFUSED = "desk_by_itself", "desk_refused"


def arrive() -> Session | None:
    """At the begin of a run: the session of whoever looks, None for a stranger. A run that somebody clicked for counts
    as a sign of life.

    A tab that comes back with another person's cookie keeps nothing of what was typed or shown in it before.
    """
    by_itself = st.session_state.pop(_BY_ITSELF, False)
    session = current_session(seen=not by_itself)
    if session is not None:
        before: StaffMember | None = st.session_state.get(_TAB)
        if before is not None and before.name != session.staff.name:
            st.session_state.clear()
        st.session_state[_TAB] = session.staff
    return session


def whose_tab() -> str | None:
    """Name of the person for whom this tab was drawn last."""
    member: StaffMember | None = st.session_state.get(_TAB)
    return member.name if member else None


def current_session(*, seen: bool = False) -> Session | None:
    """The session in force that the browser's cookie names."""
    cookie = session_cookie()
    return sessions.who(desk().store, cookie, limits=sessions.limits_of(desk().settings), seen=seen) if cookie else None


def current_member() -> StaffMember | None:
    """The signed-in staff member as the store knows them now; None for a stranger."""
    session = current_session()
    return session.staff if session else None


def acting(permission: Permission) -> StaffMember | None:
    """Who clicked, if they may do it now: the first thing in a callback. None: do nothing, for the run that follows
    shows the sign-in, or says why."""
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


def watching(*, clicked: bool = False) -> Session:
    """The session for which a fragment is drawn: the first thing in it. `clicked`: it runs only by a click in it.

    When the session is over, or the account is not as it was, the whole page is drawn anew and the fragment is left.
    """
    session = current_session(seen=clicked)
    if session is None or session.staff != st.session_state.get(_TAB, session.staff):
        look_again()
    return session


def look_again() -> NoReturn:
    """Draw the page anew without anybody's doing."""
    st.session_state[_BY_ITSELF] = True
    st.rerun()


def show_refusal() -> None:
    """Say, once, that the last click was for something this person may not do any more."""
    if sentence := st.session_state.pop(_REFUSED, None):
        st.warning(sentence, icon=":material/lock:")


def require(permission: Permission) -> StaffMember:
    """The guard that every page begins with: whoever may not look sees why, and nothing else runs."""
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
