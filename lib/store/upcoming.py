"""The coming entries of many users at once, as forecasts need them: without what is personal but the own answers."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, literal, select

from lib.domain import Entry
from lib.store.entry_rows import entry_of
from lib.store.rows import portions
from lib.store.tables import calendar_user, entry, entry_details


def of_users(
    connection: Connection, user_ids: Collection[str], *, after: datetime, before: datetime
) -> dict[str, tuple[Entry, ...]]:
    """Entries that their calendars hold now and that start between two times, by Recall's id of the user.

    Their titles are not read: forecasts do not look at them. Users without any are missing.
    """
    found: dict[str, list[Entry]] = defaultdict(list)
    for some in portions(user_ids):
        theirs = _coming.where(calendar_user.c.id.in_(some), entry.c.start_at > after, entry.c.start_at < before)
        for row in connection.execute(theirs):
            found[row.user_id].append(entry_of(row))
    return {user_id: tuple(entries) for user_id, entries in found.items()}


_coming = (
    select(
        entry,
        calendar_user.c.id.label("user_id"),
        literal(None).label("title"),
        entry_details.c.organizer_email,
        entry_details.c.attendees.label("people"),
    )
    .join(calendar_user, calendar_user.c.pk == entry.c.user)
    .outerjoin(entry_details, entry_details.c.entry == entry.c.pk)
    .where(entry.c.removed_at.is_(None), entry.c.dragged_at.is_(None))
    .order_by(entry.c.pk)
)
