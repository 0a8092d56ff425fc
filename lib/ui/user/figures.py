"""The four figures on top of a user's page: coverage, misses, coming meetings, overrides."""

from typing import Literal

import streamlit as st

from lib.coverage.misses import Misses
from lib.coverage.numbers import Numbers
from lib.coverage.rates import change_in_points
from lib.queries import CalendarSnapshot
from lib.queries.judged_calendar import PERIOD_DAYS, JudgedCalendar
from lib.recording.forecast import AHEAD_DAYS
from lib.recording.outcome import Outcome
from lib.recording.time_part import TimePart
from lib.ui.words.basis import counted
from lib.ui.words.formats import NOTHING, count, fraction, percent

SMALLEST_CHANGE_POINTS = 1.0
_LOWER_BOUND = "A lower bound: without a bot nobody knows whether a meeting took place."


def show_figures(known: CalendarSnapshot, calendar: JudgedCalendar | None) -> None:
    """Four figures, each with its fraction; a skeleton while nothing is known yet."""
    if calendar is None:
        st.skeleton(height=116)
        return
    grid = st.grid(4, min_column_width=165)
    with grid:
        if known.bots_complete:
            _show_coverage(calendar.last, calendar.before)
            _show_missed(calendar.last)
        else:
            _show_unknown(f"Coverage, {PERIOD_DAYS} days", "…", "reading the bots")
            _show_unknown(f"Missed, {PERIOD_DAYS} days", "…", "reading the bots")
        if known.user.connected:
            _show_coming(calendar.ahead)
            _show_by_hand(calendar)
        else:  # what was read last no longer applies
            _show_unknown(f"Coming, {AHEAD_DAYS} days", NOTHING, "no calendar is connected")
            _show_unknown("Set by hand", NOTHING, "no calendar is connected")


def _show_unknown(label: str, value: str, why: str) -> None:
    st.metric(label, value, delta_description=why, border=True, height="stretch")


def _show_coverage(last: Numbers, before: Numbers) -> None:
    rate = last.ended.coverage
    points = change_in_points(rate, before.ended.coverage)
    st.metric(
        f"Coverage, {PERIOD_DAYS} days",
        percent(rate.value),
        delta=None if points is None else f"{abs(points):.1f} pts",
        delta_arrow="auto" if points is None else "up" if points > 0 else "down",
        delta_color="off" if points is None else _colour(points),
        delta_description=fraction(rate.numerator, rate.denominator),
        border=True,
        height="stretch",
        help=_coverage_help(last),
    )


def _colour(points: float) -> Literal["gray", "green", "orange"]:
    if abs(points) < SMALLEST_CHANGE_POINTS:
        return "gray"
    return "green" if points > 0 else "orange"


def _coverage_help(last: Numbers) -> str:
    reach, delivery = last.ended.reach, last.ended.delivery
    return (
        f"Recorded of held meetings. {_LOWER_BOUND} Reach {percent(reach.value)} "
        f"({fraction(reach.numerator, reach.denominator)} were asked for) x Delivery {percent(delivery.value)} "
        f"({fraction(delivery.numerator, delivery.denominator)} of those were recorded)."
    )


def _show_missed(last: Numbers) -> None:
    misses = Misses.of(last.reasons_of(TimePart.ENDED))
    fixable = counted(misses.by_outcome.get(Outcome.FIXABLE, 0), misses.inferred.get(Outcome.FIXABLE, 0))
    st.metric(
        f"Missed, {PERIOD_DAYS} days",
        count(last.ended.missed),
        delta_description=f"{fixable} the customer can fix",
        border=True,
        height="stretch",
        help="Held meetings that no bot recorded.",
    )


def _show_coming(ahead: Numbers) -> None:
    planned = ahead.upcoming.planned
    st.metric(
        f"Coming, {AHEAD_DAYS} days",
        fraction(planned.numerator, planned.denominator),
        delta_description="will be recorded",
        border=True,
        height="stretch",
        help="Recall's own decision, of the coming meetings that have a link and do not last all day.",
    )


def _show_by_hand(calendar: JudgedCalendar) -> None:
    coming = (meeting for meeting in calendar.meetings if meeting.start > calendar.as_of)
    by_hand = sum(1 for meeting in coming if meeting.entry.override_should_record is not None)
    st.metric(
        "Set by hand",
        count(by_hand),
        delta_description="override ahead" if by_hand == 1 else "overrides ahead",
        border=True,
        height="stretch",
        help='Coming meetings that somebody set to "Record" or "Don\'t record"; they do not follow the rules.',
    )
