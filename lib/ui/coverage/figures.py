"""The three rates, the sentence that says what matters, and the funnel from calendar to recording."""

from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from lib.coverage.drilldown import Figure
from lib.coverage.funnel import STEPS, FunnelStep
from lib.coverage.numbers import Numbers
from lib.coverage.rates import Rate, change_in_points
from lib.coverage.trend import Point
from lib.queries.coverage_figures import CoverageFigures
from lib.recording.outcome import Outcome
from lib.recording.time_part import TimePart
from lib.ui import charts
from lib.ui.coverage.section import opened_of, section_head, show_openers, show_rows_table
from lib.ui.widgets.definitions import LOWER_BOUND
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.meeting_rows import Opened, show_rows
from lib.ui.widgets.open_rows import asked_rows
from lib.ui.widgets.page_head import Shown, freshness_words
from lib.ui.widgets.table import Columns, number_column, text_column
from lib.ui.widgets.theme import palette
from lib.ui.words import outcomes
from lib.ui.words.basis import early_rates_words, misses_words, unwatched_until, when_seen
from lib.ui.words.formats import count, fraction, loss, percent, plural, sayable

KIND = "figure"
SMALLEST_CHANGE_POINTS = 1.0
SMALLEST_SHOWN_POINTS = 0.05
"""A smaller change reads "0.0 pts" and gets no arrow."""
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


def show_figures(shown: Shown, found: CoverageFigures) -> None:
    """Coverage = Reach × Delivery, the age of their data, the key sentence, and the meetings behind the rates."""
    began = unwatched_until(shown.known, shown.choice.period, report_zone())
    with st.grid(3, min_column_width=230):
        for label, rate, point, help_ in _RATES:
            early = f" {early_rates_words(began)}" if began and label != "Coverage" else ""
            points = [point(each) for each in found.points]
            show_rate(label, rate(found.numbers), rate(found.before), points, help_=f"{help_}{early}")
    st.caption(f"{freshness_words(shown.known, shown.choice.scope)} Changes are against the period just before.")
    st.markdown(key_sentence(shown, found))

    def behind(figure: str) -> Opened:
        return opened_of(shown.selection, Figure(TimePart.ENDED, figure))

    show_openers(shown, KIND, counts_of(found.numbers), behind)


def counts_of(numbers: Numbers) -> dict[str, tuple[str, int]]:
    """The counts behind the rates: the name and number of each figure (see `lib.coverage.meeting_state.FIGURES`)."""
    ended = numbers.ended
    return {
        "missed": ("Missed", ended.missed),
        "not_asked": ("Not asked for", ended.not_asked),
        "not_delivered": ("Asked for, not recorded", ended.not_delivered),
        "recorded": ("Recorded", ended.recorded),
    }


def key_sentence(shown: Shown, found: CoverageFigures) -> str:
    """ "482 meetings were missed in the last 30 days. Customers can fix 213, ..." Our words and numbers alone, and a
    customer's name where it is a plain domain."""
    name = sayable(shown.choice.scope.customer)
    at_customer = f" at {name}" if name else ""
    ended, missed = found.numbers.ended, found.numbers.ended.missed
    if not missed:
        all_ = "The one meeting" if ended.held == 1 else f"All {count(ended.held)} meetings"
        return f"**Nothing is missed{at_customer}.** {all_} {shown.choice.in_words} {_was(ended.held)} recorded."
    first = f"{plural(missed, 'meeting')} {_was(missed)} missed{at_customer} {shown.choice.in_words}."
    return f"**{first}** {misses_words(found.misses, 'Customers', when_seen(found.first_seen, report_zone()))}"


def change_words(now: Rate, before: Rate) -> str:
    """The change in points as it is exported: "+2.1 pts"; empty where a rate counts too few meetings to compare."""
    points = change_in_points(now, before)
    return "" if points is None else f"{points:+.1f} pts"


def show_rate(label: str, now: Rate, before: Rate, points: Sequence[Rate] = (), *, help_: str) -> None:
    """A rate with its fraction, its change since `before`, and its sparkline where there are `points`."""
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


FUNNEL = "funnel"
_LOSSES = {
    "not_recordable": Outcome.UNKNOWN,
    "in_no_rate": Outcome.UNKNOWN,
    "not_asked": Outcome.OFF_BY_CHOICE,
    "not_delivered": Outcome.FIXABLE,
    "recorded": Outcome.RECORDED,
}
_STEP_NAMES = dict(STEPS)
FUNNEL_COLUMNS: Columns[FunnelStep] = {
    "step": text_column("Step", 230, lambda step: step.name),
    "n": number_column("Meetings", 90, lambda step: -step.count if step.is_loss else step.count),
}


def show_funnel(shown: Shown, found: CoverageFigures) -> None:
    """The waterfall, or its rows as a table."""
    if section_head("From calendar to recording", name=FUNNEL):
        show_rows_table(
            shown,
            found.steps,
            FUNNEL_COLUMNS,
            kind=FUNNEL,
            opens=lambda step: step.figure,
            alt="From calendar to recording",
        )
    else:
        steps = [charts.WaterfallStep(_chart_name(step), step.count, step.is_loss, _fill(step)) for step in found.steps]
        charts.show_waterfall(steps, alt_text=funnel_sentence(found))


def show_funnel_rows(shown: Shown) -> None:
    """The rows behind the step that is open, if one is."""
    figure = asked_rows(FUNNEL)
    if figure in _STEP_NAMES:
        opened = opened_of(shown.selection, Figure(TimePart.ENDED, figure))
        show_rows(shown.known, shown.member, _STEP_NAMES[figure], opened, key=f"{shown.page}_{FUNNEL}_behind")


def funnel_sentence(found: CoverageFigures) -> str:
    """The chart in one sentence."""
    ended = found.numbers.ended
    return (
        f"Of {count(ended.meetings)} ended meetings {count(ended.recordable)} could be recorded, {count(ended.held)} "
        f"were held, {count(ended.asked)} asked for and {count(ended.recorded)} recorded."
    )


def _chart_name(step: FunnelStep) -> str:
    return f"{loss(0)[0]} {step.name[0].lower()}{step.name[1:]}" if step.is_loss else step.name


def _fill(step: FunnelStep) -> str:
    return outcomes.fill(_LOSSES[step.figure]) if step.figure in _LOSSES else palette().primary
