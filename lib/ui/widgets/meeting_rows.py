"""The rows behind a figure: the meetings that it counts, each by its entry that got furthest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from lib.bootstrap import desk
from lib.coverage.rows import Behind
from lib.coverage.unwatched import Unwatched, unwatched
from lib.export import Cell, Table
from lib.queries.meetings import meetings_behind
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.outcome import Outcome
from lib.recording.reasons import Basis, Reason, reason_of
from lib.staff.accounts import StaffMember
from lib.store.entries import StoredEntry
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.download import show_download
from lib.ui.widgets.open_rows import close_card
from lib.ui.widgets.query_params import open_user_page
from lib.ui.widgets.shared_cache import remembered
from lib.ui.widgets.tables import BY_KEYBOARD, NO_TITLE, chip_column, show_table, starts_column, text_column
from lib.ui.words import basis, outcomes
from lib.ui.words.formats import NOTHING, one_line, plural

MOST_ROWS = 500
ERASED = "(erased)"
"""Stands for the title of a meeting whose personal details were erased."""
STALE = "? "
"""Before a user whose last read did not work: what is shown is what was known before."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What stands behind a figure, as far as it is shown."""

    keys: tuple[int, ...]
    """Entry keys, one a meeting, at most `MOST_ROWS`."""
    meetings: int
    """How many there are."""
    entries: int
    """How many calendar entries make these meetings."""

    @classmethod
    def of(cls, behind: Behind) -> "Opened":
        """What `lib.coverage.rows` answers, cut to what is shown."""
        return cls(tuple(behind.keys[:MOST_ROWS].tolist()), len(behind), int(behind.entries.sum()))


@dataclass(frozen=True, slots=True)
class Row:
    """One meeting as it is shown. All text but the reason's is from outside."""

    start: datetime | None
    outcome: Outcome
    title: str
    customer: str | None
    """None: none; in a file an empty cell."""
    user: str
    user_id: str
    reason: Reason | None
    basis: Basis

    @property
    def why(self) -> str:
        """The reason in a cell: "~ Internal meetings are off" where it is inferred."""
        return basis.marked(self.reason.label, self.basis) if self.reason else NOTHING

    @property
    def cells(self) -> tuple[Cell, ...]:
        """As it is exported, in the order of `HEADS`."""
        why, to_do = (self.reason.label, self.reason.what_to_do) if self.reason else ("", "")
        rests_on = basis.basis_cell(self.reason, self.basis)
        return (self.start, self.outcome.label, self.title, self.customer, self.user, why, to_do, rests_on)


HEADS = ("Starts", "Outcome", "Meeting", "Customer", "User", "Why", "What to do", basis.COLUMN)


def show_rows(known: WorkspaceSnapshot, member: StaffMember, title: str, opened: Opened, *, key: str) -> None:
    """A card with the meetings behind a figure, in their order; selecting one opens its user. `title` is ours."""
    with st.container(border=True, key=f"{key}_card"):
        rows = rows_of(known, opened.keys)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{title}** · {_how_many(opened)}", width="content")
            with st.container(horizontal=True, width="content", gap="small"):
                show_download(lambda: table_of(rows), "meetings", member, key=key)
                st.button("Close", icon=":material/close:", type="tertiary", on_click=close_card, key=f"{key}_close")
        if not rows:
            st.caption("No meetings stand behind this figure.")
            return
        more = opened.meetings > len(opened.keys)
        rest = f" The first {len(rows)} are shown: narrow the filters to see others." if more else ""
        show_meetings(rows, key=key, more=rest)


def show_meetings(
    rows: Sequence[Row], *, key: str, more: str = "", order: Sequence[str] = ("title", "customer", "user")
) -> None:
    """A table of meetings, soonest or latest first as they come; selecting one opens its user.

    `order` names the columns between the outcome and why, which stand where a phone still shows them.
    """
    picked = _show(rows, key, order)
    inferred = f" {basis.IN_TABLES}" if any(row.basis is Basis.INFERRED for row in rows) else ""
    st.caption(f"Select a row to open its user.{more}{inferred}", help=BY_KEYBOARD)
    if picked is not None:
        open_user_page(rows[picked].user_id)


def rows_of(known: WorkspaceSnapshot, keys: Sequence[int]) -> tuple[Row, ...]:
    """The meetings of these entry keys, as they are shown."""
    wanted = tuple(keys)
    return remembered(known, ("rows", wanted), lambda: _read(known, wanted))


def table_of(rows: Sequence[Row]) -> Table:
    """The rows as a file."""
    return Table(HEADS, [row.cells for row in rows])


def _read(known: WorkspaceSnapshot, keys: tuple[int, ...]) -> tuple[Row, ...]:
    with desk().store.read() as connection:
        found = meetings_behind(connection, keys, known.sight)
    told = unwatched(known.frame, keys)
    return tuple(_row(known, stored, told.get(stored.key)) for stored in found)


def _row(known: WorkspaceSnapshot, stored: StoredEntry, told: Unwatched | None) -> Row:
    """`told` is what the workspace as a whole says of one that nobody watched: no entry can be judged so alone."""
    user, judged = known.user_by_id.get(stored.user_id), told or stored.judgement
    title = ERASED if stored.erased else one_line(stored.entry.title) or NO_TITLE
    label = one_line(user.user.label) if user else stored.user_id
    return Row(
        start=stored.entry.start_time,
        outcome=Outcome(judged.outcome) if judged and judged.outcome in set(Outcome) else Outcome.UNKNOWN,
        title=title,
        customer=one_line(user.customer) if user and user.customer else None,
        user=f"{STALE}{label}" if user and user.stale else label,
        user_id=stored.user_id,
        reason=reason_of(judged.reason) if judged and judged.reason else None,
        basis=Basis.INFERRED if told and told.inferred else Basis.OBSERVED,
    )


def _show(rows: Sequence[Row], key: str, order: Sequence[str]) -> int | None:
    frame = pd.DataFrame(
        {
            "starts": [row.start for row in rows],
            "outcome": [[outcomes.chip(row.outcome)] for row in rows],
            "title": [row.title for row in rows],
            "customer": [customer_words(row.customer) for row in rows],
            "user": [row.user for row in rows],
            "why": [row.why for row in rows],
            "to_do": [row.reason.what_to_do or NOTHING if row.reason else NOTHING for row in rows],
        }
    )
    known = {
        "title": text_column("Meeting", 136),
        "customer": text_column("Customer", 120),
        "user": text_column("User", 150),
    }
    columns = {
        "starts": starts_column(),
        "outcome": chip_column("Outcome", 136, outcomes.chip_words()),
        **{name: known[name] for name in order},
        "why": text_column("Why", 176, basis.IN_TABLES),
        "to_do": text_column("What to do", 180),
    }
    picked = show_table(frame, columns, key=f"{key}_rows", alt=f"{plural(len(rows), 'meeting')} behind the figure")
    return picked[0] if picked and picked[0] < len(rows) else None


def _how_many(opened: Opened) -> str:
    entries = plural(opened.entries, "calendar entry", "calendar entries")
    return plural(opened.meetings, "meeting") + (f", {entries}" if opened.entries > opened.meetings else "")
