"""The three rates on top, each with its fraction, change and sparkline, and the sentence that says what matters."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from lib.coverage.drilldown import Figure
from lib.coverage.numbers import Numbers
from lib.coverage.rates import Rate, change_in_points
from lib.coverage.trend import Point
from lib.recording.time_part import TimePart
from lib.ui.coverage.counts import Counted, opened_of
from lib.ui.coverage.openers import show_openers
from lib.ui.widgets.definitions import LOWER_BOUND
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.page_head import Shown, freshness_words
from lib.ui.words.basis import early_rates_words, misses_words, unwatched_until
from lib.ui.words.formats import count, fraction, percent, plural, sayable

KIND = "figure"
SMALLEST_CHANGE_POINTS = 1.0
SMALLEST_SHOWN_POINTS = 0.05
"""What is less reads "0.0 pts", which points nowhere."""
_RATES: tuple[tuple[str, Callable[[Numbers], Rate], Callable[[Point], Rate], str], ...] = (
    ("Coverage", lambda n: n.ended.coverage, lambda p: p.coverage, f"Recorded of held meetings. {LOWER_BOUND}"),
    ("= Reach", lambda n: n.ended.reach, lambda p: p.reach, "Asked for of held meetings: how wide the rules are."),
    (
        "× Delivery",
        lambda n: n.ended.delivery,
        lambda p: p.delivery,
        "Recorded of those asked for: how well the bots do what the rules ask.",
    ),
)


def show_figures(shown: Shown, found: Counted) -> None:
    """Coverage = Reach x Delivery, the age of what they rest on, and the key sentence."""
    began = unwatched_until(shown.known, shown.choice.period, report_zone())
    with st.grid(3, min_column_width=230):
        for label, rate, point, help_ in _RATES:
            early = f" {early_rates_words(began)}" if began and label != "Coverage" else ""
            points = [point(each) for each in found.points]
            _show_rate(label, rate(found.numbers), rate(found.before), points, f"{help_}{early}")
    st.caption(f"{freshness_words(shown.known, shown.choice.scope)} Changes are against the period just before.")
    st.markdown(key_sentence(shown, found))
    show_openers(shown, KIND, counts_of(found.numbers), lambda figure: opened_of(shown, Figure(TimePart.ENDED, figure)))


def counts_of(numbers: Numbers) -> dict[str, tuple[str, int]]:
    """What the rates are made of, by figure (`lib.coverage.meeting_state.FIGURES`): its name and how many there are."""
    ended = numbers.ended
    return {
        "missed": ("Missed", ended.missed),
        "not_asked": ("Not asked for", ended.not_asked),
        "not_delivered": ("Asked for, not recorded", ended.not_delivered),
        "recorded": ("Recorded", ended.recorded),
    }


def key_sentence(shown: Shown, found: Counted) -> str:
    """ "482 meetings were missed in the last 30 days. Customers can fix 213, ..." Our words and numbers alone, and a
    customer's name where it is a plain domain."""
    name = sayable(shown.choice.scope.customer)
    whose = f" at {name}" if name else ""
    ended, missed = found.numbers.ended, found.numbers.ended.missed
    if not missed:
        all_ = "The one meeting" if ended.held == 1 else f"All {count(ended.held)} meetings"
        return f"**Nothing is missed{whose}.** {all_} {shown.choice.in_words} {_was(ended.held)} recorded."
    first = f"{plural(missed, 'meeting')} {_was(missed)} missed{whose} {shown.choice.in_words}."
    return f"**{first}** {misses_words(found.misses, 'Customers', found.first_seen)}"


def change_words(now: Rate, before: Rate) -> str:
    """The change in points as it is exported: "+2.1 pts"; empty where either says too little."""
    points = change_in_points(now, before)
    return "" if points is None else f"{points:+.1f} pts"


def _show_rate(label: str, now: Rate, before: Rate, points: list[Rate], help_: str) -> None:
    change = change_in_points(now, before)
    values = [each.value for each in points if each.value is not None]
    st.metric(
        label,
        percent(now.value),
        delta=None if change is None else f"{abs(change):.1f} pts",
        delta_arrow=_arrow(change),
        delta_color="off" if change is None else _colour(change),
        delta_description=fraction(now.numerator, now.denominator),
        chart_data=values if len(values) > 1 else None,
        chart_type="area",
        border=True,
        height="stretch",
        help=help_,
    )


def _arrow(points: float | None) -> Literal["auto", "up", "down", "off"]:
    if points is None:
        return "auto"
    if abs(points) < SMALLEST_SHOWN_POINTS:
        return "off"
    return "up" if points > 0 else "down"


def _colour(points: float) -> Literal["gray", "green", "orange"]:
    if abs(points) < SMALLEST_CHANGE_POINTS:
        return "gray"
    return "green" if points > 0 else "orange"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
