"""Who shares one bot: Recall sends one for all who have the meeting in calendars of the same platform."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from lib.customer import Unassigned, fits
from lib.queries.bot import KnownBot
from lib.queries.workspace import WorkspaceSnapshot
from lib.store.entries import StoredEntry
from lib.ui.bots.rows import user_words
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.query_params import open_user_page
from lib.ui.widgets.tables import BY_KEYBOARD, show_table, text_column
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
    picked = show_table(
        _rows(found.entries, named, known),
        {
            "user": text_column("User", 250),
            "customer": text_column("Customer", 160),
            "calendar": text_column("Calendar", 100),
            "decision": text_column("Recall's decision", 150),
            "state": text_column("Entry", 190),
        },
        key="sharing",
        alt=f"{users} whose calendars have this meeting",
    )
    if picked and picked[0] < len(named) and named[picked[0]]:
        open_user_page(found.entries[picked[0]].user_id)


def _rows(entries: Sequence[StoredEntry], named: Sequence[bool], known: WorkspaceSnapshot) -> pd.DataFrame:
    customers = [customer_words(customer_of(s, known)) for s in entries]
    return pd.DataFrame(
        {
            "user": [_user(s, known) if own else SOMEBODY_ELSE for s, own in zip(entries, named, strict=True)],
            "customer": [name if own else NOTHING for name, own in zip(customers, named, strict=True)],
            "calendar": [platform_name(s.entry.calendar_platform or "") for s in entries],
            "decision": [_DECISIONS[decision(s, known.as_of)] for s in entries],
            "state": ["Removed from the calendar" if s.removed_at else "In the calendar" for s in entries],
        }
    )


def _user(stored: StoredEntry, known: WorkspaceSnapshot) -> str:
    return user_words(known.user_by_id.get(stored.user_id), stored.user_id)
