"""The entries of the audit log as a table, one of which can be opened, and as a file."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from lib.queries.audit_log import AuditEntry
from lib.queries.workspace import WorkspaceSnapshot
from lib.store.batches import Batch
from lib.store.outbox import Write
from lib.store.standards import StandardChange
from lib.ui.activity.outcomes import OUTCOME_CHIPS, outcome_of
from lib.ui.activity.words import TOPIC_CHIPS, change_words, topic_words, who_words
from lib.ui.widgets import customer_choice
from lib.ui.widgets.open_rows import clear_selections, selection_key
from lib.ui.widgets.query_params import read_word, write_word
from lib.ui.widgets.table import (
    BY_KEYBOARD,
    TIME_WIDTH,
    Columns,
    chip_column,
    file_column,
    show_table,
    text_column,
    time_column,
)
from lib.ui.words.formats import NOTHING, one_line, plural

_OPEN = "act"
"""The parameter that names the entry shown in full, as in `?act=change-12`, so that a colleague can open it too."""


def open_key() -> str | None:
    """Key of the entry that the address names."""
    return read_word(_OPEN)


def close_entry() -> None:
    """Show no entry in full, and none selected in the table."""
    clear_selections()
    write_word(_OPEN, None)


def show_rows(entries: Sequence[AuditEntry], known: WorkspaceSnapshot, *, key: str, one_user: bool = False) -> None:
    """The table, newest first. Selecting a row opens the entry in full; `one_user` leaves out the user's columns."""
    show_table(
        entries,
        _columns_of_one_user(known) if one_user else columns(known),
        key=selection_key(key),
        alt=f"{plural(len(entries), 'line')}, newest first",
        on_pick=lambda entry: write_word(_OPEN, entry.key if entry else None),
        most_rows=15,
    )
    st.caption(
        'Select a row to see it in full. "Elsewhere" means the change was made outside Coverage Desk.',
        help=BY_KEYBOARD,
    )


def columns(known: WorkspaceSnapshot) -> Columns[AuditEntry]:
    """The columns of the page and of the file, which has the typed reasons besides."""
    return {
        "when": time_column("When", lambda entry: entry.at),
        "who": text_column("Who", 96, who_words),
        "what": chip_column("What", 118, topic_words, TOPIC_CHIPS),
        "customer": text_column("Customer", 110, lambda entry: customer_words(entry, known)),
        "user": text_column("User", 130, lambda entry: user_words(entry.user_id, known)),
        "change": text_column("Before → after", 190, change_words),
        "outcome": chip_column("Outcome", 116, lambda entry: outcome_of(entry).value, OUTCOME_CHIPS),
        "why": file_column("Why", _why),
        "number": file_column("Number", lambda entry: entry.key),
    }


def _columns_of_one_user(known: WorkspaceSnapshot) -> Columns[AuditEntry]:
    widths = {"when": TIME_WIDTH, "who": 110, "what": 120, "change": 370, "outcome": 130}
    return {name: replace(columns(known)[name], width=width) for name, width in widths.items()}


def customer_words(entry: AuditEntry, known: WorkspaceSnapshot) -> str:
    """The customer that it is about, or of whose user: text from outside."""
    if isinstance(entry.detail, StandardChange):
        return one_line(entry.detail.after.customer)
    row = known.user_by_id.get(entry.user_id or "")
    if row is None:
        return NOTHING
    return customer_choice.customer_words(row.customer)


def user_words(user_id: str | None, known: WorkspaceSnapshot) -> str:
    """What to call the user: text from outside."""
    row = known.user_by_id.get(user_id or "")
    return one_line(row.user.label) if row else user_id or NOTHING


def _why(entry: AuditEntry) -> str:
    return one_line(entry.detail.why) if isinstance(entry.detail, Write | Batch) else ""
