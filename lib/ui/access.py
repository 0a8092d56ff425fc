"""Who is looking, and what they may do: asked anew on every run, from the session table."""

import streamlit as st

from lib.bootstrap import desk
from lib.staff import sessions
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, role_needed_for
from lib.ui.session_cookie import session_cookie


def current_member() -> StaffMember | None:
    """The signed-in staff member as the store knows them now; None for a stranger."""
    cookie = session_cookie()
    session = sessions.who(desk().store, cookie) if cookie else None
    return session.staff if session else None


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
