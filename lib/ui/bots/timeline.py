"""One bot's life: its phases as bars along the time, every status as Recall named it, and what it recorded."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from lib.domain import Bot, Recording
from lib.recording.outcome import Outcome
from lib.recording.timeline import Phase, PhaseSpan, TimelineStep, phases_of, steps_of
from lib.ui.charts import Span, show_timeline
from lib.ui.widgets.table import Columns, show_plain_table, text_column, time_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words import outcomes
from lib.ui.words.formats import NOTHING, duration, one_line, plural

_NO_TIME = "Recall names no times for this bot, so there is nothing to draw. Its statuses stand below."


def show_life(bot: Bot, outcome: Outcome, read_at: datetime | None) -> None:
    """The phases with their lengths, in the colour of what became of the bot."""
    stretches = phases_of(bot, read_at)
    spans = spans_of(stretches, outcomes.fill(outcome))
    if spans:
        show_timeline(spans, viewer_zone(), alt_text=f"The bot: {life_in_words(stretches)}.")
    elif bot.status_changes:
        st.caption(_NO_TIME)


def show_steps(bot: Bot) -> None:
    """Every status in time order. Codes and messages are Recall's own words, so they are in plain cells."""
    steps = steps_of(bot)
    show_plain_table(steps, STEP_COLUMNS, alt=f"{plural(len(steps), 'status', 'statuses')} of this bot, in time order")


def show_recordings(bot: Bot) -> None:
    """One row a recording; Recall's words for their states are in plain cells."""
    st.subheader("Recordings", anchor=False)
    if not bot.recordings:
        st.caption("This bot has no recording.")
        return
    show_plain_table(bot.recordings, RECORDING_COLUMNS, alt=plural(len(bot.recordings), "recording"))


def life_in_words(stretches: Sequence[PhaseSpan]) -> str:
    """The phases in one sentence, for whoever does not see the chart."""
    return ", then ".join(f"{stretch.phase.label.lower()}{_length(stretch, ' ')}" for stretch in stretches)


def spans_of(stretches: Sequence[PhaseSpan], fill: str) -> tuple[Span, ...]:
    """What is drawn: every phase whose beginning is known, from when the bot set out."""
    return tuple(
        Span(s.phase.label, s.began, s.ended or s.began, _length(s) or ("end" if s.phase is Phase.ENDED else ""), fill)
        for s in stretches
        if s.began and s.phase is not Phase.BOOKED
    )


def _length(stretch: PhaseSpan, before: str = "") -> str:
    """How long; the end has no length worth telling."""
    if stretch.lasted is None or stretch.phase is Phase.ENDED:
        return ""
    return before + duration(stretch.lasted)


def _recorded_for(recording: Recording) -> str:
    if recording.started_at is None:
        return "did not start"
    return duration(recording.completed_at - recording.started_at) if recording.completed_at else NOTHING


STEP_COLUMNS: Columns[TimelineStep] = {
    "at": time_column("When", lambda step: step.at, width=146, format="ddd D MMM, HH:mm:ss"),
    "phase": text_column("What it did", 110, lambda step: step.phase.label if step.phase else NOTHING),
    "lasted": text_column("For", 100, lambda step: duration(step.lasted) if step.lasted is not None else NOTHING),
    "code": text_column("Status", 170, lambda step: one_line(step.code)),
    "sub_code": text_column("Sub code", 220, lambda step: one_line(step.sub_code) or NOTHING),
    "message": text_column("Message", 140, lambda step: one_line(step.message) or NOTHING),
}
RECORDING_COLUMNS: Columns[Recording] = {
    "began": time_column("Began", lambda recording: recording.started_at),
    "lasted": text_column("Length", 120, _recorded_for),
    "state": text_column("State", 140, lambda recording: one_line(recording.status) or NOTHING),
    "id": text_column("Recording", 330, lambda recording: one_line(recording.id)),
}
