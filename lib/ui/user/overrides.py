"""The override that a browser session is deciding, its write once it is confirmed, and how that ended.

The state of the browser session is a plain object. Any call of Streamlit may end the script when the tab is closed or
clicked again, so none is made between the command and the moment when its results are in the session.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.commands.overrides import set_overrides
from lib.commands.undo import undo
from lib.domain import CalendarUser, Entry
from lib.errors import DeskError
from lib.queries import CalendarSnapshot
from lib.queries.calendar_snapshot import is_booking_open
from lib.recording.overrides import OVERRIDE_LABELS, REASON_AT_MOST, plan_override, problem_with_reason
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store.outbox import WriteState
from lib.ui.sign_in.access import authorize
from lib.ui.widgets import theme
from lib.ui.widgets.notices import show_problem
from lib.ui.widgets.table import NO_TITLE, Columns, chip_column, show_plain_table, text_column, time_column
from lib.ui.words.formats import NOTHING, fraction, one_line, plural
from lib.writes import WriteResult

ROWS_SEEN = 6
_SESSION = "override_session"
_UNDO_REASON = "undo_overrides_why"
_DONE: Mapping[bool | None, str] = {
    None: "Back to the rules",
    True: 'Set to "Record"',
    False: 'Set to "Don\'t record"',
}
_OUTCOMES = {
    WriteState.APPLIED: "✓ Applied",
    WriteState.NOT_APPLIED: "✗ Not applied",
    WriteState.UNKNOWN: "? Unknown",
}
_OUTCOME_CHIPS = ("✓ Applied", "(2)", "(3)", "✗ Not applied", "(5)", "? Unknown")
_BOTS = {
    (True, True): "bot booked",
    (True, False): "bot not booked yet",
    (False, True): "bot not removed yet",
    (False, False): "no bot",
}
"""By Recall's decision, and whether there is a bot."""


@dataclass(frozen=True, slots=True)
class PendingOverride:
    """A choice that is being previewed: for which meetings of which user."""

    user_id: str
    entry_ids: tuple[str, ...]
    wanted: bool | None


@dataclass(frozen=True, slots=True)
class ConfirmedWrite:
    """A write that was confirmed and is due now: an override, or the undo of earlier changes."""

    user: CalendarUser
    entries: tuple[Entry, ...]
    """As they were shown when it was confirmed."""
    wanted: bool | None = None
    undoes: tuple[int, ...] = ()
    """The numbers of the changes to undo; then `wanted` does not matter."""
    why: str | None = None


@dataclass(frozen=True, slots=True)
class OverrideResults:
    """How the last write ended. A `problem` means that nothing was changed."""

    user_id: str
    done: str
    """What was done, as the sentence begins."""
    entries: tuple[Entry, ...]
    """As they were before."""
    results: tuple[WriteResult, ...] = ()
    problem: DeskError | None = None

    @property
    def undoable(self) -> dict[int, Entry]:
        """The meetings that were changed, by the number of the change."""
        pairs = zip(self.results, self.entries, strict=False)
        return {r.seq: e for r, e in pairs if r.seq and r.state is WriteState.APPLIED and not r.already}


@dataclass(slots=True)
class OverrideSession:
    """What one browser session is deciding, has confirmed, and was last told."""

    pending: PendingOverride | None = None
    confirmed: ConfirmedWrite | None = None
    last: OverrideResults | None = None
    undo_asked: bool = False
    """Whether Undo was clicked and waits for a reason."""
    problem: str | None = None
    """What must be corrected before it can be confirmed."""
    unselect: bool = False
    """Whether the table's selection is to be cleared: what was selected is done."""

    def preview(self, pending: PendingOverride | None) -> None:
        """Preview another choice, or none."""
        self.pending, self.problem = pending, None


def override_session() -> OverrideSession:
    """The state of this browser session."""
    session: OverrideSession = st.session_state.setdefault(_SESSION, OverrideSession())
    return session


def carry_out_confirmed(known: CalendarSnapshot, member: StaffMember) -> None:
    """Do what was confirmed just now, once, and draw the page again; nothing without the right to it."""
    session = override_session()
    write, session.confirmed = session.confirmed, None
    if write is None or write.user.id != known.user.id or not member.may(Permission.OVERRIDES_WRITE):
        return
    with st.spinner(f"Setting {plural(len(write.entries), 'meeting')} at Recall and reading back…"):
        session.preview(None)
        session.undo_asked = False
        session.last = _carried_out(write, member)
        session.unselect = True
        desk().calendars.follow_bookings(known.user)
    st.rerun()


def _carried_out(write: ConfirmedWrite, member: StaffMember) -> OverrideResults:
    context, done = desk().context, "Undone" if write.undoes else _DONE[write.wanted]
    try:
        if write.undoes:
            results = undo(context, member, write.undoes, why=write.why)
        else:
            results = set_overrides(context, member, write.user, write.entries, write.wanted, why=write.why)
    except DeskError as problem:
        return OverrideResults(write.user.id, done, write.entries, problem=problem)
    return OverrideResults(write.user.id, done, write.entries, results)


def show_results(known: CalendarSnapshot, member: StaffMember) -> None:
    """The note above the meetings on how the last write ended, with Undo, until it is dismissed."""
    last = override_session().last
    if last is None or last.user_id != known.user.id:
        return
    now = {entry.id: entry for entry in known.entries}
    with st.container(border=True):
        if last.problem is not None:
            show_problem(last.problem)
            st.caption("Nothing was changed.")
        else:
            _show_summary(last, known, now)
        _offer_undo(last, known.user, now, member)


def _show_summary(last: OverrideResults, known: CalendarSnapshot, now: Mapping[str, Entry]) -> None:
    counts, total = Counter(result.state for result in last.results), len(last.entries)
    applied = counts[WriteState.APPLIED]
    if applied == total:
        each = "" if total == 1 else f" for {total} meetings"
        st.success(f"{last.done} and read back{each}. {_bots_words(last, known, now)}", icon=":material/check_circle:")
    else:
        parts = {"not applied": counts[WriteState.NOT_APPLIED], "not known": counts[WriteState.UNKNOWN]}
        rest = ", ".join(f"{number} {words}" for words, number in parts.items() if number)
        words = f"{last.done}: {fraction(applied, total)} applied, {rest}. The table shows what Recall has for each."
        st.warning(words, icon=":material/sync_problem:")
    if total > 1 or applied < total:
        rows = list(zip(last.entries, last.results, strict=True))
        alt = f"Results for {plural(total, 'meeting')}"
        show_plain_table(rows, _result_columns(now), alt=alt, most_rows=ROWS_SEEN)


def _bots_words(last: OverrideResults, known: CalendarSnapshot, now: Mapping[str, Entry]) -> str:
    there = [now[entry.id] for entry in last.entries if entry.id in now]
    as_of = known.as_of
    waiting = sum(1 for entry in there if as_of and is_booking_open(entry, as_of))
    if known.is_refreshing or waiting:
        return f"Recall is changing its bots: {plural(waiting, 'bot')} still to be booked or removed."
    recorded = sum(1 for entry in there if entry.will_record)
    if len(last.entries) == 1:
        return "It will be recorded; its bot is booked." if recorded else "It will not be recorded."
    return f"Recall will record {fraction(recorded, len(there))}; bots are booked for all of these."


def _result_columns(now: Mapping[str, Entry]) -> Columns[tuple[Entry, WriteResult]]:
    """Columns of the meetings as they were, with their results; `now` are the entries that the calendar holds."""

    def shown(row: tuple[Entry, WriteResult]) -> Entry:
        return now.get(row[0].id, row[0])

    def at_recall(row: tuple[Entry, WriteResult]) -> str:
        entry = now.get(row[0].id)
        if entry is None:
            return "No longer in the calendar"
        return f"{OVERRIDE_LABELS[entry.override_should_record]}, {_BOTS[entry.will_record, entry.bot_id is not None]}"

    def note(row: tuple[Entry, WriteResult]) -> str:
        result = row[1]
        return NOTHING if result.state is WriteState.APPLIED and not result.already else result.sentence

    return {
        "starts": time_column("Starts", lambda row: shown(row).start_time),
        "result": chip_column("Result", 124, lambda row: _OUTCOMES[row[1].state], _OUTCOME_CHIPS),
        "title": text_column("Meeting", 150, lambda row: one_line(shown(row).title) or NO_TITLE),
        "recall": text_column("What Recall shows", 190, at_recall),
        "note": text_column("Note", 282, note),
    }


def _offer_undo(last: OverrideResults, user: CalendarUser, now: Mapping[str, Entry], member: StaffMember) -> None:
    session, undoable = override_session(), last.undoable
    present = tuple(now.get(entry.id, entry) for entry in undoable.values())
    may_undo = bool(undoable) and member.may(Permission.OVERRIDES_WRITE)
    plans = (
        plan_override(is_, was.override_should_record, utc_now())
        for is_, was in zip(present, undoable.values(), strict=True)
    )
    needed = next((plan.needs_reason for plan in plans if plan.needs_reason), None)
    if may_undo and session.undo_asked:
        st.text_input("Reason", key=_UNDO_REASON, max_chars=REASON_AT_MOST, help=needed)
        if session.problem:
            st.error(session.problem, icon=":material/error:")
    with st.container(horizontal=True):
        if may_undo:
            st.button(
                f"Undo: {plural(len(undoable), 'meeting')}" if len(undoable) > 1 or session.undo_asked else "Undo",
                icon=":material/undo:",
                type=theme.main_button() if session.undo_asked else "secondary",
                on_click=_undo,
                args=(ConfirmedWrite(user, present, undoes=tuple(undoable)), needed),
                key="override_undo",
            )
        st.button("Dismiss", type="tertiary", on_click=_dismiss, key="override_dismiss")


def _undo(write: ConfirmedWrite, needed: str | None) -> None:
    """The click on Undo: where a reason is needed, the first one asks for it."""
    if authorize(Permission.OVERRIDES_WRITE) is None:
        return
    session, why = override_session(), str(st.session_state.get(_UNDO_REASON, "")).strip() or None
    if session.last is None or not set(write.undoes) <= set(session.last.undoable):
        return
    if needed and problem_with_reason(why):
        session.problem = needed if session.undo_asked else None
        session.undo_asked = True
        return
    session.confirmed = replace(write, why=why)
    st.session_state.pop(_UNDO_REASON, None)


def _dismiss() -> None:
    session = override_session()
    session.last, session.undo_asked, session.problem = None, False, None
