"""One user's meetings, coming and past: what becomes of each, why, and what to do."""

from collections.abc import Sequence, Set
from datetime import datetime, timedelta

import streamlit as st

from lib.queries import CalendarSnapshot
from lib.queries.judged_calendar import JudgedCalendar, JudgedMeeting
from lib.recording.overrides import OVERRIDE_LABELS
from lib.recording.time_part import TimePart
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.sync.user_meetings import ASKED_AHEAD
from lib.ui.user.meeting import show_meeting, title_of
from lib.ui.user.override_preview import show_choices, show_override_preview, show_selection_bar
from lib.ui.user.overrides import carry_out_confirmed, override_session, show_results
from lib.ui.widgets.choices import choose, choose_some
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.table import (
    BY_KEYBOARD,
    Columns,
    chip_column,
    select_rows,
    show_table,
    text_column,
    time_column,
)
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words import basis, outcomes
from lib.ui.words.formats import NOTHING, clock_time, plural

PAST_30, PAST_60 = timedelta(days=30), timedelta(days=60)
_LISTS = {"coming": "Coming", "past30": "Past 30 days", "past60": "Past 60 days", "earlier": "Earlier"}
_ONLY = {"missed": "Only not recorded", "hand": "Set by hand"}
_COLUMNS: Columns[JudgedMeeting] = {
    "starts": time_column("Starts", lambda row: row.start),
    "outcome": chip_column("Outcome", 136, lambda row: outcomes.chip(row.verdict.outcome), outcomes.chip_words()),
    "title": text_column("Meeting", 136, title_of),
    "why": text_column(
        "Why", 190, lambda row: basis.marked(row.verdict.why or NOTHING, row.verdict.basis), help=basis.IN_TABLES
    ),
    "to_do": text_column("What to do", 180, lambda row: row.verdict.what_to_do or NOTHING),
    "choice": text_column("Choice", 100, lambda row: OVERRIDE_LABELS[row.entry.override_should_record]),
}


def show_meetings(known: CalendarSnapshot, calendar: JudgedCalendar | None, member: StaffMember) -> None:
    """The section: the choice of a list, its table, one meeting in full, and overrides for coming ones."""
    if calendar is None:
        st.skeleton(height=420)
        return
    carry_out_confirmed(known, member)
    show_results(known, member)
    lists = {name: _listed(calendar, name) for name in _LISTS}
    if not lists["earlier"]:
        del lists["earlier"]  # what Recall keeps is all there is
    with st.container(horizontal=True, gap="medium"):
        counted = {name: f"{_LISTS[name]} · {len(rows)}" for name, rows in lists.items()}
        chosen = choose("Meetings", counted, name="list", style="pills")
        only = choose_some("Only", _ONLY, name="only")
    shown = [row for row in lists[chosen] if _passes(row, only)]
    if not shown:
        _show_why_empty(known, calendar.as_of, chosen, len(lists[chosen]))
        return
    above = st.container()
    selected = _show_table(shown, chosen)
    if selected and chosen == "coming":
        with above:
            show_selection_bar(known, selected, lists["coming"], _table_key("coming"), member)
    _show_selected(known, selected, calendar, member)


def _listed(calendar: JudgedCalendar, name: str) -> list[JudgedMeeting]:
    if name == "coming":
        return [row for row in calendar.meetings if row.verdict.part in (TimePart.UPCOMING, TimePart.IN_PROGRESS)]
    ended = [row for row in reversed(calendar.meetings) if row.verdict.part is TimePart.ENDED]
    if name == "earlier":
        return [row for row in ended if row.start < calendar.as_of - PAST_60]
    since = calendar.as_of - (PAST_30 if name == "past30" else PAST_60)
    return [row for row in ended if row.start >= since]


def _passes(row: JudgedMeeting, only: Set[str]) -> bool:
    if "missed" in only and not row.verdict.missed:
        return False
    return "hand" not in only or row.entry.override_should_record is not None


def _show_why_empty(known: CalendarSnapshot, as_of: datetime, chosen: str, without_filters: int) -> None:
    if without_filters:
        show_empty(
            "Nothing matches these filters",
            f"{plural(without_filters, 'meeting')} without them.",
            ":material/filter_alt_off:",
            act="Clear filters",
            on_click=lambda: st.session_state.update(only=[]),
        )
    elif not known.user.connected:
        show_empty("No calendar connected", "So no meetings can be seen.", ":material/link_off:")
    else:
        when = f"in the next {ASKED_AHEAD.days} days" if chosen == "coming" else f"in the {_LISTS[chosen].lower()}"
        read = clock_time(as_of, viewer_zone())
        show_empty(f"No meetings {when}", f"The calendar is connected and was read at {read}.", ":material/event_busy:")


def _table_key(chosen: str) -> str:
    return f"meetings_{chosen}"


def _show_table(shown: Sequence[JudgedMeeting], chosen: str) -> list[JudgedMeeting]:
    names = [row.entry.id for row in shown]
    session = override_session()
    if session.unselect:
        session.unselect = False
        select_rows(_table_key(chosen), [], names)
    return show_table(
        shown,
        _COLUMNS,
        key=_table_key(chosen),
        alt=f"{plural(len(shown), 'meeting')}, {_LISTS[chosen].lower()}",
        many=chosen == "coming",
        names=names,
    )


def _show_selected(
    known: CalendarSnapshot, selected: Sequence[JudgedMeeting], calendar: JudgedCalendar, member: StaffMember
) -> None:
    """Under the table: the preview of the pending override, and a single selected meeting in full."""
    pending, may_set = override_session().pending, member.may(Permission.OVERRIDES_WRITE)
    ids = tuple(row.entry.id for row in selected)
    if not selected:
        st.caption("Select a row to see why, what to do, and how sure we are.", help=BY_KEYBOARD)
    elif may_set and pending and (pending.user_id, pending.entry_ids) == (known.user.id, ids):
        show_override_preview(known.user, pending, selected)
    elif may_set and len(selected) > 1:
        show_choices(selected)
    if len(selected) == 1:
        show_meeting(selected[0], calendar.first_bot, member)
