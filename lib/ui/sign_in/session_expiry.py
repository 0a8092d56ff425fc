"""The line that says, in the last minutes, when the session ends and how to stay signed in."""

from datetime import datetime, timedelta
from enum import Enum

import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.staff import sessions
from lib.staff.sessions import Session
from lib.ui.sign_in.access import current_session, require_session, rerun_unattended
from lib.ui.sign_in.drafts import SECRET
from lib.ui.sign_in.form import renew_session
from lib.ui.sign_in.provider_button import proof_by_provider
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import clock_time

WARNED_BEFORE = timedelta(minutes=5)
_PASSWORD, _PROBLEM = f"{SECRET}go_on", "go_on_problem"
_LOOKS_AT_MOST = 30.0
"""Seconds between two looks."""


class ExpiryWarning(Enum):
    """What will end the session within minutes."""

    NOTHING = 0
    IDLE = 1
    AGE = 2


def warning_at(session: Session, now: datetime) -> ExpiryWarning:
    """What to warn of at `now`. Pure. A session that ends whatever is clicked is said to do so first."""
    if now >= session.lasts_until - warned_before(session.limits.max_age):
        return ExpiryWarning.AGE
    return (
        ExpiryWarning.IDLE if now >= session.idle_until - warned_before(session.limits.idle) else ExpiryWarning.NOTHING
    )


def warned_before(limit: timedelta) -> timedelta:
    """Five minutes, or a tenth of the limit where that is less. Pure."""
    return min(WARNED_BEFORE, limit / 10)


def show_expiry(session: Session) -> None:
    """Show the line under the page in its last minutes. It checks by itself, and so learns what other tabs did."""
    now = warning_at(session, utc_now())

    @st.fragment(run_every=_seconds_between_looks(session))
    def expiry() -> None:
        session = require_session()
        if warning_at(session, utc_now()) is not now:
            rerun_unattended()
        if now is ExpiryWarning.IDLE:
            _show_idle(session)
        elif now is ExpiryWarning.AGE:
            _show_age(session)

    with st.bottom if now is not ExpiryWarning.NOTHING else st.sidebar:
        expiry()


def _seconds_between_looks(session: Session) -> float:
    shortest = min(warned_before(session.limits.idle), warned_before(session.limits.max_age))
    return min(_LOOKS_AT_MOST, max(0.5, shortest.total_seconds() / 10))


def _show_idle(session: Session) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/schedule: You will be signed out at {_at(session.idle_until)} because of inactivity. "
            "Any click keeps you signed in.",
            width="stretch",
        )
        st.button("Stay signed in", on_click=_stay, key="stay_signed_in")


def _show_age(session: Session) -> None:
    when = _at(session.lasts_until)
    will_end = f":material/schedule: You will be signed out at {when}, when your session reaches its maximum length"
    if not sessions.has_password(desk().store, session.staff.name):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{will_end}. Sign in again to continue; nothing on this page is lost.", width="stretch")
            proof_by_provider()
        return
    with st.form("go_on_form", border=False), st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{will_end}. Type your password to continue; nothing on this page is lost.", width="stretch")
        st.text_input(
            "Type your password to continue",
            type="password",
            key=_PASSWORD,
            autocomplete="current-password",
            placeholder="Your password",
            label_visibility="collapsed",
            width=220,
        )
        st.form_submit_button("Continue", on_click=_go_on)
    if problem := st.session_state.get(_PROBLEM):
        st.error(problem, icon=":material/error:")


def _at(moment: datetime) -> str:
    zone = viewer_zone()
    return f"{clock_time(moment, zone)} ({zone.key})"


def _stay() -> None:
    current_session(seen=True)


def _go_on() -> None:
    st.session_state[_PROBLEM] = renew_session(_PASSWORD)
