"""What became of a saved change of preferences: told from the record, so that it outlives the tab that saved it."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pandas as pd
import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.commands.undo import problem_with_undo, undo
from lib.coverage.rates import Rate
from lib.domain import CalendarUser, Entry
from lib.errors import DeskError
from lib.queries import CalendarSnapshot
from lib.recording.decision import trace
from lib.recording.forecast import coming_meetings
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import outbox
from lib.store.outbox import Write, WriteKind, WriteState
from lib.ui.sign_in.access import acting
from lib.ui.user.judged_calendar import judged
from lib.ui.widgets.notices import show_problem
from lib.ui.widgets.tables import NO_TITLE, show_plain_table, starts_column, text_column
from lib.ui.words.formats import age, count, fraction, one_line, plural
from lib.writes.intent import preferences_of

SAID_FOR = timedelta(hours=2)
"""How long the last change of a user's preferences is told of by itself; one that is open until it is settled. History
tells of all of them for ever."""
_UNDER_WAY = timedelta(seconds=30)
_REFUSED, _AWAY = "preferences_refused", "preferences_put_away"
_ROWS_SEEN = 4


def keep_refusal(problem: DeskError, user: CalendarUser) -> None:
    """Remember why the change for `user` was not made, for the next runs."""
    st.session_state[_REFUSED] = (user.id, problem)


def forget_refusal() -> None:
    """Another change is made now."""
    st.session_state.pop(_REFUSED, None)


def show_outcome(known: CalendarSnapshot, member: StaffMember) -> None:
    """Say how the last change for this user ended, and what Recall and its bots made of it."""
    user_id, problem = st.session_state.get(_REFUSED, (None, None))
    if problem is not None and user_id == known.user.id:
        show_problem(problem)
        with st.container(horizontal=True):
            _offer_read_again(known.user)
            st.button("Put this note away", type="tertiary", on_click=forget_refusal)
        return
    last = _last(known.user)
    if last is not None and last.seq not in st.session_state.get(_AWAY, ()):
        _show_change(last, known, member)


def _last(user: CalendarUser) -> Write | None:
    with desk().store.read() as connection:
        made = outbox.of_target(connection, WriteKind.PREFERENCES, user.id, None)
    last = made[0] if made else None
    is_news = last and (last.state is WriteState.OPEN or utc_now() - last.made_at < SAID_FOR)
    return last if is_news else None


def _show_change(last: Write, known: CalendarSnapshot, member: StaffMember) -> None:
    match last.state:
        case WriteState.APPLIED:
            if last.after is None or known.user.preferences != preferences_of(last.after):
                return  # something else is set by now, and History says by whom
            _show_applied(last, known)
        case WriteState.NOT_APPLIED if last.sent_at is None or last.note:
            return  # nothing was changed, which was said where it was asked for
        case WriteState.NOT_APPLIED | WriteState.UNKNOWN:
            st.error(
                "This was sent, but what Recall has now is something else. Look at what is set, then decide again.",
                icon=":material/sync_problem:",
            )
        case WriteState.OPEN if utc_now() - last.made_at < _UNDER_WAY and last.sent_at is None:
            st.info("A change of these preferences is being saved just now.", icon=":material/sync:")
        case WriteState.OPEN:
            st.warning(
                "We sent this but could not read it back. We will check at the next sync. Do not repeat it.",
                icon=":material/sync_problem:",
            )
    _show_buttons(last, known, member)


def _show_applied(last: Write, known: CalendarSnapshot) -> None:
    done = "Taken back" if last.undoes else "Saved"
    if known.is_reading or known.as_of is None or (last.closed_at and known.as_of <= last.closed_at):
        open_bots = known.bookings_open
        waiting = f"{plural(open_bots, 'bot')} still to be booked or removed." if open_bots else "Reading the meetings…"
        st.progress(0.9 if not open_bots else 0.5, f"{done} and read back. Recall is changing its bots: {waiting}")
        return
    found = judged(known, known.as_of)
    planned, booked = found.ahead.upcoming.planned, found.ahead.upcoming.booked_rate
    ours, others = _compared(known)
    judged_ones = ours + len(others)
    differ = f"; {count(len(others))} {'differs' if len(others) == 1 else 'differ'}" if others else ""
    st.success(
        f"{done} and read back. Recall agrees for {fraction(ours, judged_ones)}{differ}. In the next 14 days Recall "
        f"will record {fraction(planned.numerator, planned.denominator)} meetings, and bots are booked for "
        f"{_all_or(booked)} of these.",
        icon=":material/check_circle:",
    )
    if others:
        _show_differing(others, known)


def _compared(known: CalendarSnapshot) -> tuple[int, list[Entry]]:
    """For how many coming entries our rule says what Recall decided, and those where it does not."""
    if known.as_of is None:
        return 0, []
    ahead = [
        entry
        for meeting in coming_meetings(known.entries, known.as_of, judged(known, known.as_of).until)
        for entry in meeting
    ]
    verdicts = [(entry, trace(entry, known.user, known.as_of).verdict) for entry in ahead]
    return (
        sum(1 for entry, ours in verdicts if ours is entry.will_record),
        [entry for entry, ours in verdicts if ours is not None and ours is not entry.will_record],
    )


def _show_differing(entries: Sequence[Entry], known: CalendarSnapshot) -> None:
    """Beside each other what we estimated and what Recall decided."""
    at = known.as_of or utc_now()
    frame = pd.DataFrame(
        {
            "starts": [entry.start_time for entry in entries],
            "title": [one_line(entry.title) or NO_TITLE for entry in entries],
            "ours": [trace(entry, known.user, at).rule.label for entry in entries],
            "recalls": ["Record" if entry.will_record else "Not record" for entry in entries],
        }
    )
    columns = {
        "starts": starts_column(),
        "title": text_column("Meeting", 200),
        "ours": text_column("By our rule", 300),
        "recalls": text_column("Recall decided", 200),
    }
    words = f"{plural(len(entries), 'meeting')} where Recall decided otherwise"
    show_plain_table(frame, columns, alt=words, most_rows=_ROWS_SEEN)
    st.caption("Recall decides. We count these.")


def _all_or(rate: Rate) -> str:
    return "all" if rate.numerator == rate.denominator else count(rate.numerator)


def _show_buttons(last: Write, known: CalendarSnapshot, member: StaffMember) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if last.state is not WriteState.APPLIED:
            _offer_read_again(known.user)
        elif member.may(Permission.PREFERENCES_WRITE) and not last.undone and problem_with_undo(last) is None:
            st.button("Undo", icon=":material/undo:", on_click=_undo, args=(last, known.user), key="undo_preferences")
        st.button("Put this note away", type="tertiary", on_click=_put_away, args=(last.seq,))
        st.caption(f"By {last.actor}, {age(utc_now() - last.made_at)}", width="content")


def _offer_read_again(user: CalendarUser) -> None:
    again = partial(_read_again, user)
    st.button("Read again", icon=":material/refresh:", on_click=again, key="look_again")


def _undo(last: Write, user: CalendarUser) -> None:
    """A click is answered before the page's own guard is: who clicks is asked anew."""
    if (member := acting(Permission.PREFERENCES_WRITE)) is None:
        return
    try:
        [result] = undo(desk().store, desk().recall, member, [last.seq])
        result.or_raised()
    except DeskError as problem:
        keep_refusal(problem, user)
        desk().calendars.read_again(user)
    else:
        desk().calendars.follow_bookings(result.user or user)


def _read_again(user: CalendarUser) -> None:
    """What was left open is settled on the way."""
    if acting(Permission.USERS_READ) is None:
        return
    desk().settle_in_background()
    desk().calendars.read_again(user)
    forget_refusal()


def _put_away(seq: int) -> None:
    st.session_state[_AWAY] = {*st.session_state.get(_AWAY, ()), seq}
