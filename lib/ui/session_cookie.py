"""The browser's side of a session: a cookie that scripts cannot read, set and taken back by the server's own route."""

import streamlit as st

SESSION_COOKIE = "coverage_desk_session"

# The page itself cannot set a cookie, so the browser is asked to exchange the one-time ticket for one. The reload
# keeps path and query: a deep link survives the sign-in.
_EXCHANGE = """
export default async function ({ data }) {
  const answer = await fetch("/session", { method: "POST", body: data.ticket, credentials: "same-origin" });
  if (answer.ok) window.location.reload();
}
"""
_GIVE_BACK = """
export default async function () {
  await fetch("/session", { method: "DELETE", credentials: "same-origin" });
  window.location.assign("/");
}
"""


def session_cookie() -> str | None:
    """The session cookie that the browser sent when it opened this page, or None."""
    return st.context.cookies.get(SESSION_COOKIE)


def exchange_ticket(ticket: str) -> None:
    """Have the browser exchange `ticket` for the session cookie and load the page again."""
    st.components.v2.component("exchange_ticket", js=_EXCHANGE)(data={"ticket": ticket}, key="exchange_ticket")


def give_cookie_back() -> None:
    """Have the browser end the session on the server and open the sign-in."""
    st.components.v2.component("give_cookie_back", js=_GIVE_BACK)(key="give_cookie_back")
