"""What saving other preferences would change: our estimate for the coming meetings, in a sentence, bars and rows."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from lib.domain import Preferences
from lib.queries import CalendarSnapshot
from lib.recording.forecast import Forecast, forecast
from lib.recording.outcome import Outcome
from lib.ui.charts import show_stacked_bars
from lib.ui.user.agreement import estimate_words
from lib.ui.user.judged_calendar import judged
from lib.ui.widgets.tables import NO_TITLE, chip_column, show_plain_table, starts_column, text_column
from lib.ui.words import outcomes
from lib.ui.words.formats import fraction, one_line, plural

_CHANGES = {"gain": "Gain", "lose": "Lose", "same": "No change"}
_CHANGE_CHIPS = {"gain": "+ Gain", "lose": "− Lose", "same": "= Same"}
_CHANGE_WORDS = ("+ Gain", "→", "= Same", "− Lose")
"""In the order of the outcome colours: green, blue (unused), grey, orange."""
_ROWS_SEEN = 6


def show_preview(known: CalendarSnapshot, wanted: Preferences) -> None:
    """The sentence, now and after as bars, and the meetings gained, lost and the same."""
    st.subheader("What saving will change", anchor=False)
    if known.as_of is None:
        st.skeleton(height=220)
        return
    outlook = outlook_of(known, wanted)
    if not outlook:
        st.caption("No meeting that could be recorded is coming in the next 14 days.")
        return
    st.markdown(preview_sentence(outlook))
    _show_bars(outlook)
    _show_changes(outlook)
    st.caption(estimate_words())


def outlook_of(known: CalendarSnapshot, wanted: Preferences) -> tuple[Forecast, ...]:
    """The coming meetings under `wanted`; empty while nothing is known."""
    if known.as_of is None:
        return ()
    until = judged(known, known.as_of).until
    outlook = forecast(known.entries, known.user, known.as_of, until, wanted)
    if wanted == known.user.preferences:  # it is set already, so Recall's decision is the answer, not our estimate
        return tuple(replace(meeting, after=meeting.now) for meeting in outlook)
    return outlook


def preview_sentence(outlook: Sequence[Forecast]) -> str:
    """How many meetings are gained and lost, and how many would be recorded instead of how many."""
    gains, losses = sum(f.is_gain for f in outlook), sum(f.is_loss for f in outlook)
    now, after = sum(f.now for f in outlook), sum(f.after for f in outlook)
    if not gains and not losses:
        return f"In the next 14 days **nothing changes**: {fraction(now, len(outlook))} meetings will be recorded."
    return (
        f"In the next 14 days **{gains} more** meetings will be recorded and **{losses} fewer**: "
        f"{fraction(after, len(outlook))} instead of {now}."
    )


def _show_bars(outlook: Sequence[Forecast]) -> None:
    now, after, total = sum(f.now for f in outlook), sum(f.after for f in outlook), len(outlook)
    on, off = outcomes.chip(Outcome.WILL_RECORD), f"{Outcome.OFF_BY_CHOICE.sign} Not recorded"
    show_stacked_bars(
        {"Now": {on: now, off: total - now}, "After": {on: after, off: total - after}},
        order=(on, off),
        colors=(outcomes.fill(Outcome.WILL_RECORD), outcomes.fill(Outcome.OFF_BY_CHOICE)),
        alt_text=f"Now {now} of {total} coming meetings will be recorded, after saving {after}.",
    )


def _show_changes(outlook: Sequence[Forecast]) -> None:
    groups = {
        "gain": [f for f in outlook if f.is_gain],
        "lose": [f for f in outlook if f.is_loss],
        "same": [f for f in outlook if not f.is_gain and not f.is_loss],
    }
    first = next((name for name in groups if groups[name]), "same")
    chosen = st.segmented_control(
        "Meetings",
        list(groups),
        default=first,
        required=True,
        format_func=lambda name: f"{_CHANGES[name]} · {len(groups[name])}",
        key=f"changes:{first}",  # another choice begins with what it changes
        label_visibility="collapsed",
    )
    _show_changed(groups[chosen or first], chosen or first)


def _show_changed(rows: Sequence[Forecast], change: str) -> None:
    if not rows:
        st.caption("No meeting.")
        return
    frame = pd.DataFrame(
        {
            "starts": [f.entry.start_time for f in rows],
            "title": [one_line(f.entry.title) or NO_TITLE for f in rows],
            "change": [[_CHANGE_CHIPS[change]] for _ in rows],
            "rule": [f.trace.rule.label for f in rows],
        }
    )
    columns = {
        "starts": starts_column(),
        "title": text_column("Meeting", 150),
        "change": chip_column("Change", 84, _CHANGE_WORDS),
        "rule": text_column("Rule that decides", 180),
    }
    words = f"{plural(len(rows), 'meeting')}: {_CHANGES[change]}"
    show_plain_table(frame, columns, alt=words, most_rows=_ROWS_SEEN)
