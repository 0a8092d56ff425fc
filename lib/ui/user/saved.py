"""What became of a saved change of preferences: kept in the browser session until it is put away."""

import streamlit as st

from lib.bootstrap import desk
from lib.changes.preferences import Applied, SavedPreferences
from lib.coverage.numbers import Rate
from lib.domain import CalendarUser
from lib.errors import DeskError
from lib.reading import CalendarSnapshot
from lib.recording.forecast import agreement
from lib.ui.notices import show_problem
from lib.ui.user.judged import judged
from lib.ui.words import count, fraction, plural

_KEY = "saved_preferences"


def keep_outcome(saved: SavedPreferences, user: CalendarUser) -> None:
    """Remember how the change for `user` ended, for the next runs."""
    st.session_state[_KEY] = (user.id, saved)


def keep_refusal(problem: DeskError, user: CalendarUser) -> None:
    """Remember why the change for `user` was not made, for the next runs."""
    st.session_state[_KEY] = (user.id, problem)


def show_outcome(known: CalendarSnapshot) -> None:
    """Say how the last change for this user ended, and what Recall and its bots made of it."""
    user_id, saved = st.session_state.get(_KEY, (None, None))
    if saved is None or user_id != known.user.id:
        return
    if isinstance(saved, DeskError):
        show_problem(saved)
    elif saved.applied is Applied.YES:
        _show_applied(known)
    elif saved.applied is Applied.NO:
        st.error(
            "This was sent, but what Recall has now is something else. Look at what is set, then decide again.",
            icon=":material/sync_problem:",
        )
    else:
        st.warning(
            "We sent this but could not read it back. Do not repeat it: read again to see whether it was applied.",
            icon=":material/sync_problem:",
        )
    with st.container(horizontal=True):
        if isinstance(saved, DeskError) or saved.applied is not Applied.YES:
            st.button(
                "Read again", icon=":material/refresh:", on_click=_read_again, args=(known.user,), key="look_again"
            )
        st.button("Put this note away", type="tertiary", on_click=_put_away)


def _show_applied(known: CalendarSnapshot) -> None:
    if known.is_reading or known.as_of is None:
        open_bots = known.bookings_open
        waiting = f"{plural(open_bots, 'bot')} still to be booked or removed." if open_bots else "Reading the meetings…"
        st.progress(0.9 if not open_bots else 0.5, f"Saved and read back. Recall is changing its bots: {waiting}")
        return
    found = judged(known, known.as_of)
    planned, booked = found.ahead.upcoming.planned, found.ahead.upcoming.booked_rate
    agree, of = agreement(known.entries, known.user, known.as_of, found.until)
    st.success(
        f"Saved and read back. In the next 14 days Recall will record "
        f"{fraction(planned.numerator, planned.denominator)} meetings, and bots are booked for "
        f"{_all_or(booked)} of these. Our rule agrees on {fraction(agree, of)}.",
        icon=":material/check_circle:",
    )


def _all_or(rate: Rate) -> str:
    return "all" if rate.numerator == rate.denominator else count(rate.numerator)


def _read_again(user: CalendarUser) -> None:
    desk().calendars.read_again(user)
    _put_away()


def _put_away() -> None:
    st.session_state.pop(_KEY, None)
