"""How far our estimate and Recall's own decisions agreed after preferences were saved: a figure of every save."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, or_, select

from lib.store.outbox import Value, WriteKind, WriteState
from lib.store.rows import from_row
from lib.store.tables.desk import agreement, change
from lib.store.tables.workspace import calendar_user


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A change of preferences that was applied, and of which it is not known yet, or not for good, what Recall made."""

    seq: int
    user_id: str
    after: Value
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """For how many coming entries both said the same, of those that our rule says something about."""

    agreed: int
    judged: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where nothing was judged."""
        return self.agreed / self.judged if self.judged else None


def unmeasured(
    connection: Connection, *, since: datetime, settled_since: datetime, user_ids: Collection[str] | None = None
) -> tuple[Unmeasured, ...]:
    """Applied changes of preferences closed after `since`, the last one of each user alone, that have no figure yet, or
    were closed after `settled_since`: Recall may still be deciding then. `user_ids`: of these users alone."""
    wanted = (
        select(*change.c["seq", "after", "closed_at"], calendar_user.c.id.label("user_id"))
        .join(calendar_user, calendar_user.c.pk == change.c.user)
        .outerjoin(agreement, agreement.c.change == change.c.seq)
        .where(
            change.c.kind == WriteKind.PREFERENCES,
            change.c.state == WriteState.APPLIED,
            change.c.closed_at > since,
            change.c.after.is_not(None),
            or_(agreement.c.change.is_(None), change.c.closed_at > settled_since),
        )
        .order_by(change.c.seq)
    )
    if user_ids is not None:
        wanted = wanted.where(calendar_user.c.id.in_(user_ids))
    last = {row.user_id: row for row in connection.execute(wanted)}
    return tuple(from_row(Unmeasured, row) for row in last.values())


def keep(connection: Connection, seq: int, found: Agreement, *, at: datetime) -> None:
    """Keep the figure of one change, in the place of an earlier one. `at` is the start of the read that it is from."""
    connection.execute(delete(agreement).where(agreement.c.change == seq))
    connection.execute(insert(agreement).values(change=seq, agreed=found.agreed, judged=found.judged, at=at))


def of_all(connection: Connection) -> Agreement:
    """Over all changes of preferences that were ever measured."""
    total = (func.coalesce(func.sum(column), 0).label(column.name) for column in agreement.c["agreed", "judged"])
    row = connection.execute(select(*total)).one()
    return Agreement(int(row.agreed), int(row.judged))
