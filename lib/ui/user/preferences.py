"""One user's recording preferences: choose, see what saving would change, save, and see what Recall made of it."""

from dataclasses import replace

import streamlit as st

from lib.bootstrap import desk
from lib.commands.preferences import save_preferences
from lib.domain import CalendarUser, Preferences
from lib.errors import DeskError
from lib.queries import CalendarSnapshot
from lib.recording.overrides import REASON_AT_MOST
from lib.recording.presets import Preset, contradictions, preset_of, problem_with_bot_name, with_preset
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, role_needed_for
from lib.ui.user.preferences_preview import outlook_of, show_preview
from lib.ui.user.presets import FLAG_WORDS
from lib.ui.user.saved_preferences import forget_refusal, keep_refusal, show_outcome
from lib.ui.widgets import theme
from lib.ui.widgets.buttons import clicked
from lib.ui.words.formats import fraction

CUSTOM = "custom"
NAME_WHEN_NONE = "Meeting Notetaker"


def show_preferences(known: CalendarSnapshot, member: StaffMember) -> None:
    """The section: what is recorded at the left, what saving would change at the right."""
    user = known.user
    shown = user.preferences or Preferences()
    may_change = member.may(Permission.PREFERENCES_WRITE)
    show_outcome(known, member)
    if not may_change:
        needed = role_needed_for(Permission.PREFERENCES_WRITE).title()
        st.info(
            f"You may look, not change. Changing preferences needs the role {needed}. Ask an admin.",
            icon=":material/lock:",
        )
    choice, preview = st.columns([2, 3], gap="large")
    with choice:
        wanted = _choose(known, shown, disabled=not may_change)
        if may_change:
            _ask_why(user)
    with preview:
        show_preview(known, wanted)
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
    outlook = outlook_of(known, with_preset(shown, preset))
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


def _ask_why(user: CalendarUser) -> None:
    st.text_input(
        "Reason (kept in Activity)",
        key=_why_key(user),
        max_chars=REASON_AT_MOST,
        placeholder="Need not be given",
    )


def _why_key(user: CalendarUser) -> str:
    return f"why_preferences:{user.id}"


def _offer_save(known: CalendarSnapshot, member: StaffMember, shown: Preferences, wanted: Preferences) -> None:
    problem = problem_with_bot_name(wanted.bot_name or "") if wanted.bot_name != shown.bot_name else None
    if problem:
        st.error(problem, icon=":material/error:")
    with st.container(horizontal=True):
        save = clicked(
            _save_words(known, shown, wanted),
            icon=":material/save:",
            type=theme.main_button(),
            disabled=wanted == shown or problem is not None,
            key="save_preferences",
        )
        st.button("Discard", type="tertiary", disabled=wanted == shown, on_click=_discard, args=(known.user,))
    if save and wanted != shown:  # a second click finds that nothing differs any more
        _save(known.user, member, shown, wanted)


def _save_words(known: CalendarSnapshot, shown: Preferences, wanted: Preferences) -> str:
    if wanted == shown:
        return "Nothing to save"
    outlook = outlook_of(known, wanted)
    gains, losses = sum(f.is_gain for f in outlook), sum(f.is_loss for f in outlook)
    return f"Save: {gains} more, {losses} fewer" if gains or losses else "Save"


def _discard(user: CalendarUser) -> None:
    for key in [key for key in st.session_state if isinstance(key, str) and f":{user.id}:" in key]:
        del st.session_state[key]


def _save(user: CalendarUser, member: StaffMember, shown: Preferences, wanted: Preferences) -> None:
    why = str(st.session_state.get(_why_key(user), "")).strip() or None
    forget_refusal()
    with st.spinner("Saving at Recall and reading it back…"):
        try:
            saved = save_preferences(desk().store, desk().recall, member, user, shown, wanted, why=why)
        except DeskError as problem:
            desk().calendars.read_again(user)
            keep_refusal(problem, user)
        else:  # how it ended stands in the record
            desk().calendars.follow_bookings(saved.user or user)
    st.rerun()
