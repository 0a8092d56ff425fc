"""One bot's life: its phases as bars along the time, and every status as Recall named it."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from lib.domain import Bot
from lib.recording.outcome import Outcome
from lib.recording.timeline import Phase, PhaseSpan, phases_of, steps_of
from lib.ui.charts import Span, show_timeline
from lib.ui.widgets.tables import show_plain_table, text_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words import outcomes
from lib.ui.words.formats import NOTHING, duration, one_line, plural, zone_city

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
    """Every status in time order. Codes and messages are Recall's own words, so they stand in plain cells."""
    steps = steps_of(bot)
    zone = viewer_zone()
    frame = pd.DataFrame(
        {
            "at": pd.DatetimeIndex([step.at for step in steps], tz="UTC"),
            "phase": [step.phase.label if step.phase else NOTHING for step in steps],
            "lasted": [duration(step.lasted) if step.lasted is not None else NOTHING for step in steps],
            "code": [one_line(step.code) for step in steps],
            "sub_code": [one_line(step.sub_code) or NOTHING for step in steps],
            "message": [one_line(step.message) or NOTHING for step in steps],
        }
    )
    columns = {
        "at": st.column_config.DatetimeColumn(
            f"When ({zone_city(zone)})", width=146, format="ddd D MMM, HH:mm:ss", timezone=zone.key
        ),
        "phase": text_column("What it did", 110),
        "lasted": text_column("For", 100),
        "code": text_column("Status", 170),
        "sub_code": text_column("Sub code", 220),
        "message": text_column("Message", 140),
    }
    show_plain_table(frame, columns, alt=f"{plural(len(steps), 'status', 'statuses')} of this bot, in time order")


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
