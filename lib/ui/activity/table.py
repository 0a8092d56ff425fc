"""What happened as rows: in a grid, one of which can be opened, and in a file."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from lib.queries.audit_log import Deed
from lib.queries.workspace import WorkspaceSnapshot
from lib.store.batches import Batch
from lib.store.outbox import Change
from lib.store.standards import Succession
from lib.ui.activity.outcomes import ENDING_CHIPS, ending_of
from lib.ui.activity.selected import open_deed, table_key
from lib.ui.activity.words import WHAT_CHIPS, change_words, what_words, who_words
from lib.ui.widgets import customer_choice
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


def show_rows(deeds: Sequence[Deed], known: WorkspaceSnapshot, *, key: str, one_user: bool = False) -> None:
    """The grid, newest first. Selecting a row opens it in full; `one_user` leaves out whose it is."""
    show_table(
        deeds,
        _columns_of_one_user(known) if one_user else columns(known),
        key=table_key(key),
        alt=f"{plural(len(deeds), 'line')}, newest first",
        on_pick=lambda deed: open_deed(deed.key if deed else None),
        most_rows=15,
    )
    st.caption(
        "Select a row to see it in full. (elsewhere): changed outside this tool, seen by comparing two reads.",
        help=BY_KEYBOARD,
    )


def columns(known: WorkspaceSnapshot) -> Columns[Deed]:
    """What the page shows of each, and the file besides: the reasons that were typed."""
    return {
        "when": time_column("When", lambda deed: deed.at),
        "who": text_column("Who", 96, who_words),
        "what": chip_column("What", 118, what_words, WHAT_CHIPS),
        "customer": text_column("Customer", 110, lambda deed: customer_words(deed, known)),
        "user": text_column("User", 130, lambda deed: user_words(deed.user_id, known)),
        "change": text_column("Before → after", 190, change_words),
        "outcome": chip_column("Outcome", 116, lambda deed: ending_of(deed).value, ENDING_CHIPS),
        "why": file_column("Why", _why),
        "number": file_column("Number", lambda deed: deed.key),
    }


def _columns_of_one_user(known: WorkspaceSnapshot) -> Columns[Deed]:
    widths = {"when": TIME_WIDTH, "who": 110, "what": 120, "change": 370, "outcome": 130}
    return {name: replace(columns(known)[name], width=width) for name, width in widths.items()}


def customer_words(deed: Deed, known: WorkspaceSnapshot) -> str:
    """The customer that it is about, or of whose user: text from outside."""
    if isinstance(deed.detail, Succession):
        return one_line(deed.detail.after.customer)
    row = known.user_by_id.get(deed.user_id or "")
    if row is None:
        return NOTHING
    return customer_choice.customer_words(row.customer)


def user_words(user_id: str | None, known: WorkspaceSnapshot) -> str:
    """What to call the user: text from outside."""
    row = known.user_by_id.get(user_id or "")
    return one_line(row.user.label) if row else user_id or NOTHING


def _why(deed: Deed) -> str:
    return one_line(deed.detail.why) if isinstance(deed.detail, Change | Batch) else ""
