"""The browser's side of a session: a cookie that scripts cannot read, set and deleted by the server's own route."""

import streamlit as st

from lib.ui.server.script_files import script

SESSION_COOKIE = "coverage_desk_session"


def session_cookie() -> str | None:
    """The session cookie that the browser sent when it opened this page, or None."""
    return st.context.cookies.get(SESSION_COOKIE)


def exchange_ticket(ticket: str) -> None:
    """Have the browser exchange `ticket` for the session cookie and reload the page."""
    script("exchange_ticket")(data={"ticket": ticket}, key="exchange_ticket")


def give_cookie_back() -> None:
    """Have the browser end the session on the server and open the sign-in."""
    script("give_cookie_back")(key="give_cookie_back")
