"""How the last overrides of this browser session ended: each meeting, what Recall shows of it by now, and Undo."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.clock import utc_now
from lib.domain import Entry
from lib.queries import CalendarSnapshot
from lib.queries.calendar_snapshot import is_booking_open
from lib.recording.overrides import REASON_AT_MOST, plan_override, problem_with_reason
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.sign_in.access import acting
from lib.ui.user.override_state import CHOICE_WORDS, Ended, TakingBack, overriding
from lib.ui.widgets import theme
from lib.ui.widgets.notices import show_problem
from lib.ui.widgets.tables import NO_TITLE, chip_column, show_plain_table, starts_column, text_column
from lib.ui.words.formats import NOTHING, fraction, one_line, plural
from lib.writes import WriteOutcome, WriteResult

_RESULTS = {
    WriteOutcome.APPLIED: "✓ Applied",
    WriteOutcome.NOT_APPLIED: "✗ Not applied",
    WriteOutcome.UNKNOWN: "? Unknown",
}
_RESULT_CHIPS = (
    _RESULTS[WriteOutcome.APPLIED],
    "(2)",
    "(3)",
    _RESULTS[WriteOutcome.NOT_APPLIED],
    "(5)",
    _RESULTS[WriteOutcome.UNKNOWN],
)
_WHY = "undo_overrides_why"
_ROWS_SEEN = 6


def show_how_it_ended(known: CalendarSnapshot, member: StaffMember) -> None:
    """The note above the meetings, until it is put away."""
    ended = overriding().ended
    if ended is None or ended.user_id != known.user.id:
        return
    now = {entry.id: entry for entry in known.entries}
    with st.container(border=True):
        if ended.problem is not None:
            show_problem(ended.problem)
            st.caption("Nothing was changed.")
        else:
            _say(ended, known, now)
            if len(ended.entries) > 1 or _count(ended, WriteOutcome.APPLIED) < len(ended.entries):
                _show_each(ended, now)
        _offer_undo(ended, known, now, member)


def _say(ended: Ended, known: CalendarSnapshot, now: dict[str, Entry]) -> None:
    done, number = _count(ended, WriteOutcome.APPLIED), len(ended.entries)
    if done == number:
        of = "" if number == 1 else f" for {number} meetings"
        st.success(f"{ended.words} and read back{of}. {_bots(ended, known, now)}", icon=":material/check_circle:")
        return
    parts = {"not applied": _count(ended, WriteOutcome.NOT_APPLIED), "not known": _count(ended, WriteOutcome.UNKNOWN)}
    rest = ", ".join(f"{n} {words}" for words, n in parts.items() if n)
    st.warning(
        f"{ended.words}: {fraction(done, number)} applied, {rest}. What Recall has of each stands below.",
        icon=":material/sync_problem:",
    )


def _bots(ended: Ended, known: CalendarSnapshot, now: dict[str, Entry]) -> str:
    there = [now[entry.id] for entry in ended.entries if entry.id in now]
    as_of = known.as_of
    waiting = sum(1 for entry in there if as_of and is_booking_open(entry, as_of))
    if known.is_reading or waiting:
        return f"Recall is changing its bots: {plural(waiting, 'bot')} still to be booked or removed."
    planned_ones = sum(1 for entry in there if entry.will_record)
    if len(ended.entries) == 1:
        return "It will be recorded; its bot is booked." if planned_ones else "It will not be recorded."
    return f"Recall will record {fraction(planned_ones, len(there))}; bots are booked for all of these."


def _show_each(ended: Ended, now: dict[str, Entry]) -> None:
    shown = [now.get(entry.id, entry) for entry in ended.entries]
    frame = pd.DataFrame(
        {
            "starts": [entry.start_time for entry in shown],
            "result": [[_RESULTS[result.applied]] for result in ended.results],
            "title": [one_line(entry.title) or NO_TITLE for entry in shown],
            "recall": [_as_recall_has_it(entry, now) for entry in shown],
            "note": [NOTHING if _is_plain(result) else result.sentence for result in ended.results],
        }
    )
    columns = {
        "starts": starts_column(),
        "result": chip_column("Result", 124, _RESULT_CHIPS),
        "title": text_column("Meeting", 150),
        "recall": text_column("What Recall shows", 190),
        "note": text_column("Note", 282),
    }
    show_plain_table(frame, columns, alt=f"What became of {plural(len(shown), 'meeting')}", most_rows=_ROWS_SEEN)


def _is_plain(result: WriteResult) -> bool:
    return result.applied is WriteOutcome.APPLIED and not result.already


def _as_recall_has_it(entry: Entry, now: dict[str, Entry]) -> str:
    if entry.id not in now:
        return "Not in the calendar any more"
    bots = {
        (True, True): "bot booked",
        (True, False): "bot not booked yet",
        (False, True): "bot not removed yet",
        (False, False): "no bot",
    }
    return f"{CHOICE_WORDS[entry.override_should_record]}, {bots[entry.will_record, entry.bot_id is not None]}"


def _offer_undo(ended: Ended, known: CalendarSnapshot, now: dict[str, Entry], member: StaffMember) -> None:
    state = overriding()
    undoable = [(now.get(entry.id, entry), entry, seq) for entry, seq in ended.undoable]
    may_undo = bool(undoable) and member.may(Permission.OVERRIDES_WRITE)
    needed = _needed([(present, before) for present, before, _ in undoable])
    if may_undo and state.undo_asked:
        st.text_input("Why", key=_WHY, max_chars=REASON_AT_MOST, help=needed)
        if state.problem:
            st.error(state.problem, icon=":material/error:")
    order = TakingBack(known.user, tuple(one for one, _, _ in undoable), tuple(seq for _, _, seq in undoable), None)
    with st.container(horizontal=True):
        if may_undo:
            st.button(
                f"Undo: {plural(len(undoable), 'meeting')}" if len(undoable) > 1 or state.undo_asked else "Undo",
                icon=":material/undo:",
                type=theme.main_button() if state.undo_asked else "secondary",
                on_click=_undo,
                args=(order, needed),
                key="override_undo",
            )
        st.button("Put this note away", type="tertiary", on_click=_put_away, key="override_put_away")


def _needed(pairs: Sequence[tuple[Entry, Entry]]) -> str | None:
    """Why a reason must be typed before what stood before is put back."""
    plans = (plan_override(present, before.override_should_record, utc_now()) for present, before in pairs)
    return next((plan.needs_reason for plan in plans if plan.needs_reason), None)


def _undo(order: TakingBack, needed: str | None) -> None:
    """The click: of what lifts a "Don't record" the first one asks for the reason."""
    if acting(Permission.OVERRIDES_WRITE) is None:
        return
    state, why = overriding(), str(st.session_state.get(_WHY, "")).strip() or None
    if state.ended is None or set(order.seqs) - {seq for _, seq in state.ended.undoable}:
        return
    if needed and problem_with_reason(why):
        state.problem = needed if state.undo_asked else None
        state.undo_asked = True
        return
    state.confirmed = TakingBack(order.user, order.entries, order.seqs, why)
    st.session_state.pop(_WHY, None)


def _put_away() -> None:
    state = overriding()
    state.ended, state.undo_asked, state.problem = None, False, None


def _count(ended: Ended, applied: WriteOutcome) -> int:
    return sum(1 for result in ended.results if result.applied is applied)
