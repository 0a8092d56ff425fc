"""Signing in at an OpenID provider, as the page offers it: above the form of names and passwords, and as a proof.

The browser first tells the server which page it is on, with its query; then `st.login` sends it away.
"""

import streamlit as st

from lib.bootstrap import desk
from lib.ui.server.script_files import script
from lib.ui.sign_in.provider_routes import AGAIN, TOLD_COOKIE
from lib.ui.sign_in.provider_words import sentence
from lib.ui.widgets.theme import main_button

_LEAVING = "leaving_for_provider"


def offer_provider() -> bool:
    """The way in by the provider, and why the last try came to nothing. Answers whether there is such a way."""
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
    """A link, for who has no password here, to sign in there once more in another tab. Answers whether there is one.

    The session then begins anew: that proves who they are for as long as a password does, and brings one back that
    ended by itself. Nothing that was typed in this tab is lost.
    """
    name = desk().settings.provider_name
    if name is None:
        return False
    st.link_button(f"Sign in again with {name}", AGAIN, icon=":material/open_in_new:")
    return True


def _leave() -> None:
    st.session_state[_LEAVING] = True


def _go_there() -> None:
    """Once the browser has told which page it is on."""
    noted = script("note_wanted")(key="note_wanted", on_noted_change=lambda: None).noted
    if noted is None:
        st.caption("Taking you there…")
        return
    del st.session_state[_LEAVING]
    if noted == "yes":
        st.login()
    else:
        st.error("The server did not answer. Try again in a minute.", icon=":material/error:")
