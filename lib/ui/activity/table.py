"""What happened as rows: in a grid, one of which can be opened, and in a file."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.export import Cell, Table, throttled
from lib.queries.audit_log import Deed
from lib.queries.workspace import WorkspaceSnapshot
from lib.store.batches import Batch
from lib.store.outbox import Change
from lib.store.standards import Succession
from lib.ui.activity.outcomes import ENDING_CHIPS, ending_of
from lib.ui.activity.selected import open_deed, table_key
from lib.ui.activity.words import WHAT_CHIPS, change_words, what_words, who_words
from lib.ui.widgets import customer_choice
from lib.ui.widgets.tables import BY_KEYBOARD, chip_column, show_table, starts_column, text_column
from lib.ui.words.formats import NOTHING, one_line, plural

HEADS = ("When", "Who", "What", "Customer", "User", "Before → after", "Outcome", "Why", "Number")
_WIDE = {"when": 124, "who": 96, "what": 118, "customer": 110, "user": 130, "change": 190, "outcome": 116}
_ONE_USER = {"when": 124, "who": 110, "what": 120, "change": 370, "outcome": 130}


def show_rows(deeds: Sequence[Deed], known: WorkspaceSnapshot, *, key: str, one_user: bool = False) -> None:
    """The grid, newest first. Selecting a row opens it in full; `one_user` leaves out whose it is."""
    frame = pd.DataFrame([_row(deed, known) for deed in deeds], columns=list(_WIDE))
    widths = _ONE_USER if one_user else _WIDE
    columns = {
        "when": starts_column("When"),
        "who": text_column("Who", widths["who"]),
        "what": chip_column("What", widths["what"], WHAT_CHIPS),
        "customer": text_column("Customer", _WIDE["customer"]),
        "user": text_column("User", _WIDE["user"]),
        "change": text_column("Before → after", widths["change"]),
        "outcome": chip_column("Outcome", widths["outcome"], ENDING_CHIPS),
    }

    def opened(rows: list[int]) -> None:
        open_deed(deeds[rows[0]].key if rows and rows[0] < len(deeds) else None)

    alt = f"{plural(len(deeds), 'line')}, newest first"
    chosen = {name: columns[name] for name in widths}
    show_table(frame, chosen, key=table_key(key), alt=alt, on_pick=opened, most_rows=15)
    st.caption(
        "Select a row to see it in full. (elsewhere): changed outside this tool, seen by comparing two reads.",
        help=BY_KEYBOARD,
    )


def table_of(deeds: Sequence[Deed], known: WorkspaceSnapshot) -> Table:
    """The same as a file, with the reasons that were typed."""
    return Table(HEADS, [_cells(deed, known) for deed in throttled(deeds)])


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


def _row(deed: Deed, known: WorkspaceSnapshot) -> dict[str, object]:
    return {
        "when": deed.at,
        "who": who_words(deed),
        "what": [what_words(deed)],
        "customer": customer_words(deed, known),
        "user": user_words(deed.user_id, known),
        "change": change_words(deed),
        "outcome": [ending_of(deed).value],
    }


def _cells(deed: Deed, known: WorkspaceSnapshot) -> tuple[Cell, ...]:
    why = deed.detail.why if isinstance(deed.detail, Change | Batch) else None
    words = (customer_words(deed, known), user_words(deed.user_id, known), change_words(deed), ending_of(deed).value)
    return (deed.at, who_words(deed), what_words(deed), *words, one_line(why), deed.key)
