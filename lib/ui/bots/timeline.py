"""How one bot's call went: in a sentence of ours, as a timeline, by every status, and by its recordings."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import streamlit as st

from lib.domain import Bot, Recording
from lib.queries.bot import KnownBot
from lib.recording.outcome import Outcome
from lib.recording.timeline import Phase, PhaseSpan, TimelineStep, phases_of, steps_of, waiting_time
from lib.ui.charts import Span, show_timeline
from lib.ui.widgets.table import Columns, show_plain_table, text_column, time_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words import outcomes
from lib.ui.words.formats import NOTHING, duration, one_line, plural

_WITHOUT_A_REASON = {
    Outcome.RECORDED: "The bot recorded the meeting.",
    Outcome.IN_PART: "The bot recorded part of the meeting.",
    Outcome.WILL_RECORD: "The bot is booked, and joins two minutes before the start.",
    Outcome.IN_PROGRESS: "The meeting is not over yet.",
    Outcome.UNSETTLED: "The meeting is over, and Recall has not said yet what became of the bot.",
}


def what_happened(known: KnownBot) -> str:
    """What happened to the bot, in a sentence or two of our own words."""
    if known.bot is None:
        return _unread(known)
    if (reason := known.reason) is None:
        return _with_length(known.outcome, known.bot)
    if known.outcome is Outcome.WILL_RECORD:
        return reason.why_coming
    if reason.key == "waiting_room_not_admitted" and (span := waiting_time(known.bot)):
        return f"The host did not let the bot in: it waited {duration(span)} and left."
    return reason.why_past


def what_to_do(known: KnownBot) -> str:
    """The advice for whoever can act; empty where there is nothing to do."""
    return known.reason.what_to_do if known.reason else ""


def _unread(known: KnownBot) -> str:
    if known.row.failure:
        return "Recall could not be asked about this bot the last time. The next sync tries again."
    if known.outcome is Outcome.WILL_RECORD:
        return _WITHOUT_A_REASON[Outcome.WILL_RECORD]
    return "The bot was not read yet: its statuses appear after the next sync."


def _with_length(outcome: Outcome, bot: Bot) -> str:
    lengths = (each.lasted for each in phases_of(bot) if each.phase is Phase.RECORDING and each.lasted)
    span = sum(lengths, timedelta())
    if outcome is Outcome.RECORDED and span:
        return f"The bot recorded for {duration(span)}."
    return _WITHOUT_A_REASON.get(outcome, "What became of the bot is not known.")


_NO_TIME = "Recall names no times for this bot, so there is nothing to draw. Its statuses are listed below."


def show_phases(bot: Bot, outcome: Outcome, read_at: datetime | None) -> None:
    """The bot's phases with their lengths, in the colour of its outcome."""
    phases = phases_of(bot, read_at)
    spans = spans_of(phases, outcomes.fill(outcome))
    if spans:
        show_timeline(spans, viewer_zone(), alt_text=f"The bot: {phases_sentence(phases)}.")
    elif bot.status_changes:
        st.caption(_NO_TIME)


def show_steps(bot: Bot) -> None:
    """Every status in time order. Codes and messages are Recall's words, so they are shown in plain cells."""
    steps = steps_of(bot)
    show_plain_table(steps, STEP_COLUMNS, alt=f"{plural(len(steps), 'status', 'statuses')} of this bot, in time order")


def show_recordings(bot: Bot) -> None:
    """The bot's recordings. Their states are Recall's words, so they are shown in plain cells."""
    st.subheader("Recordings", anchor=False)
    if not bot.recordings:
        st.caption("This bot has no recording.")
        return
    show_plain_table(bot.recordings, RECORDING_COLUMNS, alt=plural(len(bot.recordings), "recording"))


def phases_sentence(phases: Sequence[PhaseSpan]) -> str:
    """The phases in one sentence, for those who cannot see the chart."""
    return ", then ".join(f"{phase.phase.label.lower()}{_length(phase, ' ')}" for phase in phases)


def spans_of(phases: Sequence[PhaseSpan], fill: str) -> tuple[Span, ...]:
    """The bars to draw: every phase from when the bot set out whose start is known."""
    return tuple(
        Span(s.phase.label, s.began, s.ended or s.began, _length(s) or ("end" if s.phase is Phase.ENDED else ""), fill)
        for s in phases
        if s.began and s.phase is not Phase.BOOKED
    )


def _length(phase: PhaseSpan, before: str = "") -> str:
    """The length after `before`; empty where it is unknown, and for the end, which has none."""
    if phase.lasted is None or phase.phase is Phase.ENDED:
        return ""
    return before + duration(phase.lasted)


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
