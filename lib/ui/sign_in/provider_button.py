"""Signing in at an OpenID provider, as pages offer it: above the form, and to prove again who one is.

The browser first tells the server which page it is on, query included; then `st.login` redirects it.
"""

import streamlit as st

from lib.bootstrap import desk
from lib.ui.server.script_files import script
from lib.ui.sign_in.provider_routes import AGAIN, TOLD_COOKIE
from lib.ui.sign_in.provider_words import sentence
from lib.ui.widgets.theme import main_button

_LEAVING = "leaving_for_provider"


def offer_provider() -> bool:
    """The button for the provider, and why the last try failed. Answers whether there is a provider."""
    name = desk().settings.provider_name
    if name is None:
        return False
    is_leaving = st.session_state.get(_LEAVING, False)
    told = sentence(st.context.cookies.get(TOLD_COOKIE, ""), provider=name, contact=desk().settings.oidc_contact)
    if told and not is_leaving:
        st.error(told, icon=":material/error:")
    st.button(
        f"Sign in with {name}",
        type=main_button(),
        width="stretch",
        icon=":material/login:",
        key="sign_in_by_provider",
        on_click=_leave,
    )
    if is_leaving:
        _go_there()
    return True


def proof_by_provider() -> bool:
    """A link to sign in there again in another tab, for staff without a password. Answers whether there is a provider.

    That renews the session: it proves who they are for as long as a password does, and brings back a session that
    expired. Nothing that was typed in this tab is lost.
    """
    name = desk().settings.provider_name
    if name is None:
        return False
    st.link_button(f"Sign in again with {name}", AGAIN, icon=":material/open_in_new:")
    return True


def _leave() -> None:
    st.session_state[_LEAVING] = True


def _go_there() -> None:
    """Redirect once the browser has told which page it is on."""
    noted = script("note_wanted")(key="note_wanted", on_noted_change=lambda: None).noted
    if noted is None:
        st.caption("Taking you there…")
        return
    del st.session_state[_LEAVING]
    if noted == "yes":
        st.login()
    else:
        st.error("The server did not answer. Try again in a minute.", icon=":material/error:")
