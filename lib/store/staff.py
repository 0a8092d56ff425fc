"""Rows of staff accounts, and when each last visited. No rules here: lib/staff decides what may be written."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from lib.store.rows import AnyRow, from_row
from lib.store.tables.desk import last_visit, session, staff, staff_customer


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
    customers: frozenset[str] = frozenset()
    """What this person sees who does not see all."""


def find(connection: Connection, name: str) -> StaffRow | None:
    """The account called exactly `name`."""
    row = connection.execute(select(staff).where(staff.c.name == name)).one_or_none()
    return with_customers(connection, account_of(row)) if row else None


def find_by_subject(connection: Connection, subject: str) -> StaffRow | None:
    """The account of who is `subject` to the OpenID provider; the first by name, should there be more."""
    name = connection.scalar(select(staff.c.name).where(staff.c.subject == subject).order_by(staff.c.name).limit(1))
    return None if name is None else find(connection, name)


def everyone(connection: Connection) -> tuple[StaffRow, ...]:
    """All accounts, by name."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in connection.execute(select(staff_customer)):
        found[row.staff].add(row.customer)
    rows = connection.execute(select(staff).order_by(staff.c.name))
    return tuple(replace(account_of(row), customers=frozenset(found[row.name])) for row in rows)


def account_of(row: AnyRow) -> StaffRow:
    """The account in a row, without its customers."""
    return from_row(StaffRow, row, customers=frozenset())


def with_customers(connection: Connection, row: StaffRow) -> StaffRow:
    """The account with the customers that it sees. None are read for one that sees all."""
    if row.sees_all:
        return row
    names = connection.scalars(select(staff_customer.c.customer).where(staff_customer.c.staff == row.name))
    return replace(row, customers=frozenset(names))


def add(connection: Connection, row: StaffRow) -> bool:
    """Whether the account was added: False when one of that name exists."""
    columns = {column.name: getattr(row, column.name) for column in staff.columns}
    try:
        connection.execute(insert(staff).values(columns))
    except IntegrityError:
        return False
    set_customers(connection, row.name, row.customers)
    return True


def change(connection: Connection, name: str, **columns: Any) -> None:
    """Write `columns` of one account; `changed_at` is one of them."""
    connection.execute(update(staff).where(staff.c.name == name).values(columns))


def set_customers(connection: Connection, name: str, customers: Collection[str]) -> None:
    """What this account sees from now on, unless it sees all."""
    connection.execute(delete(staff_customer).where(staff_customer.c.staff == name))
    if customers:
        rows = [{"staff": name, "customer": customer} for customer in sorted(customers)]
        connection.execute(insert(staff_customer), rows)


def last_seen(connection: Connection) -> dict[str, datetime]:
    """When each person last did something signed in. Who never signed in is missing."""
    latest = select(session.c.staff, func.max(session.c.last_seen_at).label("seen_at")).group_by(session.c.staff)
    return {row.staff: row.seen_at for row in connection.execute(latest)}


VISIT_ENDS_AFTER = timedelta(hours=1)
"""A look at the data that is so much newer than that of the look before begins another visit."""


def visit(connection: Connection, name: str, *, as_of: datetime) -> datetime | None:
    """Note that this account looks at data as of this; answers as of when the visit before ended, None in the first.

    What is new during a visit is new since the last look of the visit before: it stays when the page is opened again,
    and moves on with the next visit. Looks are kept as of the data, not of the clock, so that what happened before a
    look and came to be known after it is still new.
    """
    row = connection.execute(select(last_visit).where(last_visit.c.staff == name)).one_or_none()
    if row is None:
        connection.execute(insert(last_visit).values(staff=name, at=as_of))
        return None
    previous_at: datetime | None = row.at if as_of - row.at >= VISIT_ENDS_AFTER else row.previous_at
    at = max(as_of, row.at)  # a clock put back does not make somebody have looked less
    connection.execute(update(last_visit).where(last_visit.c.staff == name).values(at=at, previous_at=previous_at))
    return previous_at
