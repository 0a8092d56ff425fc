"""When each staff member looked, so that a page can tell what is new to them.

Looks less than `VISIT_ENDS_AFTER` apart are one visit. What is new during a visit is new since the last look of the
visit before: it stays on the page when the page is opened again, and moves on with the next visit.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from lib.store.tables import looked

VISIT_ENDS_AFTER = timedelta(hours=1)


def look(connection: Connection, staff: str, *, now: datetime) -> datetime | None:
    """Note that `staff` looks now. Answers the last look of the visit before; None in the first one."""
    row = connection.execute(select(looked).where(looked.c.staff == staff)).one_or_none()
    if row is None:
        connection.execute(insert(looked).values(staff=staff, at=now))
        return None
    before: datetime | None = row.at if now - row.at >= VISIT_ENDS_AFTER else row.before
    at = max(now, row.at)  # a clock put back does not make somebody have looked less
    connection.execute(update(looked).where(looked.c.staff == staff).values(at=at, before=before))
    return before
