"""The users list, from Recall into the store."""

from dataclasses import dataclass
from datetime import datetime

from lib.clock import utc_now
from lib.domain import CalendarUser, Listing
from lib.recall_api import Recall
from lib.store import Store, Transaction, users_list
from lib.store.users_list import ListChanges


@dataclass(frozen=True, slots=True)
class UsersRead:
    """What a read of the users list showed."""

    users: int
    """How many it named."""
    without_external_id: int
    """Of those: nobody can read their meetings."""
    unreadable: int
    """Rows that could not be read."""
    odd: int
    """Of the named: rows with parts that were left out."""
    whole: bool
    """No page was missing."""
    changes: ListChanges


def read_users(store: Store, recall: Recall, *, now: datetime) -> UsersRead:
    """Read the users list into the store; `now` is when this begins. Raises a `RecallError`, or `StoreError`."""
    listing = recall.list_users()
    with store.write() as connection:
        return keep(connection, listing, read_at=now, now=utc_now())


def keep(connection: Transaction, listing: Listing[CalendarUser], *, read_at: datetime, now: datetime) -> UsersRead:
    """Bring a users list that was read into the store."""
    changes = users_list.store(
        connection, listing.rows, read_at=read_at, complete=listing.complete, unreadable=listing.unreadable, now=now
    )
    nameless = sum(1 for user in listing if not user.external_id)
    return UsersRead(len(listing), nameless, len(listing.unreadable), listing.odd, listing.complete, changes)
