"""One user's recording preferences: choose, see what saving would change, save, and see what Recall made of it."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from lib.bootstrap import desk
from lib.changes.preferences import save_preferences
from lib.domain import CalendarUser, Preferences
from lib.errors import DeskError
from lib.reading import CalendarSnapshot
from lib.recording.forecast import Forecast, forecast
from lib.recording.outcome import Outcome
from lib.recording.presets import Preset, contradictions, preset_of, problem_with_bot_name, with_preset
from lib.recording.words import rule_label
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui import outcomes, theme
from lib.ui.charts import show_stacked_bars
from lib.ui.judged import judged
from lib.ui.presets import FLAG_WORDS
from lib.ui.saved import keep_outcome, keep_refusal, show_outcome
from lib.ui.tables import NO_TITLE, chip_column, show_plain_table, starts_column, text_column
from lib.ui.words import fraction, one_line, plural

CUSTOM = "custom"
NAME_WHEN_NONE = "Meeting Notetaker"
_CHANGES = {"gain": "Gain", "lose": "Lose", "same": "No change"}
_CHANGE_CHIPS = {"gain": "+ Gain", "lose": "− Lose", "same": "= Same"}
_CHANGE_WORDS = ("+ Gain", "→", "= Same", "− Lose")
"""In the order of the outcome colours: green, blue (unused), grey, orange."""
_ROWS_SEEN = 6


def show_preferences(known: CalendarSnapshot, member: StaffMember) -> None:
    """The section: what is recorded at the left, what saving would change at the right."""
    user = known.user
    shown = user.preferences or Preferences()
    may_change = member.may(Permission.PREFERENCES_WRITE)
    show_outcome(known)
    if not may_change:
        st.info(
            "You may look, not change. Changing preferences needs the role Editor. Ask an admin.",
            icon=":material/lock:",
        )
    choice, preview = st.columns([2, 3], gap="large")
    with choice:
        wanted = _choose(known, shown, disabled=not may_change)
    with preview:
        _show_preview(known, wanted)
        if may_change:
            _offer_save(known, member, shown, wanted)


def _choose(known: CalendarSnapshot, shown: Preferences, *, disabled: bool) -> Preferences:
    """The widgets. Their keys hold what is set now, so that they begin anew when that changes."""
    key = f"{known.user.id}:{hash(shown)}"
    st.subheader("What is recorded", anchor=False)
    stored = preset_of(shown)
    options = [*(preset.value for preset in Preset), CUSTOM]
    choice = st.radio(
        "What is recorded",
        options,
        index=options.index(stored.value if stored else CUSTOM),
        format_func=lambda value: "Custom" if value == CUSTOM else Preset(value).label,
        captions=_captions(known, shown),
        key=f"preset:{key}",
        disabled=disabled,
        label_visibility="collapsed",
    )
    wanted = _flags(shown, key, disabled) if choice == CUSTOM else with_preset(shown, Preset(choice))
    return replace(wanted, bot_name=_bot_name(shown, key, disabled))


def _captions(known: CalendarSnapshot, shown: Preferences) -> list[str]:
    stored = preset_of(shown)
    return [*(_caption(known, shown, preset, preset is stored) for preset in Preset), _custom_caption(stored)]


def _caption(known: CalendarSnapshot, shown: Preferences, preset: Preset, is_stored: bool) -> str:
    if known.as_of is None:
        return preset.meaning
    outlook = _outlook(known, with_preset(shown, preset))
    recorded = sum(1 for f in outlook if (f.now if is_stored else f.after))
    return f"{preset.meaning} {fraction(recorded, len(outlook))}{' (now)' if is_stored else ''}"


def _custom_caption(stored: Preset | None) -> str:
    return f"Six switches, for special cases.{'' if stored else ' (now)'}"


def _flags(shown: Preferences, key: str, disabled: bool) -> Preferences:
    st.caption("Recall documents the presets above. What other combinations record is our best reading.")
    flags = {
        name: st.toggle(label, value=shown.flags[name], help=meaning, key=f"{name}:{key}", disabled=disabled)
        for name, (label, meaning) in FLAG_WORDS.items()
    }
    wanted = Preferences(**flags, bot_name=shown.bot_name)
    for sentence in contradictions(wanted):
        st.warning(sentence, icon=":material/warning:")
    return wanted


def _bot_name(shown: Preferences, key: str, disabled: bool) -> str | None:
    typed = st.text_input(
        "Bot name",
        value=shown.bot_name or "",
        placeholder=NAME_WHEN_NONE,
        help="What people in the call see. It takes Recall a few minutes to reach bots that are booked already.",
        key=f"bot_name:{key}",
        disabled=disabled,
    )
    return typed if typed or shown.bot_name else shown.bot_name


def _show_preview(known: CalendarSnapshot, wanted: Preferences) -> None:
    st.subheader("What saving will change", anchor=False)
    if known.as_of is None:
        st.skeleton(height=220)
        return
    outlook = _outlook(known, wanted)
    if not outlook:
        st.caption("No meeting that could be recorded is coming in the next 14 days.")
        return
    st.markdown(preview_sentence(outlook))
    _show_bars(outlook)
    _show_changes(outlook)
    st.caption("Our estimate. Recall decides; after saving, its answer stands beside it.")


def _outlook(known: CalendarSnapshot, wanted: Preferences) -> tuple[Forecast, ...]:
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
            "rule": [rule_label(f.trace.rule) for f in rows],
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


def _offer_save(known: CalendarSnapshot, member: StaffMember, shown: Preferences, wanted: Preferences) -> None:
    problem = problem_with_bot_name(wanted.bot_name or "") if wanted.bot_name != shown.bot_name else None
    if problem:
        st.error(problem, icon=":material/error:")
    with st.container(horizontal=True):
        save = st.button(
            _save_words(known, shown, wanted),
            icon=":material/save:",
            type=theme.main_button(),
            disabled=wanted == shown or problem is not None,
            key="save_preferences",
        )
        st.button("Discard", type="tertiary", disabled=wanted == shown, on_click=_discard, args=(known.user,))
    if save:
        _save(known.user, member, shown, wanted)


def _save_words(known: CalendarSnapshot, shown: Preferences, wanted: Preferences) -> str:
    if wanted == shown:
        return "Nothing to save"
    outlook = _outlook(known, wanted)
    gains, losses = sum(f.is_gain for f in outlook), sum(f.is_loss for f in outlook)
    return f"Save: {gains} more, {losses} fewer" if gains or losses else "Save"


def _discard(user: CalendarUser) -> None:
    for key in [key for key in st.session_state if isinstance(key, str) and f":{user.id}:" in key]:
        del st.session_state[key]


def _save(user: CalendarUser, member: StaffMember, shown: Preferences, wanted: Preferences) -> None:
    with st.spinner("Saving at Recall and reading it back…"):
        try:
            saved = save_preferences(desk().recall, member, user, shown, wanted)
        except DeskError as problem:
            keep_refusal(problem, user)
            desk().calendars.read_again(user)
            st.rerun()
    keep_outcome(saved, user)
    desk().calendars.follow_bookings(saved.user or user)
    desk().users.read_again()
    st.rerun()
