"""The state of the sync, of Recall's rate limits, of the data and of the store."""

from collections.abc import Sequence

import streamlit as st

from lib.clock import utc_now
from lib.queries.system import Budget, Run, SystemState
from lib.staff.accounts import StaffMember
from lib.store.passes import PassState
from lib.store.users import UserRow
from lib.sync.failures import failure_sentence
from lib.ui.system.doubts import show_doubts
from lib.ui.system.words import key_sentence, megabytes, run_words
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.table import (
    Columns,
    chip_column,
    number_column,
    show_plain_table,
    text_column,
    time_column,
)
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import NOTHING, age, clock_time, count, duration, one_line, plural
from lib.ui.words.odd_rows import MEANING, odd_rows, odd_words

MOST_ROWS = 500
_STATES = {
    PassState.COMPLETE: "✓ Complete",
    PassState.RUNNING: "→ Running",
    PassState.STOPPED: "– Stopped",
    PassState.PARTIAL: "! Partial",
}
_CUT_OFF = "▲ Cut off"
_STATE_CHIPS = (*_STATES.values(), _CUT_OFF)
_UNREAD: Columns[UserRow] = {
    "at": time_column("Tried", lambda row: row.failed_at),
    "user": text_column("User", 220, lambda row: one_line(row.user.label)),
    "customer": text_column("Customer", 150, lambda row: customer_words(row.customer)),
    "why": text_column("Why", 400, lambda row: failure_sentence(row.failure or "")),
}
_ODD: Columns[UserRow] = {
    "user": text_column("User", 300, lambda row: one_line(row.user.label)),
    "customer": text_column("Customer", 190, lambda row: customer_words(row.customer)),
    "unreadable": number_column("Could not be read", 130, lambda row: row.unreadable),
    "odd": number_column("Odd parts left out", 130, lambda row: row.odd),
    "at": time_column("Read", lambda row: row.read_at),
}


def show_health(found: SystemState, member: StaffMember) -> None:
    """The section."""
    st.markdown(key_sentence(found, utc_now()))
    _show_figures(found)
    st.subheader("Sync", anchor=False)
    _show_runs(found)
    _show_unread(found.unread)
    show_doubts(found, member)
    _show_odd(found.odd)
    st.subheader("Recall's limits", anchor=False)
    _show_budgets(found.budgets)
    st.subheader("Store", anchor=False)
    _show_store(found)


def _show_figures(found: SystemState) -> None:
    now = utc_now()
    figures = (
        ("Figures as of", found.as_of, "Start of the last complete pass: every figure is split there."),
        ("Users list", found.users_listed_at, "When Recall's list of users was last read as a whole."),
        ("Oldest read", found.oldest.read_at if found.oldest else None, "Of all listed users' meetings."),
    )
    with st.grid(5, min_column_width=165):
        for label, at, why in figures:
            value, ago = (clock_time(at, viewer_zone()), age(now - at)) if at else (NOTHING, "not yet")
            st.metric(label, value, delta_description=ago, border=True, height="stretch", help=why)
        open_ = "none is pending" if not found.open_changes else "their outcome is being looked up"
        st.metric("Open changes", count(found.open_changes), delta_description=open_, border=True, height="stretch")
        st.metric(
            "Active staff", count(found.people), delta_description="in the last 2 h", border=True, height="stretch"
        )


def _show_runs(found: SystemState) -> None:
    runs = found.runs
    if not runs:
        st.caption("No pass has started yet. The first one starts within seconds of the sync.")
        return
    columns: Columns[Run] = {
        "began": time_column("Began", lambda run: run.of.begun_at),
        "state": chip_column("State", 110, lambda run: _state(run, found), _STATE_CHIPS),
        "users": number_column("Users", 65, lambda run: run.of.users_done),
        "unread": number_column("Not read", 75, lambda run: run.of.counts.get("users_failed", 0)),
        "took": text_column("Took", 90, lambda run: duration(run.took) if run.took else NOTHING),
        "meetings": number_column("Meetings", 85, lambda run: run.of.counts.get("meetings_seen", 0)),
        "bots": number_column("Bots", 65, lambda run: run.of.counts.get("bots_seen", 0)),
        "why": text_column("What happened", 270, run_words),
    }
    show_plain_table(runs, columns, alt=f"The last {plural(len(runs), 'pass', 'passes')} of the sync, newest first")


def _state(run: Run, found: SystemState) -> str:
    """The chip; a pass that is running only according to the record was cut off with its process."""
    is_dead = run.of.state is PassState.RUNNING and not (run is found.runs[0] and found.at_work)
    return _CUT_OFF if is_dead else _STATES[run.of.state]


def _show_unread(unread: Sequence[UserRow]) -> None:
    if not unread:
        return
    st.markdown(f"**{plural(len(unread), 'user')} could not be read in the last pass**")
    alt = f"{plural(len(unread), 'user')} that could not be read"
    show_plain_table(unread[:MOST_ROWS], _UNREAD, alt=alt, most_rows=6)


def _show_odd(odd: Sequence[UserRow]) -> None:
    if not odd:
        return
    st.markdown(f"**{plural(len(odd), 'user')} with odd rows.** {odd_words(*odd_rows(odd))}")
    show_plain_table(odd[:MOST_ROWS], _ODD, alt=f"{plural(len(odd), 'user')} with odd rows", most_rows=6)
    st.caption(MEANING)


def _show_budgets(budgets: Sequence[Budget]) -> None:
    st.caption("Limits of the workspace, shared by all processes on this store. Each calendar user has other limits.")
    show_plain_table(budgets, _BUDGETS, alt="Recall's limits a minute, and the calls spent")


def _open_words(budget: Budget) -> str:
    closed = budget.closed_until
    return f"Closed by Recall until {clock_time(closed, viewer_zone())}" if closed else "Open"


_BUDGETS: Columns[Budget] = {
    "call": text_column("Call", 330, lambda budget: budget.call),
    "spent": number_column("Spent in the last minute", 170, lambda budget: budget.spent),
    "most": number_column("Limit a minute", 120, lambda budget: budget.most),
    "state": text_column("State", 240, _open_words),
}


def _show_store(found: SystemState) -> None:
    facts = {
        "Kind": found.kind,
        "Size": megabytes(found.bytes),
        "Schema version": found.schema,
        "Calendar users": count(found.users),
    }
    with st.grid(4, min_column_width=165):
        for name, value in facts.items():
            with st.container(gap=None):
                st.caption(name)
                st.text(value)
