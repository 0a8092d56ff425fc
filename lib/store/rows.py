"""What the modules of rows share: numbers for new rows, and many rows asked for or written at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Column, Connection, Executable, Row, Table, func, insert, select

T = TypeVar("T")
AnyRow: TypeAlias = Row[*tuple[Any, ...]]

ASKED_AT_ONCE = 500
"""How many values one `IN (...)` holds; SQLite allows some thousands."""


def next_key(connection: Connection, key: Column[int]) -> int:
    """The number of the next row of a table. There is one writer at a time, so nobody else takes it."""
    highest: int | None = connection.scalar(select(func.max(key)))
    return (highest or 0) + 1


def portions(values: Collection[T], size: int = ASKED_AT_ONCE) -> Iterator[list[T]]:
    """`values` in lists of at most `size`."""
    rest = iter(values)
    while portion := list(islice(rest, size)):
        yield portion


def run_many(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute `statement` once for each of `rows`; nothing for none."""
    if rows:
        connection.execute(statement, rows)


def insert_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, which all have the same columns."""
    run_many(connection, insert(table), rows)
