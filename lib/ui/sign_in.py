"""Signing in and out. streamlit-authenticator gives the form and checks the password; the server keeps the session."""

import logging
import secrets
from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit_authenticator import Authenticate

from lib.bootstrap import desk
from lib.errors import StoreError
from lib.staff import accounts, sessions
from lib.ui.demo_hint import show_demo_hint
from lib.ui.session_cookie import exchange_ticket, give_cookie_back

log = logging.getLogger(__name__)

FORM_WIDTH = 440

_FIELDS = {"Form name": "Sign in", "Username": "Name", "Password": "Password", "Login": "Sign in"}
_PRESSED = "FormSubmitter:sign_in-Sign in"
"""Where Streamlit keeps whether the form's button was pressed in this run."""
_STATE_OF_THE_FORM = ("authentication_status", "username", "name", "email", "roles", "logout")


def show_sign_in() -> None:
    """The sign-in form; after a right password, the exchange of a one-time ticket for the session cookie."""
    with st.container(horizontal_alignment="center"), st.container(width=FORM_WIDTH):
        st.title("Coverage Desk", anchor=False)
        _show_form()
        show_demo_hint()


def _show_form() -> None:
    known = accounts.credentials(desk().store)
    form = _form(known)
    try:
        form.login(fields=_FIELDS, key="sign_in")
    except Exception:  # it reads a cookie that anybody may have written, and raises whatever that causes
        log.warning("the sign-in form refused what the browser sent", exc_info=True)
        st.error("The sign-in could not be read. Clear this site's cookies and try again.", icon=":material/error:")
        return
    if st.session_state.get("authentication_status"):
        name = str(st.session_state["username"])
        _forget_the_form()
        exchange_ticket(sessions.mint_ticket(desk().store, name))
        st.caption("Signing you in…")
    elif st.session_state.get(_PRESSED) and st.session_state.get("authentication_status") is None:
        st.error("Type your name and your password.", icon=":material/error:")
    elif st.session_state.get("authentication_status") is False:
        st.error("This name and password do not match an account. Try again, or ask an admin.", icon=":material/error:")
        if st.session_state.get(_PRESSED):
            _tell_of_refusal(known)


def sign_out() -> None:
    """End the session on the server, then show the sign-in. Call it where the run may end."""
    give_cookie_back()
    st.caption("Signing you out…")
    st.stop()


def _tell_of_refusal(known: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """The authenticator counts wrong passwords in `known`, account by account: so nothing that was typed is looked at,
    which may be a password in the place of a name."""
    missed = (name for name, account in known["usernames"].items() if account.get("failed_login_attempts"))
    try:
        sessions.refused(desk().store, next(missed, None))
    except StoreError as problem:
        log.warning("A refused sign-in could not be kept: %s", problem)


def _form(known: dict[str, dict[str, dict[str, Any]]]) -> Authenticate:
    # Its own cookie is readable by scripts and survives a sign-out, so it keeps none here (lifetime 0), and the frame
    # it would use for that is taken away again. It looks for one all the same, and raises at some that it finds: under
    # a name that nobody can guess there is none. The key signs nothing that we accept.
    slot = st.empty()
    with slot:
        form = Authenticate(
            known,
            cookie_name=secrets.token_hex(16),
            cookie_key=secrets.token_hex(32),
            cookie_expiry_days=0,
            auto_hash=False,
            login_sleep_time=0,
        )
    slot.empty()
    return form


def _forget_the_form() -> None:
    for key in _STATE_OF_THE_FORM:
        st.session_state.pop(key, None)
