"""Show what is hidden of a private meeting: by a permission of its own, and always recorded."""

from lib.clock import Clock, utc_now
from lib.domain import Entry
from lib.errors import InvalidChange
from lib.staff import accounts
from lib.staff.permissions import Permission
from lib.store import Store, entries, events
from lib.store.events import EventKind


def reveal(store: Store, actor: str, user_id: str, entry_id: str, *, clock: Clock = utc_now) -> Entry:
    """One entry of a user's calendar as it was read, with its title, for the staff member called `actor`.

    Who looked at which entry, and when, is recorded in the same transaction; the title is not. Raises
    `NotPermitted`, `InvalidChange` where there is nothing to show any more, or `StoreError`.
    """
    with store.write() as connection:
        accounts.require_now(connection, actor, Permission.TITLES_REVEAL, user_id=user_id)
        found = entries.with_id(connection, user_id, entry_id)
        if found is None or found.erased:
            raise InvalidChange("The title of this meeting is not kept any more. Read the calendar again.")
        events.add(connection, EventKind.TITLE_SHOWN, actor, now=clock(), user_id=user_id, entry=entry_id)
    return found.entry
