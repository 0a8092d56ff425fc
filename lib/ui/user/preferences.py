"""One user's recording preferences: choose them, preview the effect, save, and see how it ended."""

import streamlit as st

from lib.bootstrap import desk
from lib.commands.preferences import save_preferences
from lib.domain import CalendarUser, Preferences
from lib.errors import DeskError
from lib.queries import CalendarSnapshot
from lib.queries.judged_calendar import JudgedCalendar
from lib.recording.overrides import REASON_AT_MOST
from lib.recording.presets import Preset, problem_with_bot_name, with_preset
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.user.preferences_preview import outlook_of, show_preferences_preview
from lib.ui.user.saved_preferences import forget_refusal, keep_refusal, show_last_change
from lib.ui.widgets import theme
from lib.ui.widgets.buttons import clicked
from lib.ui.widgets.notices import view_only
from lib.ui.widgets.preferences_choice import CUSTOM_CAPTION, OPTIONS, choose_flags, option_of
from lib.ui.words.formats import fraction

NAME_WHEN_NONE = "Meeting Notetaker"


def show_preferences(known: CalendarSnapshot, calendar: JudgedCalendar | None, member: StaffMember) -> None:
    """The section: what is recorded at the left, what saving would change at the right."""
    shown = known.user.preferences or Preferences()
    may_change = member.may(Permission.PREFERENCES_WRITE)
    show_last_change(known, calendar, member)
    if not may_change:
        st.info(view_only("Changing preferences", Permission.PREFERENCES_WRITE), icon=":material/lock:")
    choice, preview = st.columns([2, 3], gap="large")
    with choice:
        wanted = _choose(known, calendar, shown, disabled=not may_change)
        if may_change:
            st.text_input(
                "Reason (kept in Activity)",
                key=_reason_key(known.user),
                max_chars=REASON_AT_MOST,
                placeholder="Optional",
            )
    with preview:
        show_preferences_preview(known, calendar, wanted)
        if may_change:
            _offer_save(known, calendar, member, shown, wanted)


def _choose(
    known: CalendarSnapshot, calendar: JudgedCalendar | None, shown: Preferences, *, disabled: bool
) -> Preferences:
    """The widgets. Their keys include the stored preferences, so that they start afresh when those change."""
    key = f"{known.user.id}:{hash(shown)}"
    st.subheader("What is recorded", anchor=False)
    flags = choose_flags(
        f"preset:{key}", shown=shown.flags, captions=_captions(known, calendar, shown), disabled=disabled
    )
    return Preferences(**flags, bot_name=_bot_name(shown, key, disabled))


def _captions(known: CalendarSnapshot, calendar: JudgedCalendar | None, shown: Preferences) -> list[str]:
    captions = [*(_caption(known, calendar, shown, preset) for preset in Preset), CUSTOM_CAPTION]
    captions[OPTIONS.index(option_of(shown.flags))] += " (now)"
    return captions


def _caption(known: CalendarSnapshot, calendar: JudgedCalendar | None, shown: Preferences, preset: Preset) -> str:
    if calendar is None:
        return preset.meaning
    wanted = with_preset(shown, preset)
    outlook = outlook_of(known, calendar, wanted)
    recorded = sum(each.now if wanted == shown else each.after for each in outlook)
    return f"{preset.meaning} {fraction(recorded, len(outlook))}"


def _bot_name(shown: Preferences, key: str, disabled: bool) -> str | None:
    typed = st.text_input(
        "Bot name",
        value=shown.bot_name or "",
        placeholder=NAME_WHEN_NONE,
        help="People in the call see it. It takes Recall a few minutes to reach bots that are already booked.",
        key=f"bot_name:{key}",
        disabled=disabled,
    )
    return typed if typed or shown.bot_name else shown.bot_name


def _reason_key(user: CalendarUser) -> str:
    return f"why_preferences:{user.id}"


def _offer_save(
    known: CalendarSnapshot,
    calendar: JudgedCalendar | None,
    member: StaffMember,
    shown: Preferences,
    wanted: Preferences,
) -> None:
    problem = problem_with_bot_name(wanted.bot_name or "") if wanted.bot_name != shown.bot_name else None
    if problem:
        st.error(problem, icon=":material/error:")
    with st.container(horizontal=True):
        save = clicked(
            _save_words(known, calendar, wanted) if wanted != shown else "Nothing to save",
            icon=":material/save:",
            type=theme.main_button(),
            disabled=wanted == shown or problem is not None,
            key="save_preferences",
        )
        st.button("Discard", type="tertiary", disabled=wanted == shown, on_click=_discard, args=(known.user,))
    if save and wanted != shown:  # a second click finds that nothing differs any more
        _save(known.user, member, shown, wanted)


def _save_words(known: CalendarSnapshot, calendar: JudgedCalendar | None, wanted: Preferences) -> str:
    outlook = outlook_of(known, calendar, wanted)
    gains, losses = sum(each.is_gain for each in outlook), sum(each.is_loss for each in outlook)
    return f"Save: {gains} more, {losses} fewer" if gains or losses else "Save"


def _discard(user: CalendarUser) -> None:
    for key in [key for key in st.session_state if isinstance(key, str) and f":{user.id}:" in key]:
        del st.session_state[key]


def _save(user: CalendarUser, member: StaffMember, shown: Preferences, wanted: Preferences) -> None:
    why = str(st.session_state.get(_reason_key(user), "")).strip() or None
    forget_refusal()
    with st.spinner("Saving at Recall and reading it back…"):
        try:
            saved = save_preferences(desk().context, member, user, shown, wanted, why=why)
        except DeskError as problem:
            desk().calendars.read_again(user)
            keep_refusal(problem, user)
        else:  # the record says how it ended
            desk().calendars.follow_bookings(saved.user or user)
    st.rerun()
