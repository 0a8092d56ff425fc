"""From calendar to recording: what is left at each step, and what falls out."""

from lib.coverage.drilldown import Figure
from lib.coverage.funnel import STEPS, FunnelStep
from lib.recording.outcome import Outcome
from lib.recording.time_part import TimePart
from lib.ui import charts
from lib.ui.coverage.counts import Counted, opened_of
from lib.ui.coverage.section import section_head, show_rows_table
from lib.ui.widgets.meeting_rows import show_rows
from lib.ui.widgets.open_rows import asked_rows
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.table import Columns, number_column, text_column
from lib.ui.widgets.theme import palette
from lib.ui.words import outcomes
from lib.ui.words.formats import count, loss

KIND = "funnel"
_LOSSES = {
    "not_recordable": Outcome.UNKNOWN,
    "in_no_rate": Outcome.UNKNOWN,
    "not_asked": Outcome.OFF_BY_CHOICE,
    "not_delivered": Outcome.FIXABLE,
    "recorded": Outcome.RECORDED,
}
_NAMES = dict(STEPS)
COLUMNS: Columns[FunnelStep] = {
    "step": text_column("Step", 230, lambda step: step.name),
    "n": number_column("Meetings", 90, lambda step: -step.count if step.is_loss else step.count),
}


def show_funnel(shown: Shown, found: Counted) -> None:
    """The waterfall, or its rows as a table."""
    if section_head("From calendar to recording", name=KIND):
        show_rows_table(
            shown,
            found.steps,
            COLUMNS,
            kind=KIND,
            opens=lambda step: step.figure,
            alt="From calendar to recording",
        )
    else:
        steps = [charts.WaterfallStep(_chart_name(step), step.count, step.is_loss, _fill(step)) for step in found.steps]
        charts.show_waterfall(steps, alt_text=finding(found))


def show_funnel_rows(shown: Shown) -> None:
    """The rows behind the step that is open, if one is."""
    figure = asked_rows(KIND)
    if figure in _NAMES:
        opened = opened_of(shown, Figure(TimePart.ENDED, figure))
        show_rows(shown.known, shown.member, _NAMES[figure], opened, key=f"{shown.page}_{KIND}_behind")


def finding(found: Counted) -> str:
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
