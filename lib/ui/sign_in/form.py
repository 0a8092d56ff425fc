"""Signing in and out. streamlit-authenticator draws the form and checks the password; the server keeps the session."""

import logging
import secrets

import streamlit as st
from streamlit_authenticator import Authenticate

from lib.bootstrap import desk
from lib.errors import SignInLocked, StaffError, StoreError
from lib.staff import accounts, sessions
from lib.staff.accounts import StaffMember
from lib.staff.demo import DEMO_ACCOUNTS
from lib.staff.demo import PASSWORD as DEMO_PASSWORD
from lib.ui.server.streamlit_internals import key_of_submit
from lib.ui.sign_in.credentials import Credentials, PasswordCheck, client, lock_message
from lib.ui.sign_in.drafts import SECRET
from lib.ui.sign_in.provider_button import offer_provider, proof_by_provider
from lib.ui.sign_in.session_cookie import exchange_ticket, give_cookie_back, session_cookie

log = logging.getLogger(__name__)

FORM_WIDTH = 440

_FIELDS = {"Form name": "Sign in", "Username": "Name", "Password": "Password", "Login": "Sign in"}
_PRESSED = key_of_submit("sign_in", "Sign in")
_STATE_OF_THE_FORM = ("authentication_status", "username", "name", "email", "roles", "logout")
_WHY_SIGNED_OUT = "Sessions end after inactivity, and after some hours. **What you typed is still here:**"
_AGAIN, _PROBLEM = f"{SECRET}sign_in_again", "sign_in_problem"


def show_sign_in() -> None:
    """The sign-in form. After the right password the browser exchanges a one-time ticket for the session cookie."""
    with st.container(horizontal_alignment="center"), st.container(width=FORM_WIDTH):
        st.title("Coverage Desk", anchor=False)
        # With a provider there may be no passwords at all, and a form for one would mislead.
        if not offer_provider() or accounts.credentials(desk().store):
            _show_form()
        if desk().settings.uses_own_sandbox:
            _show_demo_accounts()


def _show_demo_accounts() -> None:
    with st.container(border=True):
        st.markdown(":material/science: **Sandbox: invented data, no real customer is touched.**")
        names = ", ".join(f"`{account.name}`" for account in DEMO_ACCOUNTS)
        st.caption(f"Sign in as {names}; the password is `{DEMO_PASSWORD}` for each.")


def who_may_go_on(tab_of: str | None) -> StaffMember | None:
    """Whose session expired in the tab drawn for `tab_of`; they continue once they prove who they are.

    None: nobody's, or that of somebody who has no way to prove it.
    """
    if tab_of is None:
        return None
    member = sessions.expired_owner(desk().store, session_cookie())
    if member is None or member.name != tab_of:
        return None
    by_provider = desk().settings.provider_name is not None
    return member if by_provider or sessions.has_password(desk().store, member.name) else None


def show_sign_in_again(member: StaffMember) -> None:
    """What a tab shows whose session expired: its owner continues there by the password alone, or after a sign-in at
    the provider in another tab."""
    with st.container(horizontal_alignment="center"), st.container(width=FORM_WIDTH):
        st.title("Coverage Desk", anchor=False)
        if sessions.has_password(desk().store, member.name):
            _show_password_alone(member)
        else:
            _show_provider_alone(member)
        if problem := st.session_state.pop(_PROBLEM, None):
            st.error(problem, icon=":material/error:")
        st.button(
            "Sign in as someone else",
            type="tertiary",
            on_click=_forget_this_tab,
            help="What was typed here is discarded.",
            key="somebody_else",
        )


def _show_password_alone(member: StaffMember) -> None:
    with st.form("sign_in_again"):
        st.subheader("You were signed out", anchor=False)
        st.markdown(f"{_WHY_SIGNED_OUT} with your password you continue where you were.")
        st.text(f"Name: {member.name}")
        st.text_input("Password", type="password", key=_AGAIN, autocomplete="current-password")
        st.form_submit_button("Continue", on_click=_go_on)


def _show_provider_alone(member: StaffMember) -> None:
    with st.container(border=True):
        st.subheader("You were signed out", anchor=False)
        st.markdown(f"{_WHY_SIGNED_OUT} sign in again in another tab, then continue where you were.")
        st.text(f"Name: {member.name}")
        with st.container(horizontal=True):
            proof_by_provider()
            st.button("Continue", key="go_on_after_provider")


def sign_out() -> None:
    """End the session on the server, then show the sign-in. The run ends here."""
    give_cookie_back()
    st.caption("Signing you out…")
    st.stop()


def renew_session(field: str) -> str | None:
    """Renew the session of this tab with the password typed in `field`, which is cleared. Answers what to say when it
    failed."""
    typed = str(st.session_state.get(field) or "")
    st.session_state[field] = ""
    if not typed:
        return "Type your password."
    try:
        sessions.renew(desk().store, session_cookie(), typed, client())
    except SignInLocked as lock:
        return lock_message(lock)
    except (StaffError, StoreError) as problem:
        return str(problem)
    return None


def _go_on() -> None:
    if problem := renew_session(_AGAIN):
        st.session_state[_PROBLEM] = problem


def _forget_this_tab() -> None:
    sessions.end(desk().store, session_cookie())
    st.session_state.clear()


def _show_form() -> None:
    credentials = Credentials(desk().store, client())
    form = _form(credentials)
    try:
        form.login(fields=_FIELDS, key="sign_in", max_login_attempts=credentials.attempts)
    except SignInLocked as lock:
        st.error(lock_message(lock), icon=":material/lock_clock:")
        return
    except StoreError as problem:
        st.error(str(problem), icon=":material/error:")
        return
    except Exception:  # the library reads a cookie that anybody may have written, and raises whatever that causes
        log.warning("the sign-in form refused what the browser sent", exc_info=True)
        st.error("The sign-in could not be read. Clear this site's cookies and try again.", icon=":material/error:")
        return
    status, was_pressed = st.session_state.get("authentication_status"), st.session_state.get(_PRESSED)
    if status:
        name = str(st.session_state["username"])
        _clear_form_state()
        credentials.accept(name)
        exchange_ticket(sessions.mint_ticket(desk().store, name))
        st.caption("Signing you in…")
    elif was_pressed and status is None:
        st.error("Type your name and your password.", icon=":material/error:")
    elif status is False and not was_pressed:
        st.error(_REFUSED, icon=":material/error:")
    elif status is False:
        _tell_of_refusal(credentials)


_REFUSED = "This name and password do not match an account. Try again, or ask an admin."


def _tell_of_refusal(credentials: Credentials) -> None:
    """Say what is said of any name, whether or not it has an account, and record the attempt."""
    if credentials.locked_until:
        st.error(lock_message(SignInLocked(credentials.locked_until)), icon=":material/lock_clock:")
    else:
        st.error(_REFUSED, icon=":material/error:")
    try:
        credentials.refuse()
    except StoreError as problem:
        log.warning("A refused sign-in could not be kept: %s", problem)


def _form(credentials: Credentials) -> Authenticate:
    # Its own cookie is readable by scripts and survives a sign-out, so it keeps none here (lifetime 0), and the frame
    # it would use for that is taken away again. It looks for one all the same, and raises at some that it finds: under
    # a name that nobody can guess there is none. The key signs nothing that we accept.
    slot = st.empty()
    with slot:
        form = Authenticate(
            {"usernames": {}},
            cookie_name=secrets.token_hex(16),
            cookie_key=secrets.token_hex(32),
            cookie_expiry_days=0,
            auto_hash=False,
            login_sleep_time=0,
        )
    slot.empty()
    form.authentication_controller.authentication_model = PasswordCheck(credentials)
    return form


def _clear_form_state() -> None:
    for key in _STATE_OF_THE_FORM:
        st.session_state.pop(key, None)
