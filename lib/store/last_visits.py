"""What each staff member has seen, so that a page can tell what is new to them.

A look is kept as of the data that was looked at, so that what happened before a look and came to be known after it is
still new. Looks at data less than `VISIT_ENDS_AFTER` apart are one visit. What is new during a visit is new since the
last look of the visit before: it stays when the page is opened again, and moves on with the next visit.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from lib.store.tables import looked

VISIT_ENDS_AFTER = timedelta(hours=1)


def visit(connection: Connection, staff: str, *, as_of: datetime) -> datetime | None:
    """Note that `staff` looks at data as of this. Answers as of when the last look of the visit before was; None in
    the first visit."""
    row = connection.execute(select(looked).where(looked.c.staff == staff)).one_or_none()
    if row is None:
        connection.execute(insert(looked).values(staff=staff, at=as_of))
        return None
    before: datetime | None = row.at if as_of - row.at >= VISIT_ENDS_AFTER else row.before
    at = max(as_of, row.at)  # a clock put back does not make somebody have looked less
    connection.execute(update(looked).where(looked.c.staff == staff).values(at=at, before=before))
    return before
