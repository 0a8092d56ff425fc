"""Erasing what is personal. Outcomes, reasons, counts and flags stay, so that no figure changes."""

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from lib.domain import Connection as Calendar
from lib.errors import UnknownCalendarUser
from lib.store.tables.desk import batch_item, change, connect_link, new_user
from lib.store.tables.workspace import calendar_user, entry, entry_details, observation, version
from lib.store.users import calendars_of, named
from lib.store.version import bump


def erase_personal(connection: Connection, before: datetime) -> int:
    """Erase titles, organizers and attendees of entries that ended before an instant; answers of how many.

    They stay erased when the same entries are read again. Entries without any time go by when they were last new or
    changed.
    """
    connection.execute(update(version).values(erased_before=before))
    return connection.execute(delete(entry_details).where(entry_details.c.ends_at < before)).rowcount


def erased_before(connection: Connection) -> datetime | None:
    """What ended before this has been erased; None: nothing was yet."""
    erased: datetime | None = connection.scalar(select(version.c.erased_before))
    return erased


def erase_user(connection: Connection, user_id: str, *, now: datetime) -> int:
    """Erase what is personal of a user who was deleted: addresses, external id, rules over time, details of entries.

    Of writes it is kept who made them, of which kind, when, and how they ended. The user stays, with its customer, and
    so do its figures. Answers of how many entries details were erased. Raises `UnknownCalendarUser`.
    """
    row = connection.execute(select(calendar_user).where(calendar_user.c.id == user_id)).one_or_none()
    if row is None:
        raise UnknownCalendarUser
    nameless = [named(Calendar(c.platform, connected=False)) for c in calendars_of(row)]
    connection.execute(
        update(calendar_user)
        .where(calendar_user.c.pk == row.pk)
        .values(external_id=None, connections=nameless, preferences=None, erased_at=now, ver=bump(connection))
    )
    rules = {"before": None, "after": None, "override_before": None, "override_after": None}
    connection.execute(update(observation).where(observation.c.user == row.pk).values(rules))
    for table in (change, batch_item):
        connection.execute(update(table).where(table.c.user == row.pk).values(before=None, after=None))
    connection.execute(update(change).where(change.c.user == row.pk).values(why=None))
    accounts = {"account": None, "account_before": None}
    connection.execute(update(connect_link).where(connect_link.c.user == row.pk).values(accounts))
    connection.execute(update(new_user).where(new_user.c.user == row.pk).values(external_id=None))
    theirs = select(entry.c.pk).where(entry.c.user == row.pk)
    return connection.execute(delete(entry_details).where(entry_details.c.entry.in_(theirs))).rowcount
