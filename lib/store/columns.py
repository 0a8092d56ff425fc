"""What tables are declared with: types that mean the same on both databases, and short forms of what is often said."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b, sha256
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    # SQLite changes a constraint by its name, so that every one needs a name.
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ID_KEPT = 255
"""Letters of an id; PostgreSQL indexes no long ones."""

Key = BigInteger().with_variant(Integer, "sqlite")
"""A number that names a row. SQLite keeps it apart from others as the table's own order, which VACUUM leaves alone."""


def micros(instant: datetime) -> int:
    """Whole microseconds since 1970 in UTC, exactly. A naive time is refused."""
    if instant.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return (instant - EPOCH) // MICROSECOND


def instant_of(value: int) -> datetime:
    """The instant of so many microseconds since 1970, in UTC."""
    return EPOCH + timedelta(microseconds=value)


def digest(content: bytes) -> int:
    """64 bits of `content` as a number that both databases can keep: equal contents, equal numbers."""
    return int.from_bytes(blake2b(content, digest_size=8).digest(), signed=True)


def identity(text: str) -> str:
    """An id from outside as both databases can index it. Recall's are uuids; one of a thousand letters is shortened."""
    if len(text) <= ID_KEPT:
        return plain(text)
    return f"{plain(text[:100])}~{sha256(text.encode()).hexdigest()}"


def plain(text: str) -> str:
    """Text from outside as both databases can keep it: PostgreSQL knows no NUL character."""
    return text.replace("\0", "\ufffd")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, and in UTC both there and in the database. A naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database, which keeps no offset in SQLite."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From the database: UTC, also where the zone was not kept."""
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)


class Instant(TypeDecorator[datetime]):
    """An instant, kept as whole microseconds: a million of them reach a frame without being made into objects."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To the database."""
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """From the database: aware, in UTC."""
        return None if value is None else instant_of(value)


class Outside(TypeDecorator[str]):
    """Text from outside (see `plain`)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else plain(value)


class Identity(TypeDecorator[str]):
    """An id from outside (see `identity`), written and asked for in one form."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else identity(value)


class Json(TypeDecorator[Any]):
    """A value of ours as JSON text. None is null."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """To the database; any mapping as an object."""
        return None if value is None else orjson.dumps(value, default=dict).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """From the database."""
        return None if value is None else orjson.loads(value)


def table(name: str, *items: SchemaItem) -> Table:
    """A table of the store."""
    return Table(name, metadata, *items)


def number(name: str = "pk") -> Column[int]:
    """The column of the numbers that rows are called by, which `lib.store.rows.insert_row` counts up."""
    return Column(name, Key, primary_key=True, autoincrement=False)


def shared_key(name: str, other: str) -> Column[int]:
    """A key that is another table's: there is at most one row for each of its rows."""
    return Column(name, ForeignKey(other), primary_key=True, autoincrement=False)


def partial_index(name: str | None, column: str, *, where: str) -> Index:
    """An index of the rows for which the condition is true."""
    return Index(name, column, sqlite_where=text(where), postgresql_where=text(where))
