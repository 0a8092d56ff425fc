"""The tables, as the newest migration leaves them; a test holds the two together. All times are UTC."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Dialect, ForeignKey, Index, MetaData, Table, Text, TypeDecorator

metadata = MetaData(
    # SQLite changes a constraint by its name, so that every one needs a name.
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


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


meta = Table(
    "meta",
    metadata,
    Column("k", Text, primary_key=True),
    Column("v", Text, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("name", Text, primary_key=True),
    Column("display", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password_hash", Text),  # null: this person has no password here
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("password_changed_at", UtcDateTime),
)

session = Table(
    "session",
    metadata,
    Column("id_hash", Text, primary_key=True),  # SHA-256 of the cookie: who reads this file cannot use it to get in
    Column("staff", Text, ForeignKey("staff.name"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_why", Text),
    Index(None, "staff"),
)

ticket = Table(
    "ticket",
    metadata,
    Column("hash", Text, primary_key=True),  # SHA-256, like the session's
    Column("staff", Text, ForeignKey("staff.name"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)
