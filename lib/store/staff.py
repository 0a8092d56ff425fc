"""Rows of staff accounts. No rules here: lib/staff decides what may be written."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from lib.store.tables import session, staff


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One account. `password_hash` is bcrypt's, or None when the person has no password here."""

    name: str
    display: str
    role: str
    password_hash: str | None = field(repr=False)
    active: bool
    created_at: datetime
    changed_at: datetime
    password_changed_at: datetime | None
    sees_all: bool = True
    """Whether this person sees every customer; else those that `staff_customer` names."""
    subject: str | None = None
    """Who this is to the OpenID provider; None: nobody there."""


def find(connection: Connection, name: str) -> StaffRow | None:
    """The account called exactly `name`."""
    row = connection.execute(select(staff).where(staff.c.name == name)).one_or_none()
    return StaffRow(**row._mapping) if row else None


def everyone(connection: Connection) -> tuple[StaffRow, ...]:
    """All accounts, by name."""
    return tuple(StaffRow(**row._mapping) for row in connection.execute(select(staff).order_by(staff.c.name)))


def add(connection: Connection, row: StaffRow) -> bool:
    """Whether the account was added: False when one of that name exists."""
    columns = {column: getattr(row, column) for column in StaffRow.__slots__}
    try:
        connection.execute(insert(staff).values(columns))
    except IntegrityError:
        return False
    return True


def change(connection: Connection, name: str, **columns: Any) -> None:
    """Write `columns` of one account; `changed_at` is one of them."""
    connection.execute(update(staff).where(staff.c.name == name).values(columns))


def last_seen(connection: Connection) -> dict[str, datetime]:
    """When each person last did something signed in. Who never signed in is missing."""
    latest = select(session.c.staff, func.max(session.c.last_seen_at).label("seen_at")).group_by(session.c.staff)
    return {row.staff: row.seen_at for row in connection.execute(latest)}
