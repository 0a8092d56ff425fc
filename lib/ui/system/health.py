"""How the sync, the API's budgets, the data and the store stand."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.clock import utc_now
from lib.queries.system import Budget, Run, SystemState
from lib.staff.accounts import StaffMember
from lib.store.passes import State
from lib.store.users import UserRow
from lib.sync.failure_words import sentence_of
from lib.ui.system.doubts import show_doubts
from lib.ui.system.words import key_sentence, megabytes, run_words
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.tables import chip_column, number_column, show_plain_table, starts_column, text_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import NOTHING, age, clock_time, count, duration, one_line, plural
from lib.ui.words.odd_rows import MEANING, odd_rows, odd_words

MOST_ROWS = 500
_STATES = {
    State.COMPLETE: "✓ Complete",
    State.RUNNING: "→ At work",
    State.STOPPED: "– Stopped",
    State.PARTIAL: "! In part",
}
_CUT_OFF = "▲ Cut off"
_STATE_CHIPS = (*_STATES.values(), _CUT_OFF)


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
        open_ = "none is under way" if not found.open_changes else "their end is looked up"
        st.metric("Open changes", count(found.open_changes), delta_description=open_, border=True, height="stretch")
        st.metric(
            "People here", count(found.people), delta_description="in the last 2 h", border=True, height="stretch"
        )


def _show_runs(found: SystemState) -> None:
    runs = found.runs
    if not runs:
        st.caption("No pass has begun yet. The first one begins within seconds of the sync's start.")
        return
    frame = pd.DataFrame(
        {
            "began": [run.of.begun_at for run in runs],
            "state": [[_state(run, is_newest=run is runs[0], at_work=found.at_work)] for run in runs],
            "users": [run.of.users_done for run in runs],
            "unread": [run.of.counts.get("users_failed", 0) for run in runs],
            "took": [duration(run.took) if run.took else NOTHING for run in runs],
            "meetings": [run.of.counts.get("meetings_seen", 0) for run in runs],
            "bots": [run.of.counts.get("bots_seen", 0) for run in runs],
            "why": [run_words(run) for run in runs],
        }
    )
    columns = {
        "began": starts_column("Began"),
        "state": chip_column("State", 110, _STATE_CHIPS),
        "users": number_column("Users", 65),
        "unread": number_column("Not read", 75),
        "took": text_column("Took", 90),
        "meetings": number_column("Meetings", 85),
        "bots": number_column("Bots", 65),
        "why": text_column("What happened", 270),
    }
    show_plain_table(frame, columns, alt=f"The last {plural(len(runs), 'pass', 'passes')} of the sync, newest first")


def _state(run: Run, *, is_newest: bool, at_work: bool) -> str:
    """One that runs by the record alone was cut off by the end of its process."""
    is_dead = run.of.state is State.RUNNING and not (is_newest and at_work)
    return _CUT_OFF if is_dead else _STATES[run.of.state]


def _show_unread(unread: Sequence[UserRow]) -> None:
    if not unread:
        return
    shown = unread[:MOST_ROWS]
    st.markdown(f"**{plural(len(unread), 'user')} could not be read the last time**")
    frame = pd.DataFrame(
        {
            "at": [row.failed_at for row in shown],
            "user": [one_line(row.user.label) for row in shown],
            "customer": [customer_words(row.customer) for row in shown],
            "why": [sentence_of(row.failure or "") for row in shown],
        }
    )
    columns = {
        "at": starts_column("Tried"),
        "user": text_column("User", 220),
        "customer": text_column("Customer", 150),
        "why": text_column("Why", 400),
    }
    show_plain_table(frame, columns, alt=f"{plural(len(unread), 'user')} that could not be read", most_rows=6)


def _show_odd(odd: Sequence[UserRow]) -> None:
    if not odd:
        return
    shown = odd[:MOST_ROWS]
    st.markdown(f"**{plural(len(odd), 'user')} with odd rows.** {odd_words(*odd_rows(odd))}")
    frame = pd.DataFrame(
        {
            "user": [one_line(row.user.label) for row in shown],
            "customer": [customer_words(row.customer) for row in shown],
            "unreadable": [row.unreadable for row in shown],
            "odd": [row.odd for row in shown],
            "at": [row.read_at for row in shown],
        }
    )
    columns = {
        "user": text_column("User", 300),
        "customer": text_column("Customer", 190),
        "unreadable": number_column("Could not be read", 130),
        "odd": number_column("Odd parts left out", 130),
        "at": starts_column("Read"),
    }
    show_plain_table(frame, columns, alt=f"{plural(len(odd), 'user')} with odd rows", most_rows=6)
    st.caption(MEANING)


def _show_budgets(budgets: Sequence[Budget]) -> None:
    zone = viewer_zone()
    frame = pd.DataFrame(
        {
            "call": [budget.call for budget in budgets],
            "spent": [budget.spent for budget in budgets],
            "most": [budget.most for budget in budgets],
            "state": [
                f"Closed by Recall until {clock_time(budget.closed_until, zone)}" if budget.closed_until else "Open"
                for budget in budgets
            ],
        }
    )
    columns = {
        "call": text_column("Call", 330),
        "spent": number_column("Spent in the last minute", 170),
        "most": number_column("Limit a minute", 120),
        "state": text_column("State", 240),
    }
    st.caption("Of the workspace, shared by all processes on this store. Each calendar user has limits of its own.")
    show_plain_table(frame, columns, alt="What may be asked of Recall in a minute, and what was")


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
