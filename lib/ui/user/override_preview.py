"""The choice of an override for the selected meetings, what it would do to each of them, and its confirmation."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import streamlit as st

from lib.clock import utc_now
from lib.domain import CalendarUser, comparable_uid
from lib.queries import CalendarSnapshot
from lib.queries.judged_calendar import JudgedMeeting
from lib.recording.decision import trace
from lib.recording.outcome import Outcome
from lib.recording.overrides import (
    OVERRIDE_LABELS,
    REASON_AT_MOST,
    OverrideEffect,
    PlannedOverride,
    plan_override,
    problem_with_reason,
    series_of,
)
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.sign_in.access import authorize
from lib.ui.user.overrides import ROWS_SEEN, ConfirmedWrite, PendingOverride, override_session
from lib.ui.widgets import theme
from lib.ui.widgets.notices import view_only
from lib.ui.widgets.table import (
    NO_TITLE,
    Columns,
    chip_column,
    select_rows,
    show_plain_table,
    show_table,
    text_column,
    time_column,
)
from lib.ui.words import outcomes
from lib.ui.words.formats import NOTHING, one_line, plural

IS_GONE = "It is no longer in the calendar."
_CHOICES: Mapping[bool | None, str] = {True: "Record", False: "Don't record", None: "Follow the rules"}
_BUTTONS: Mapping[bool | None, tuple[str, str]] = {
    True: (":material/radio_button_checked:", "override_record"),
    False: (":material/block:", "override_not"),
    None: (":material/rule:", "override_rules"),
}
"""The icon and key of each choice."""
_EFFECTS = {
    OverrideEffect.CHANGES: "→ Changes",
    OverrideEffect.ALREADY_SET: "= Stays",
    OverrideEffect.IMPOSSIBLE: "! Left out",
    OverrideEffect.NEEDS_TICK: "? Tick it",
}
_EFFECT_CHIPS = ("(1)", "→ Changes", "= Stays", "! Left out", "(5)", "? Tick it")
"""In the order of the outcome colours: blue, grey, orange, grey."""
_COUNTED = {
    OverrideEffect.CHANGES: ("changes", "change"),
    OverrideEffect.NEEDS_TICK: ("needs a tick and a reason", "need a tick and a reason"),
    OverrideEffect.ALREADY_SET: ("is already set", "are already set"),
    OverrideEffect.IMPOSSIBLE: ("cannot be recorded whatever is chosen", "cannot be recorded whatever is chosen"),
}
_AFTER = {
    True: outcomes.chip(Outcome.WILL_RECORD),
    False: f"{Outcome.OFF_BY_CHOICE.sign} Not recorded",
    None: f"{Outcome.UNKNOWN.sign} Not known",
}
_AFTER_CHIPS = ("(1)", _AFTER[True], _AFTER[False], "(4)", "(5)", _AFTER[None])
_TICK_COLUMNS: Columns[PlannedOverride] = {
    "starts": time_column("Starts", lambda each: each.entry.start_time),
    "title": text_column("Meeting", 180, lambda each: one_line(each.entry.title) or NO_TITLE),
    "why": text_column("Why it is left out", 480, lambda each: each.needs_reason or NOTHING),
}


def show_selection_bar(
    known: CalendarSnapshot,
    selected: Sequence[JudgedMeeting],
    coming: Sequence[JudgedMeeting],
    table: str,
    member: StaffMember,
) -> None:
    """The number of selected meetings, and the choices for them. `coming`: the rows of `table` without its filters."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{len(selected)} selected**", width="content")
        if not member.may(Permission.OVERRIDES_WRITE):
            words = view_only("Setting overrides", Permission.OVERRIDES_WRITE)
            st.caption(f":material/lock: {words}", width="content")
            return
        for wanted, (icon, key) in _BUTTONS.items():
            pending = PendingOverride(known.user.id, tuple(row.entry.id for row in selected), wanted)
            st.button(_CHOICES[wanted], icon=icon, key=key, on_click=override_session().preview, args=(pending,))
        if len(selected) == 1:
            _offer_series(known, selected[0], coming, table)


def _offer_series(known: CalendarSnapshot, one: JudgedMeeting, coming: Sequence[JudgedMeeting], table: str) -> None:
    ids = {entry.id for entry in series_of(one.entry, known.entries, known.as_of or one.start)}
    places = [place for place, row in enumerate(coming) if row.entry.id in ids]
    if len(places) > 1:
        st.button(
            "Whole series…",
            icon=":material/event_repeat:",
            type="tertiary",
            key="override_series",
            help=f"Selects all {len(places)} coming occurrences.",
            on_click=_select_series,
            args=(table, places, [row.entry.id for row in coming]),
        )


def _select_series(table: str, places: list[int], names: list[str]) -> None:
    """Select the series with the list's filters off, so that occurrences they hide are selected too."""
    st.session_state["only"] = []
    override_session().preview(None)
    select_rows(table, places, names)


def show_choices(rows: Sequence[JudgedMeeting]) -> None:
    """For several selected meetings, before a choice is made: what each choice would do."""
    now = utc_now()
    with st.container(border=True):
        st.markdown("**What each choice would do**")
        st.markdown("\n".join(f"- {words}: {summary(_plan(rows, wanted, now))}" for wanted, words in _CHOICES.items()))
        st.caption("Choose above. Nothing is sent before you have seen each meeting and confirmed.")


def summary(plan: Sequence[PlannedOverride]) -> str:
    """ "3 meetings change, 1 is already set, 1 cannot be recorded whatever is chosen." """
    counts = Counter(each.effect for each in plan)
    found = [(counts[effect], words[counts[effect] != 1]) for effect, words in _COUNTED.items() if counts[effect]]
    told = [f"{number if place else plural(number, 'meeting')} {verb}" for place, (number, verb) in enumerate(found)]
    return f"{', '.join(told) or NOTHING}."


def _plan(rows: Sequence[JudgedMeeting], wanted: bool | None, now: datetime) -> tuple[PlannedOverride, ...]:
    plan = (plan_override(row.entry, wanted, now) for row in rows)
    removed = (row.stored.removed_at is not None for row in rows)
    return tuple(replace(each, problem=IS_GONE) if gone else each for each, gone in zip(plan, removed, strict=True))


def show_override_preview(user: CalendarUser, pending: PendingOverride, rows: Sequence[JudgedMeeting]) -> None:
    """The pending override: each meeting, what needs a tick or a reason, and the button."""
    now = utc_now()
    plan = _plan(rows, pending.wanted, now)
    with st.container(border=True):
        st.markdown(f"**{_CHOICES[pending.wanted]}**: {summary(plan)}")
        above = st.container()
        to_tick = [each for each in plan if each.effect is OverrideEffect.NEEDS_TICK]
        ticked = to_tick if len(rows) == 1 else _ask_for_ticks(to_tick, pending.wanted)
        to_do = [each for each in plan if each.effect is OverrideEffect.CHANGES or each in ticked]
        with above:
            alt = f"{plural(len(plan), 'meeting')}: {summary(plan)}"
            show_plain_table(plan, _columns(user, pending.wanted, to_do, now), alt=alt, most_rows=ROWS_SEEN)
            if pending.wanted is None:
                st.caption("What the rules make of a meeting is our estimate. Recall decides.")
            _show_notes(plan)
        _warn_of_late_ones(to_do)
        _offer_confirm(user, pending.wanted, to_do)


def _columns(
    user: CalendarUser, wanted: bool | None, to_do: Collection[PlannedOverride], now: datetime
) -> Columns[PlannedOverride]:
    def override_after(each: PlannedOverride) -> bool | None:
        return wanted if each in to_do else each.entry.override_should_record

    def effect(each: PlannedOverride) -> str:
        return _EFFECTS[OverrideEffect.CHANGES if each in to_do else each.effect]

    def before_and_after(each: PlannedOverride) -> str:
        was, will = each.entry.override_should_record, override_after(each)
        return OVERRIDE_LABELS[was] if will is was else f"{OVERRIDE_LABELS[was]} → {OVERRIDE_LABELS[will]}"

    def recorded(each: PlannedOverride) -> bool | None:
        """Whether it would be recorded; of an unchanged one, Recall's own decision."""
        will = override_after(each)
        if will is each.entry.override_should_record:
            return each.entry.will_record
        return trace(each.entry, user, now, override=will).verdict

    return {
        "starts": time_column("Starts", lambda each: each.entry.start_time),
        "effect": chip_column("Effect", 104, effect, _EFFECT_CHIPS),
        "title": text_column("Meeting", 136, lambda each: one_line(each.entry.title) or NO_TITLE),
        "choice": text_column("Choice", 176, before_and_after),
        "then": chip_column("Then", 124, lambda each: _AFTER[recorded(each)], _AFTER_CHIPS),
        "note": text_column("Note", 206, lambda each: each.problem or each.needs_reason or each.warning or NOTHING),
    }


def _show_notes(plan: Sequence[PlannedOverride]) -> None:
    """Why meetings are left out, in full because a cell may cut it off; and what holds for a series."""
    problems = Counter(each.problem for each in plan if each.problem is not None)
    for problem, number in problems.items():
        st.caption(f"{plural(number, 'meeting')} left out. {problem}")
    uids = {comparable_uid(each.entry.ical_uid) for each in plan}
    if len(plan) > 1 and len(uids) == 1 and None not in uids:
        st.caption(
            "These are occurrences of one series. Recall knows those of the next four weeks; later ones will follow "
            "the rules."
        )


def _ask_for_ticks(to_tick: Sequence[PlannedOverride], wanted: bool | None) -> list[PlannedOverride]:
    if not to_tick:
        return []
    st.markdown(f"**{plural(len(to_tick), 'meeting')} left out unless ticked**")
    return show_table(
        to_tick,
        _TICK_COLUMNS,
        key=f"ticks_{wanted}",
        alt=f"{plural(len(to_tick), 'meeting')} to tick",
        most_rows=ROWS_SEEN,
        many=True,
        names=[each.entry.id for each in to_tick],
    )


def _warn_of_late_ones(to_do: Sequence[PlannedOverride]) -> None:
    late = [each.warning for each in to_do if each.warning]
    if not late:
        return
    many = f"{len(late)} of these start within ten minutes or have started: the change may come too late."
    st.warning(late[0] if len(late) == 1 else many, icon=":material/schedule:")


def _offer_confirm(user: CalendarUser, wanted: bool | None, to_do: Sequence[PlannedOverride]) -> None:
    session, key = override_session(), f"override_why:{user.id}"
    needed = next((each.needs_reason for each in to_do if each.needs_reason), None)
    st.text_input(
        "Reason" if needed else "Reason (optional)",
        key=key,
        max_chars=REASON_AT_MOST,
        help="Kept with the change, in Activity.",
        disabled=not to_do,
    )
    if session.problem:
        st.error(session.problem, icon=":material/error:")
    with st.container(horizontal=True):
        st.button(
            _confirm_words(wanted, len(to_do)),
            icon=":material/check:",
            type=theme.main_button(),
            disabled=not to_do,
            on_click=_confirm,
            args=(ConfirmedWrite(user, tuple(each.entry for each in to_do), wanted), needed, key),
            key="override_confirm",
        )
        st.button("Cancel", type="tertiary", on_click=session.preview, args=(None,), key="override_cancel")


def _confirm_words(wanted: bool | None, number: int) -> str:
    if not number:
        return "Nothing to change"
    meetings = plural(number, "meeting")
    return {True: f"Record {meetings}", False: f"Don't record {meetings}", None: f"Let {meetings} follow the rules"}[
        wanted
    ]


def _confirm(write: ConfirmedWrite, needed: str | None, key: str) -> None:
    """The click alone: the next run of the page sends it. The second of a double click finds nothing pending."""
    if authorize(Permission.OVERRIDES_WRITE) is None:
        return
    session, why = override_session(), str(st.session_state.get(key, "")).strip() or None
    if session.pending is None:
        return
    if needed and problem_with_reason(why):
        session.problem = needed
        return
    session.confirmed = replace(write, why=why)
    st.session_state.pop(key, None)
