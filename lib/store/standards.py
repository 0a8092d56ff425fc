"""A customer's standard: what its users are to have recorded, and who said so. Rows are added; the last one counts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from lib.store.rows import AnyRow, AnySelect, from_row, insert_row, rows_in
from lib.store.tables.desk import standard


@dataclass(frozen=True, slots=True)
class Standard:
    """What one customer's users are to have. Times are UTC; `by` is the name of a staff account."""

    customer: str
    """Text from outside."""
    flags: Mapping[str, bool] | None
    """All six by name. None: it was taken away, so there is none."""
    by: str
    at: datetime


def add(connection: Connection, customer: str, flags: Mapping[str, bool] | None, *, by: str, now: datetime) -> Standard:
    """From now on this is the customer's standard; None: it has none."""
    insert_row(connection, standard, customer=customer, flags=flags, staff=by, at=now)
    return Standard(customer, flags, by, now)


def current(connection: Connection) -> dict[str, Standard]:
    """The standards that there are, by customer."""
    last = select(func.max(standard.c.pk)).group_by(standard.c.customer)
    rows = connection.execute(select(standard).where(standard.c.pk.in_(last), standard.c.flags.is_not(None)))
    return {row.customer: _standard(row) for row in rows}


def history(connection: Connection, *, limit: int = 200) -> tuple[Standard, ...]:
    """Each time that one was set or taken away, newest first."""
    rows = connection.execute(select(standard).order_by(standard.c.pk.desc()).limit(limit))
    return tuple(map(_standard, rows))


@dataclass(frozen=True, slots=True)
class StandardChange:
    """A standard that was set or taken away, and the one before it; None: there was none."""

    before: Standard | None
    after: Standard


def numbered(connection: Connection, numbers: Collection[int]) -> dict[int, StandardChange]:
    """Each of the times with these numbers that one was set or taken away."""
    rows = rows_in(connection, _all, standard.c.pk, numbers)
    return {row.pk: StandardChange(_before(connection, row), _standard(row)) for row in rows}


_all: AnySelect = select(standard)


def _before(connection: Connection, row: AnyRow) -> Standard | None:
    same = _all.where(standard.c.customer == row.customer, standard.c.pk < row.pk)
    found = connection.execute(same.order_by(standard.c.pk.desc()).limit(1)).one_or_none()
    return _standard(found) if found else None


def _standard(row: AnyRow) -> Standard:
    return from_row(Standard, row, by=row.staff)
