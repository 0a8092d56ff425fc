"""The rows behind a figure: the meetings that it counts, each shown by its entry that got furthest."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from lib.bootstrap import desk
from lib.coverage.drilldown import MeetingRows
from lib.coverage.inferred_reasons import UnwatchedEntry, unwatched_entries
from lib.queries.meetings import meetings_behind
from lib.queries.shared_cache import remembered
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.outcome import Outcome
from lib.recording.reason import Basis, Reason
from lib.recording.reasons import reason_of
from lib.staff.accounts import StaffMember
from lib.store.entries import StoredEntry
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.download import show_download
from lib.ui.widgets.open_rows import close_card
from lib.ui.widgets.query_params import open_user_page
from lib.ui.widgets.table import (
    BY_KEYBOARD,
    NO_TITLE,
    Column,
    Columns,
    R,
    chip_column,
    file_column,
    show_table,
    table_of,
    text_column,
    time_column,
)
from lib.ui.words import basis, outcomes
from lib.ui.words.formats import NOTHING, one_line, plural

MOST_ROWS = 500
ERASED = "(erased)"
"""In place of the title of a meeting whose personal details were erased."""
STALE = "? "
"""Before a user whose last read failed: what is shown is what was known before."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The meetings behind a figure, as far as they are shown."""

    keys: tuple[int, ...]
    """Entry keys, one a meeting, at most `MOST_ROWS`."""
    meetings: int
    """How many there are."""
    entries: int
    """How many calendar entries make these meetings."""

    @classmethod
    def of(cls, behind: MeetingRows) -> "Opened":
        """What `lib.coverage.drilldown` answers, cut to what is shown."""
        return cls(tuple(behind.keys[:MOST_ROWS].tolist()), len(behind), int(behind.entries.sum()))


@dataclass(frozen=True, slots=True)
class MeetingRow:
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


def outcome_column(width: int, outcome: Callable[[R], Outcome]) -> Column[R]:
    """Outcomes as chips; in a file, in words."""

    def chip(row: R) -> str:
        return outcomes.chip(outcome(row))

    return chip_column("Outcome", width, chip, outcomes.chip_words(), export=lambda row: outcome(row).label)


COLUMNS: Columns[MeetingRow] = {
    "starts": time_column("Starts", lambda row: row.start),
    "outcome": outcome_column(136, lambda row: row.outcome),
    "title": text_column("Meeting", 136, lambda row: row.title),
    "customer": text_column("Customer", 120, lambda row: customer_words(row.customer), export=lambda row: row.customer),
    "user": text_column("User", 150, lambda row: row.user),
    "why": text_column(
        "Why",
        176,
        lambda row: row.why,
        help=basis.IN_TABLES,
        export=lambda row: row.reason.label if row.reason else "",
    ),
    "to_do": text_column(
        "What to do",
        180,
        lambda row: (row.reason and row.reason.what_to_do) or NOTHING,
        export=lambda row: row.reason.what_to_do if row.reason else "",
    ),
    "basis": file_column(basis.COLUMN, lambda row: basis.basis_cell(row.reason, row.basis)),
}


def show_rows(known: WorkspaceSnapshot, member: StaffMember, title: str, opened: Opened, *, key: str) -> None:
    """A card with the meetings behind a figure, in their order; selecting one opens its user. `title` is ours."""
    rows, heading = rows_of(known, opened.keys), f"**{title}** · {_how_many(opened)}"
    with opened_card(heading, opened, rows, COLUMNS, "meetings", member, key=key) as more:
        if rows:
            show_meetings(rows, key=key, more=more)


@contextmanager
def opened_card(
    heading: str,
    opened: Opened,
    rows: Sequence[R],
    columns: Columns[R],
    name: str,
    member: StaffMember,
    *,
    key: str,
) -> Iterator[str]:
    """A card for the rows behind a figure, with their download as `name`; gives what to say where not all are shown.

    `heading` is Markdown of ours.
    """
    with st.container(border=True, key=f"{key}_card"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(heading, width="content")
            with st.container(horizontal=True, width="content", gap="small"):
                show_download(lambda: table_of(rows, columns), name, member, key=key)
                st.button("Close", icon=":material/close:", type="tertiary", on_click=close_card, key=f"{key}_close")
        if not rows:
            st.caption("There are no meetings behind this figure.")
        is_cut = opened.meetings > len(opened.keys)
        yield f" The first {len(rows)} are shown: narrow the filters to see others." if is_cut else ""


def show_meetings(
    rows: Sequence[MeetingRow], *, key: str, more: str = "", order: Sequence[str] = ("title", "customer", "user")
) -> None:
    """A table of meetings, soonest or latest first as they come; selecting one opens its user.

    `order` names the columns between the outcome and why, which stand where a phone still shows them.
    """
    in_order = ("starts", "outcome", *order, "why", "to_do")
    alt = f"{plural(len(rows), 'meeting')} behind the figure"
    picked = show_table(rows, {name: COLUMNS[name] for name in in_order}, key=f"{key}_rows", alt=alt)
    inferred = f" {basis.IN_TABLES}" if any(row.basis is Basis.INFERRED for row in rows) else ""
    st.caption(f"Select a row to open its user.{more}{inferred}", help=BY_KEYBOARD)
    if picked:
        open_user_page(picked[0].user_id)


def rows_of(known: WorkspaceSnapshot, keys: Sequence[int]) -> tuple[MeetingRow, ...]:
    """The meetings of these entry keys, as they are shown."""
    wanted = tuple(keys)
    return remembered(known, ("rows", wanted), lambda: _read(known, wanted))


def _read(known: WorkspaceSnapshot, keys: tuple[int, ...]) -> tuple[MeetingRow, ...]:
    with desk().store.read() as connection:
        found = meetings_behind(connection, keys, known.sight)
    told = unwatched_entries(known.frame, keys)
    return tuple(_row(known, stored, told.get(stored.key)) for stored in found)


def _row(known: WorkspaceSnapshot, stored: StoredEntry, told: UnwatchedEntry | None) -> MeetingRow:
    """`told` is what the workspace as a whole says of one that nobody watched: no entry can be judged so alone."""
    user, judged = known.user_by_id.get(stored.user_id), told or stored.verdict
    title = ERASED if stored.erased else one_line(stored.entry.title) or NO_TITLE
    label = one_line(user.user.label) if user else stored.user_id
    return MeetingRow(
        start=stored.entry.start_time,
        outcome=Outcome(judged.outcome) if judged and judged.outcome in set(Outcome) else Outcome.UNKNOWN,
        title=title,
        customer=one_line(user.customer) if user and user.customer else None,
        user=f"{STALE}{label}" if user and user.stale else label,
        user_id=stored.user_id,
        reason=reason_of(judged.reason) if judged and judged.reason else None,
        basis=Basis.INFERRED if told and told.inferred else Basis.OBSERVED,
    )


def _how_many(opened: Opened) -> str:
    entries = plural(opened.entries, "calendar entry", "calendar entries")
    return plural(opened.meetings, "meeting") + (f", {entries}" if opened.entries > opened.meetings else "")
