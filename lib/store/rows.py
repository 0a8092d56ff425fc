"""What the modules of this package share: rows asked for, made into objects and written; whose rows a sight holds."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Row,
    ScalarSelect,
    Select,
    Table,
    func,
    insert,
    select,
)

from lib.customer.sight import Sight
from lib.store.tables.desk import assignment
from lib.store.tables.workspace import calendar_user

T = TypeVar("T")
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]

ASKED_AT_ONCE = 500
"""How many values one `IN (...)` holds; SQLite allows some thousands."""

EFFECTIVE = func.coalesce(assignment.c.customer, calendar_user.c.customer)
"""The customer of a user, where `assignment` is joined to `calendar_user`."""


def seen_by(sight: Sight) -> Select[tuple[int]]:
    """A query for the numbers of the users whose customers `sight` names. Not for a sight of everything."""
    users = select(calendar_user.c.pk).outerjoin(assignment, assignment.c.user == calendar_user.c.pk)
    return users.where(EFFECTIVE.in_(sorted(sight.customers or ())))


def user_key(user_id: str) -> ScalarSelect[int]:
    """The store's number of the user with this id of Recall's, to compare with."""
    return select(calendar_user.c.pk).where(calendar_user.c.id == user_id).scalar_subquery()


def from_row(made: type[T], row: AnyRow, **given: Any) -> T:
    """A dataclass object: of each field what is `given`, else what the row has in the column of its name."""
    named: Any = made
    return made(**{name: given[name] if name in given else getattr(row, name) for name in _names(named)})


@cache
def _names(made: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(made))


def rows_in(
    connection: Connection, wanted: AnySelect, column: ColumnElement[Any], values: Collection[Any]
) -> list[AnyRow]:
    """The rows of `wanted` whose `column` has one of `values`, however many these are."""
    return [row for some in portions(values) for row in connection.execute(wanted.where(column.in_(some)))]


def portions(values: Collection[T], size: int = ASKED_AT_ONCE) -> Iterator[list[T]]:
    """`values` in lists of at most `size`."""
    rest = iter(values)
    while portion := list(islice(rest, size)):
        yield portion


def next_key(connection: Connection, key: ColumnElement[int]) -> int:
    """The number of the next row of a table. There is one writer at a time, so nobody else takes it."""
    highest: int | None = connection.scalar(select(func.max(key)))
    return (highest or 0) + 1


def insert_row(connection: Connection, table: Table, **columns: Any) -> int:
    """Insert a row under the table's next number, and answer the number."""
    [key] = table.primary_key.columns
    number = next_key(connection, key)
    connection.execute(insert(table).values({key.name: number, **columns}))
    return number


def run_many(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute `statement` once for each of `rows`; nothing for none."""
    if rows:
        connection.execute(statement, rows)


def insert_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, which all have the same columns."""
    run_many(connection, insert(table), rows)
