"""Who shares one bot: Recall sends one for all who have the meeting in calendars of the same platform."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from lib.customer import Unassigned, fits
from lib.queries.bot import KnownBot
from lib.queries.workspace import WorkspaceSnapshot
from lib.store.entries import StoredEntry
from lib.ui.bots.rows import user_words
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.query_params import open_user_page
from lib.ui.widgets.table import BY_KEYBOARD, Columns, show_table, text_column
from lib.ui.words.calendar_health import platform_name
from lib.ui.words.formats import NOTHING, plural

SOMEBODY_ELSE = "Somebody of another customer"
_DECISIONS = {True: "Record", False: "Don't record", None: "Not seen before it started"}


def theirs(found: KnownBot, known: WorkspaceSnapshot, customer: str | Unassigned) -> tuple[StoredEntry, ...]:
    """The entries of this customer's users."""
    return tuple(stored for stored in found.entries if fits(customer_of(stored, known), customer))


def customer_of(stored: StoredEntry, known: WorkspaceSnapshot) -> str | None:
    """The customer of an entry's user."""
    row = known.user_by_id.get(stored.user_id)
    return row.customer if row else None


def decision(stored: StoredEntry, as_of: datetime | None) -> bool | None:
    """Recall's decision for an entry: today's for a coming one, else the last seen before its start, if any was."""
    start = stored.entry.start_time
    is_coming = start is not None and as_of is not None and start > as_of
    return stored.entry.will_record if is_coming else stored.seen_will_record


def show_sharing(found: KnownBot, known: WorkspaceSnapshot, customer: str | Unassigned | None) -> None:
    """The users whose calendars have the meeting. Seen for a customer, those of others have no name."""
    st.subheader("Who shares this bot", anchor=False)
    if not found.entries:
        st.caption("No calendar entry names this bot any more.")
        return
    named = [fits(customer_of(stored, known), customer) for stored in found.entries]
    users = plural(len({stored.user_id for stored in found.entries}), "user")
    more = f" Recall names {plural(found.also_sent_for, 'entry', 'entries')} more." if found.also_sent_for else ""
    st.caption(f"{users}. Select a row to open the user.{more}", help=BY_KEYBOARD)
    rows = [SharedEntry(stored, known, own) for stored, own in zip(found.entries, named, strict=True)]
    picked = show_table(rows, COLUMNS, key="sharing", alt=f"{users} whose calendars have this meeting")
    if picked and picked[0].is_named:
        open_user_page(picked[0].stored.user_id)


@dataclass(frozen=True, slots=True)
class SharedEntry:
    """One user's entry of the bot's meeting. `is_named`: its user is of the customer that is looked at."""

    stored: StoredEntry
    known: WorkspaceSnapshot
    is_named: bool

    @property
    def customer(self) -> str:
        """What to call the customer in a cell."""
        return customer_words(customer_of(self.stored, self.known)) if self.is_named else NOTHING


COLUMNS: Columns[SharedEntry] = {
    "user": text_column("User", 250, lambda row: _user(row.stored, row.known) if row.is_named else SOMEBODY_ELSE),
    "customer": text_column("Customer", 160, lambda row: row.customer),
    "calendar": text_column("Calendar", 100, lambda row: platform_name(row.stored.entry.calendar_platform or "")),
    "decision": text_column("Recall's decision", 150, lambda row: _DECISIONS[decision(row.stored, row.known.as_of)]),
    "state": text_column(
        "Entry", 190, lambda row: "Removed from the calendar" if row.stored.removed_at else "In the calendar"
    ),
}


def _user(stored: StoredEntry, known: WorkspaceSnapshot) -> str:
    return user_words(known.user_by_id.get(stored.user_id), stored.user_id)
