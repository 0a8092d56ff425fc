"""All coming meetings that are set by hand, of the whole workspace, the oldest first: what nobody may remember."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.errors import StoreError
from lib.queries import UsersSnapshot
from lib.queries.meetings import coming_overrides
from lib.recording.outcome import Outcome
from lib.store.active_overrides import ActiveOverride
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.notices import show_empty, show_problem
from lib.ui.widgets.query_params import open_user
from lib.ui.widgets.tables import BY_KEYBOARD, NO_TITLE, chip_column, show_table, starts_column, text_column
from lib.ui.words.formats import NOTHING, count, one_line, plural

MOST_ROWS = 500
ELSEWHERE = "(elsewhere)"
_STATES = {True: "● Record", False: f"{Outcome.OFF_BY_CHOICE.sign} Don't record"}
_STATE_CHIPS = ("(1)", _STATES[True], _STATES[False])


def show_set_by_hand(known: UsersSnapshot) -> None:
    """The list, from the store; a row opens its user."""
    try:
        with desk().store.read() as connection:
            found = coming_overrides(connection, utc_now(), known.sight)
    except StoreError as problem:
        show_problem(problem)
        return
    if not found:
        show_empty("Nothing is set by hand", "Every coming meeting follows its user's rules.", ":material/rule:")
        return
    _show_sentence(found)
    _show_rows(found, known)


def _show_sentence(found: Sequence[ActiveOverride]) -> None:
    recorded = sum(each.wanted for each in found)
    elsewhere = sum(each.actor is None for each in found)
    st.markdown(
        f"**{plural(len(found), 'coming meeting')} {'is' if len(found) == 1 else 'are'} set by hand:** "
        f"{count(recorded)} to be recorded, {count(len(found) - recorded)} not. "
        f"{count(elsewhere)} of them {'was' if elsewhere == 1 else 'were'} set elsewhere."
    )


def _show_rows(found: Sequence[ActiveOverride], known: UsersSnapshot) -> None:
    shown = found[:MOST_ROWS]
    users = [known.find(each.user_id) for each in shown]
    frame = pd.DataFrame(
        {
            "since": [each.since for each in shown],
            "state": [[_STATES[each.wanted]] for each in shown],
            "by": [each.actor or ELSEWHERE for each in shown],
            "user": [one_line(user.label) if user else NOTHING for user in users],
            "customer": [customer_words(each.customer) for each in shown],
            "title": [one_line(each.title) or NO_TITLE for each in shown],
            "starts": [each.start for each in shown],
            "why": [one_line(each.why) or NOTHING for each in shown],
        }
    )
    columns = {
        "since": starts_column("Set"),
        "state": chip_column("Choice", 112, _STATE_CHIPS),
        "user": text_column("User", 150),
        "customer": text_column("Customer", 110),
        "title": text_column("Meeting", 120),
        "starts": starts_column("Starts"),
        "by": text_column("By", 84),
        "why": text_column("Why", 100),
    }
    words = f"{count(len(shown))} of {plural(len(found), 'meeting')}, oldest first"
    st.caption(
        f"{words}. Select a row to open its user. What was set elsewhere has the time when it was first seen.",
        help=BY_KEYBOARD,
    )
    show_table(
        frame,
        columns,
        key="by_hand",
        alt=f"{words}, set by hand",
        on_pick=lambda rows: open_user(shown[rows[0]].user_id) if rows else None,
    )
