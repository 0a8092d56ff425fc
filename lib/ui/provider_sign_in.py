"""Signing in at an OpenID provider, as the page offers it: above the form of names and passwords, and as a proof.

The browser first tells the server which page it is on, with its query; then `st.login` sends it away.
"""

import streamlit as st

from lib.bootstrap import desk
from lib.ui.provider import TOLD_COOKIE
from lib.ui.provider_words import sentence

_LEAVING = "leaving_for_provider"

_NOTE_WANTED = """
export default async function ({ data, setTriggerValue }) {
  const body = window.location.pathname + window.location.search;
  const answer = await fetch(data.noted_at, { method: "POST", body, credentials: "same-origin" }).catch(() => null);
  setTriggerValue("noted", answer && answer.ok ? "yes" : "no");
}
"""


def offer_provider() -> bool:
    """The way in by the provider, and why the last try came to nothing. Answers whether there is such a way."""
    name = desk().settings.provider_name
    if name is None:
        return False
    _tell_what_came_of_it(name)
    _button(f"Sign in with {name}", key="sign_in_by_provider", noted_at="/sign-in")
    return True


def proof_by_provider() -> bool:
    """For who has no password here: signing in there once more, and back to this page. Answers whether that is a way.

    The provider is told to ask who they are, and the session that follows counts as a proof as long as a password does.
    """
    name = desk().settings.provider_name
    if name is None:
        return False
    st.caption(f":material/lock: To confirm this, sign in at {name} again. That counts for five minutes.")
    _button(f"Sign in again with {name}", key="prove_by_provider", noted_at="/sign-in?proof")
    return True


def _tell_what_came_of_it(provider: str) -> None:
    told = sentence(st.context.cookies.get(TOLD_COOKIE, ""), provider=provider, contact=desk().settings.oidc_contact)
    if told and not st.session_state.get(_LEAVING):
        st.error(told, icon=":material/error:")


def _button(label: str, *, key: str, noted_at: str) -> None:
    st.button(label, type="primary", width="stretch", icon=":material/login:", key=key, on_click=_leave, args=(key,))
    if st.session_state.get(_LEAVING) != key:
        return
    noting = st.components.v2.component("note_wanted", js=_NOTE_WANTED)
    noted = noting(data={"noted_at": noted_at}, key=f"{key}_noting", on_noted_change=lambda: None).noted
    if noted is None:
        st.caption("Taking you there…")
        return
    del st.session_state[_LEAVING]
    if noted == "yes":
        st.login()
    else:
        st.error("The server did not answer. Try again in a minute.", icon=":material/error:")


def _leave(key: str) -> None:
    st.session_state[_LEAVING] = key
