"""What saving other preferences would change: our estimate for the coming meetings as a sentence, bars and a table."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from lib.bootstrap import desk
from lib.domain import Preferences
from lib.errors import StoreError
from lib.queries import CalendarSnapshot
from lib.queries.judged_calendar import JudgedCalendar
from lib.recording.forecast import AHEAD_DAYS, Forecast, forecast
from lib.recording.outcome import Outcome
from lib.store import agreements
from lib.ui.charts import show_stacked_bars
from lib.ui.widgets.table import NO_TITLE, Columns, chip_column, show_plain_table, text_column, time_column
from lib.ui.words import outcomes
from lib.ui.words.formats import count, fraction, one_line, percent, plural

_EFFECTS = {"gain": "Gain", "lose": "Lose", "same": "No change"}
_EFFECT_CHIPS = ("+ Gain", "→", "= Same", "− Lose")
"""In the order of the outcome colours: green, blue (unused), grey, orange."""
_COLUMNS: Columns[Forecast] = {
    "starts": time_column("Starts", lambda each: each.entry.start_time),
    "title": text_column("Meeting", 150, lambda each: one_line(each.entry.title) or NO_TITLE),
    "change": chip_column("Change", 84, lambda each: _effect_chip(each), _EFFECT_CHIPS),
    "rule": text_column("Rule that decides", 180, lambda each: each.trace.rule.label),
}
_ROWS_SEEN = 6


def show_preferences_preview(known: CalendarSnapshot, calendar: JudgedCalendar | None, wanted: Preferences) -> None:
    """The sentence, bars for now and after, and the meetings gained, lost and unchanged."""
    st.subheader("What saving will change", anchor=False)
    if calendar is None:
        st.skeleton(height=220)
        return
    outlook = outlook_of(known, calendar, wanted)
    if not outlook:
        st.caption(f"No recordable meeting in the next {AHEAD_DAYS} days.")
        return
    st.markdown(preview_sentence(outlook))
    _show_bars(outlook)
    _show_changes(outlook)
    st.caption(f"Our estimate. Recall decides; after saving, this page shows its answer{_agreement_words()}.")


def outlook_of(known: CalendarSnapshot, calendar: JudgedCalendar | None, wanted: Preferences) -> tuple[Forecast, ...]:
    """The coming meetings under `wanted`; empty while nothing is known."""
    if calendar is None:
        return ()
    outlook = forecast(known.entries, known.user, calendar.as_of, calendar.until, wanted)
    if wanted == known.user.preferences:  # already set, so Recall's decision is the answer, not our estimate
        return tuple(replace(meeting, after=meeting.now) for meeting in outlook)
    return outlook


def preview_sentence(outlook: Sequence[Forecast]) -> str:
    """How many meetings are gained and lost, and how many would be recorded compared with now."""
    gains, losses = sum(f.is_gain for f in outlook), sum(f.is_loss for f in outlook)
    now, after = sum(f.now for f in outlook), sum(f.after for f in outlook)
    ahead = f"In the next {AHEAD_DAYS} days"
    if not gains and not losses:
        return f"{ahead} **nothing changes**: {fraction(now, len(outlook))} meetings will be recorded."
    return (
        f"{ahead} **{gains} more** meetings will be recorded and **{losses} fewer**: "
        f"{fraction(after, len(outlook))} instead of {now}."
    )


def _agreement_words() -> str:
    """How often estimate and decision have agreed over all saves so far; empty before the first."""
    try:
        with desk().store.read() as connection:
            found = agreements.of_all(connection)
    except StoreError:  # the page says so above
        return ""
    return f" (they agreed for {percent(found.share)} of {count(found.judged)} meetings)" if found.judged else ""


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
    groups = {name: [each for each in outlook if _effect(each) == name] for name in _EFFECTS}
    first = next((name for name in groups if groups[name]), "same")
    chosen = st.segmented_control(
        "Meetings",
        list(groups),
        default=first,
        required=True,
        format_func=lambda name: f"{_EFFECTS[name]} · {len(groups[name])}",
        key=f"changes:{first}",  # another choice starts with what it changes
        label_visibility="collapsed",
    )
    rows = groups[chosen or first]
    if rows:
        alt = f"{plural(len(rows), 'meeting')}: {_EFFECTS[chosen or first]}"
        show_plain_table(rows, _COLUMNS, alt=alt, most_rows=_ROWS_SEEN)
    else:
        st.caption("No meetings.")


def _effect(each: Forecast) -> str:
    return "gain" if each.is_gain else "lose" if each.is_loss else "same"


def _effect_chip(each: Forecast) -> str:
    return {"gain": "+ Gain", "lose": "− Lose", "same": "= Same"}[_effect(each)]
