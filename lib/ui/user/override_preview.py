"""What a choice would do to the selected meetings, said before anything is sent; and the button that does it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd
import streamlit as st

from lib.clock import utc_now
from lib.domain import CalendarUser, comparable_uid
from lib.queries import CalendarSnapshot
from lib.recording.decision import trace
from lib.recording.outcome import Outcome
from lib.recording.overrides import REASON_AT_MOST, PlannedOverride, plan_override, problem_with_reason
from lib.staff.permissions import Permission
from lib.ui.sign_in.access import acting
from lib.ui.user.judged_calendar import Judged
from lib.ui.user.override_state import CHOICE_WORDS, Asked, Confirmed, overriding
from lib.ui.widgets import theme
from lib.ui.widgets.tables import NO_TITLE, chip_column, show_plain_table, show_table, starts_column, text_column
from lib.ui.words import outcomes
from lib.ui.words.formats import NOTHING, one_line, plural

IS_GONE = "It is no longer in the calendar."
_CHANGES, _SAME, _OUT, _TICK = "→ Changes", "= Stays", "! Left out", "? Tick it"
_EFFECTS = ("(1)", _CHANGES, _SAME, _OUT, "(5)", _TICK)
"""In the order of the outcome colours: blue, grey, orange, grey."""
_THEN = {
    True: outcomes.chip(Outcome.WILL_RECORD),
    False: f"{Outcome.OFF_BY_CHOICE.sign} Not recorded",
    None: f"{Outcome.UNKNOWN.sign} Not known",
}
_THEN_CHIPS = ("(1)", _THEN[True], _THEN[False], "(4)", "(5)", _THEN[None])
_WOULD = {True: "Record", False: "Don't record", None: "Follow the rules"}
_ROWS_SEEN = 6


@dataclass(frozen=True, slots=True)
class Plan:
    """What giving the selected meetings one choice meets. One selected by itself needs no further tick."""

    wanted: bool | None
    meetings: tuple[PlannedOverride, ...]

    @property
    def ready(self) -> tuple[PlannedOverride, ...]:
        """Those that change without a further tick."""
        return tuple(m for m in self.meetings if m.is_taken_by_a_selection)

    @property
    def to_tick(self) -> tuple[PlannedOverride, ...]:
        """Those that need a reason: a selection leaves them out unless each is ticked."""
        return tuple(m for m in self.meetings if m.is_change and m.problem is None and m.needs_reason)

    @property
    def out(self) -> tuple[PlannedOverride, ...]:
        """Those that cannot be recorded whatever is chosen."""
        return tuple(m for m in self.meetings if m.problem is not None)

    @property
    def same(self) -> tuple[PlannedOverride, ...]:
        """Those that are set so already."""
        return tuple(m for m in self.meetings if not m.is_change and m.problem is None)


def plan_of(rows: Sequence[Judged], wanted: bool | None, now: datetime) -> Plan:
    """What `wanted` would meet at `now`."""
    return Plan(wanted, tuple(_planned(row, wanted, now) for row in rows))


def _planned(row: Judged, wanted: bool | None, now: datetime) -> PlannedOverride:
    found = plan_override(row.entry, wanted, now)
    return replace(found, problem=IS_GONE) if row.stored.removed_at is not None else found


def show_what_could_be_chosen(rows: Sequence[Judged]) -> None:
    """For several selected meetings, before anything is chosen: what each choice would do."""
    now = utc_now()
    with st.container(border=True):
        st.markdown("**What each choice would do**")
        lines = [f"- {_WOULD[wanted]}: {summary(plan_of(rows, wanted, now))}" for wanted in (True, False, None)]
        st.markdown("\n".join(lines))
        st.caption("Choose above. Nothing is sent before you have seen each meeting and confirmed.")


def summary(plan: Plan) -> str:
    """ "3 meetings change, 1 is set so already, 1 cannot be recorded." """
    counted = [
        (len(plan.ready), "changes", "change"),
        (len(plan.to_tick), "needs a tick and a reason", "need a tick and a reason"),
        (len(plan.same), "is set so already", "are set so already"),
        (len(plan.out), "cannot be recorded whatever is chosen", "cannot be recorded whatever is chosen"),
    ]
    told = [(number, one if number == 1 else many) for number, one, many in counted if number]
    words = [f"{number if place else plural(number, 'meeting')} {verb}" for place, (number, verb) in enumerate(told)]
    return f"{', '.join(words) or NOTHING}."


def show_plan(known: CalendarSnapshot, asked: Asked, rows: Sequence[Judged]) -> None:
    """The chosen change: each meeting, what needs a tick or a reason, and the button."""
    now = utc_now()
    plan = plan_of(rows, asked.wanted, now)
    with st.container(border=True):
        st.markdown(f"**{_WOULD[asked.wanted]}**: {summary(plan)}")
        above = st.container()
        ticked = plan.to_tick if len(rows) == 1 else _ask_for_ticks(plan)
        to_do = [m for m in plan.meetings if m in plan.ready or m in ticked]
        with above:
            _show_meetings(plan, to_do, known.user, now)
            _say_why_out(plan)
            _say_of_series(rows)
        _warn_of_late_ones(to_do)
        _offer(known.user, asked, to_do)


def _show_meetings(plan: Plan, to_do: Sequence[PlannedOverride], user: CalendarUser, now: datetime) -> None:
    meetings = plan.meetings
    wanted = [plan.wanted if m in to_do else m.entry.override_should_record for m in meetings]
    frame = pd.DataFrame(
        {
            "starts": [m.entry.start_time for m in meetings],
            "effect": [[_effect(m, m in to_do)] for m in meetings],
            "title": [one_line(m.entry.title) or NO_TITLE for m in meetings],
            "choice": [_before_and_after(m, after) for m, after in zip(meetings, wanted, strict=True)],
            "then": [[_THEN[_then(m, after, user, now)]] for m, after in zip(meetings, wanted, strict=True)],
            "note": [m.problem or m.needs_reason or m.warning or NOTHING for m in meetings],
        }
    )
    columns = {
        "starts": starts_column(),
        "effect": chip_column("Effect", 104, _EFFECTS),
        "title": text_column("Meeting", 136),
        "choice": text_column("Choice", 176),
        "then": chip_column("Then", 124, _THEN_CHIPS),
        "note": text_column("Note", 206),
    }
    show_plain_table(frame, columns, alt=f"{plural(len(meetings), 'meeting')}: {summary(plan)}", most_rows=_ROWS_SEEN)
    if plan.wanted is None:
        st.caption("What the rules make of a meeting is our estimate. Recall decides.")


def _effect(meeting: PlannedOverride, is_done: bool) -> str:
    if meeting.problem is not None:
        return _OUT
    if not meeting.is_change:
        return _SAME
    return _CHANGES if is_done else _TICK


def _before_and_after(meeting: PlannedOverride, after: bool | None) -> str:
    before = meeting.entry.override_should_record
    return CHOICE_WORDS[before] if after is before else f"{CHOICE_WORDS[before]} → {CHOICE_WORDS[after]}"


def _then(meeting: PlannedOverride, after: bool | None, user: CalendarUser, now: datetime) -> bool | None:
    """Whether it would be recorded; of what stays as it is, Recall's own decision."""
    if after is meeting.entry.override_should_record:
        return meeting.entry.will_record
    return trace(meeting.entry, user, now, override=after).verdict


def _say_why_out(plan: Plan) -> None:
    """In full, because a cell may cut it off."""
    for problem, number in Counter(m.problem for m in plan.out).items():
        st.caption(f"{plural(number, 'meeting')} left out. {problem}")


def _say_of_series(rows: Sequence[Judged]) -> None:
    uids = {comparable_uid(row.entry.ical_uid) for row in rows}
    if len(rows) > 1 and len(uids) == 1 and None not in uids:
        st.caption(
            "These are occurrences of one series. Recall knows those of the next four weeks; "
            "what comes into sight later follows the rules."
        )


def _ask_for_ticks(plan: Plan) -> tuple[PlannedOverride, ...]:
    meetings = plan.to_tick
    if not meetings:
        return ()
    st.markdown(f"**{plural(len(meetings), 'meeting')} left out unless ticked**")
    frame = pd.DataFrame(
        {
            "starts": [m.entry.start_time for m in meetings],
            "title": [one_line(m.entry.title) or NO_TITLE for m in meetings],
            "why": [m.needs_reason or NOTHING for m in meetings],
        }
    )
    columns = {
        "starts": starts_column(),
        "title": text_column("Meeting", 180),
        "why": text_column("Why it is left out", 480),
    }
    ticked = show_table(
        frame,
        columns,
        key=f"ticks_{plan.wanted}",
        alt=f"{plural(len(meetings), 'meeting')} to tick",
        most_rows=_ROWS_SEEN,
        many=True,
        names=[m.entry.id for m in meetings],
    )
    return tuple(meetings[place] for place in ticked)


def _warn_of_late_ones(to_do: Sequence[PlannedOverride]) -> None:
    late = [m.warning for m in to_do if m.warning]
    if len(late) == 1:
        st.warning(late[0], icon=":material/schedule:")
    elif late:
        st.warning(
            f"{len(late)} of these begin within ten minutes or have begun: the change may come too late.",
            icon=":material/schedule:",
        )


def _offer(user: CalendarUser, asked: Asked, to_do: Sequence[PlannedOverride]) -> None:
    needed = next((m.needs_reason for m in to_do if m.needs_reason), None)
    key = f"override_why:{user.id}"
    st.text_input(
        "Why" if needed else "Why (need not be given)",
        key=key,
        max_chars=REASON_AT_MOST,
        help="Kept with the change, in Activity.",
        disabled=not to_do,
    )
    if problem := overriding().problem:
        st.error(problem, icon=":material/error:")
    confirmed = Confirmed(user, tuple(m.entry for m in to_do), asked.wanted, None)
    with st.container(horizontal=True):
        st.button(
            _act(asked.wanted, len(to_do)),
            icon=":material/check:",
            type=theme.main_button(),
            disabled=not to_do,
            on_click=_confirm,
            args=(confirmed, needed, key),
            key="override_confirm",
        )
        st.button("Change nothing", type="tertiary", on_click=overriding().ask, args=(None,), key="override_cancel")


def _act(wanted: bool | None, number: int) -> str:
    if not number:
        return "Nothing to change"
    these = plural(number, "meeting")
    return {True: f"Record {these}", False: f"Don't record {these}", None: f"Let {these} follow the rules"}[wanted]


def _confirm(confirmed: Confirmed, needed: str | None, key: str) -> None:
    """The click alone. A second one finds that nothing is asked any more."""
    if acting(Permission.OVERRIDES_WRITE) is None:
        return
    now, why = overriding(), str(st.session_state.get(key, "")).strip() or None
    if now.asked is None:
        return
    if needed and problem_with_reason(why):
        now.problem = needed
        return
    now.confirmed = replace(confirmed, why=why)
    st.session_state.pop(key, None)
