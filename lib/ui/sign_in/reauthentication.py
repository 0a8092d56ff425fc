"""The password, asked for again before what cannot be taken back and before changes of many users."""

import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.errors import SignInLocked, StaffError
from lib.staff import sessions
from lib.staff.accounts import StaffMember
from lib.ui.sign_in.credentials import door, locked_words
from lib.ui.sign_in.drafts import SECRET
from lib.ui.sign_in.provider_button import proof_by_provider
from lib.ui.sign_in.session_cookie import session_cookie


def show_proof(member: StaffMember, *, key: str) -> None:
    """The field, above the button that it is for; nothing where the password was typed a moment ago."""
    with desk().store.read() as connection:
        if sessions.proven(connection, member.session, now=utc_now()):
            return
    if not sessions.has_password(desk().store, member.name):
        st.caption(":material/lock: To confirm this, sign in once more, then go on here. That counts for five minutes.")
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
    """In the callback of that button, before the command: what was typed counts, and is kept nowhere.

    Raises `StaffError` with what to tell. Where nothing was typed, the command itself says that it is needed.
    """
    if typed := str(st.session_state.get(_key(key)) or ""):
        st.session_state[_key(key)] = ""
        try:
            sessions.verify(desk().store, session_cookie(), typed, door())
        except SignInLocked as lock:
            raise StaffError(locked_words(lock)) from None


def _key(key: str) -> str:
    return f"{SECRET}proof:{key}"
