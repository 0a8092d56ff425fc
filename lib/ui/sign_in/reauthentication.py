"""The password, asked for again before deletions and changes of many users."""

import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.errors import SignInLocked, StaffError
from lib.staff import sessions
from lib.staff.accounts import StaffMember
from lib.ui.sign_in.credentials import client, lock_message
from lib.ui.sign_in.drafts import SECRET
from lib.ui.sign_in.provider_button import proof_by_provider
from lib.ui.sign_in.session_cookie import session_cookie


def show_proof(member: StaffMember, *, key: str) -> None:
    """The field, above the button that needs it; nothing if the password was typed within five minutes."""
    with desk().store.read() as connection:
        if sessions.proven(connection, member.session, now=utc_now()):
            return
    if not sessions.has_password(desk().store, member.name):
        st.caption(":material/lock: To confirm this, sign in again, then continue here. That counts for five minutes.")
        proof_by_provider()
        return
    st.text_input(
        "Your password",
        type="password",
        key=_key(key),
        autocomplete="current-password",
        help="It is asked for again before deletions and changes of many users, and then counts for five minutes.",
    )


def prove(key: str) -> None:
    """Check what was typed, in the callback of that button before its command. It is kept nowhere.

    Raises `StaffError` with what to say. When nothing was typed, the command itself says that it is needed.
    """
    if typed := str(st.session_state.get(_key(key)) or ""):
        st.session_state[_key(key)] = ""
        try:
            sessions.verify(desk().store, session_cookie(), typed, client())
        except SignInLocked as lock:
            raise StaffError(lock_message(lock)) from None


def _key(key: str) -> str:
    return f"{SECRET}proof:{key}"
