"""How the last change of a user's preferences ended, told from the record so that it outlives the tab that saved it."""

from datetime import timedelta

import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.commands.undo import problem_with_undo, undo
from lib.coverage.rates import Rate
from lib.domain import CalendarUser, Entry
from lib.errors import DeskError
from lib.queries import CalendarSnapshot
from lib.queries.judged_calendar import JudgedCalendar
from lib.recording.decision import Trace, trace
from lib.recording.forecast import AHEAD_DAYS, coming_meetings
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import outbox
from lib.store.outbox import Write, WriteKind, WriteState
from lib.ui.sign_in.access import authorize
from lib.ui.widgets import flash
from lib.ui.widgets.table import NO_TITLE, Columns, show_plain_table, text_column, time_column
from lib.ui.words.formats import age, count, fraction, one_line, plural
from lib.writes.intent import preferences_of

SHOWN_FOR = timedelta(hours=2)
"""How long the last change is shown without being asked for; an open one is shown until it is settled. History shows
all changes for ever."""
_IN_FLIGHT = timedelta(seconds=30)
_REFUSED, _DISMISSED = "preferences_refused", "preferences_dismissed"
_ROWS_SEEN = 4
_COLUMNS: Columns[tuple[Entry, Trace]] = {
    "starts": time_column("Starts", lambda row: row[0].start_time),
    "title": text_column("Meeting", 200, lambda row: one_line(row[0].title) or NO_TITLE),
    "ours": text_column("By our rule", 300, lambda row: row[1].rule.label),
    "recalls": text_column("Recall decided", 200, lambda row: "Record" if row[0].will_record else "Not record"),
}


def keep_refusal(problem: DeskError, user: CalendarUser) -> None:
    """Remember why the change for `user` was not made, until it is dismissed or another change is made."""
    flash.keep(_REFUSED, problem, worked=False, about=user.id)


def forget_refusal() -> None:
    """Forget why the last change was not made."""
    flash.clear(_REFUSED)


def show_last_change(known: CalendarSnapshot, calendar: JudgedCalendar | None, member: StaffMember) -> None:
    """Say how the last change for this user ended, and what Recall and its bots made of it."""
    if flash.is_kept(_REFUSED, about=known.user.id):
        flash.show(_REFUSED, about=known.user.id, until_dismissed=True)
        _offer_refresh(known.user)
        return
    last = _last_change(known.user)
    if last is not None and last.seq not in st.session_state.get(_DISMISSED, ()):
        _show_change(last, known, calendar, member)


def _last_change(user: CalendarUser) -> Write | None:
    with desk().store.read() as connection:
        made = outbox.of_target(connection, WriteKind.PREFERENCES, user.id, None)
    last = made[0] if made else None
    is_news = last and (last.state is WriteState.OPEN or utc_now() - last.made_at < SHOWN_FOR)
    return last if is_news else None


def _show_change(last: Write, known: CalendarSnapshot, calendar: JudgedCalendar | None, member: StaffMember) -> None:
    match last.state:
        case WriteState.APPLIED:
            if last.after is None or known.user.preferences != preferences_of(last.after):
                return  # something else is set by now; History says by whom
            _show_applied(last, known, calendar)
        case WriteState.NOT_APPLIED if last.sent_at is None or last.note:
            return  # nothing was changed, which was said where it was asked for
        case WriteState.NOT_APPLIED | WriteState.UNKNOWN:
            st.error(
                "This was sent, but Recall has something else now. Check what is set, then decide again.",
                icon=":material/sync_problem:",
            )
        case WriteState.OPEN if utc_now() - last.made_at < _IN_FLIGHT and last.sent_at is None:
            st.info("A change of these preferences is being saved.", icon=":material/sync:")
        case WriteState.OPEN:
            st.warning(
                "This was sent but could not be read back. The next sync checks it. Do not repeat it.",
                icon=":material/sync_problem:",
            )
    _show_buttons(last, known, member)


def _show_applied(last: Write, known: CalendarSnapshot, calendar: JudgedCalendar | None) -> None:
    done = "Undone" if last.undoes else "Saved"
    if known.is_refreshing or calendar is None or (last.closed_at and calendar.as_of <= last.closed_at):
        open_bots = known.bookings_open
        waiting = f"{plural(open_bots, 'bot')} still to be booked or removed." if open_bots else "Reading the meetings…"
        st.progress(0.9 if not open_bots else 0.5, f"{done} and read back. Recall is changing its bots: {waiting}")
        return
    planned, booked = calendar.ahead.upcoming.planned, calendar.ahead.upcoming.booked_rate
    agreeing, differing = _compared(known, calendar)
    differ = f"; {count(len(differing))} {'differs' if len(differing) == 1 else 'differ'}" if differing else ""
    st.success(
        f"{done} and read back. Recall agrees for {fraction(agreeing, agreeing + len(differing))}{differ}. In the next "
        f"{AHEAD_DAYS} days Recall will record {fraction(planned.numerator, planned.denominator)} meetings, and bots "
        f"are booked for {_all_or(booked)} of these.",
        icon=":material/check_circle:",
    )
    if differing:
        alt = f"{plural(len(differing), 'meeting')} where Recall decided otherwise"
        show_plain_table(differing, _COLUMNS, alt=alt, most_rows=_ROWS_SEEN)
        st.caption("Recall decides. We count these.")


def _compared(known: CalendarSnapshot, calendar: JudgedCalendar) -> tuple[int, list[tuple[Entry, Trace]]]:
    """The number of coming entries for which our rule agrees with Recall's decision, and those for which it does not.

    Entries for which our rule has no answer are in neither.
    """
    meetings = coming_meetings(known.entries, calendar.as_of, calendar.until)
    traced = [(entry, trace(entry, known.user, calendar.as_of)) for meeting in meetings for entry in meeting]
    clear = [(entry, ours) for entry, ours in traced if ours.verdict is not None]
    differing = [(entry, ours) for entry, ours in clear if ours.verdict is not entry.will_record]
    return len(clear) - len(differing), differing


def _all_or(rate: Rate) -> str:
    return "all" if rate.numerator == rate.denominator else count(rate.numerator)


def _show_buttons(last: Write, known: CalendarSnapshot, member: StaffMember) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if last.state is not WriteState.APPLIED:
            _offer_refresh(known.user)
        elif member.may(Permission.PREFERENCES_WRITE) and not last.undone and problem_with_undo(last) is None:
            st.button("Undo", icon=":material/undo:", on_click=_undo, args=(last, known.user), key="undo_preferences")
        st.button("Dismiss", type="tertiary", on_click=_dismiss, args=(last.seq,))
        st.caption(f"By {last.actor}, {age(utc_now() - last.made_at)}", width="content")


def _offer_refresh(user: CalendarUser) -> None:
    st.button("Refresh from Recall", icon=":material/refresh:", on_click=_refresh, args=(user,), key="look_again")


def _undo(last: Write, user: CalendarUser) -> None:
    """A callback runs before the page's guard, so it checks the permission itself."""
    if (member := authorize(Permission.PREFERENCES_WRITE)) is None:
        return
    try:
        [result] = undo(desk().context, member, [last.seq])
        result.or_raised()
    except DeskError as problem:
        keep_refusal(problem, user)
        desk().calendars.read_again(user)
    else:
        desk().calendars.follow_bookings(result.user or user)


def _refresh(user: CalendarUser) -> None:
    """Read the user again, and settle the changes left open."""
    if authorize(Permission.USERS_READ) is None:
        return
    desk().settle_in_background()
    desk().calendars.read_again(user)
    forget_refusal()


def _dismiss(seq: int) -> None:
    st.session_state[_DISMISSED] = {*st.session_state.get(_DISMISSED, ()), seq}
