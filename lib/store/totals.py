"""How much of everything there is, for monitoring: numbers alone, no names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, func, select

from lib.store.budgets import MINUTE
from lib.store.tables.desk import change, session
from lib.store.tables.workspace import budget, calendar_user, spending


@dataclass(frozen=True, slots=True)
class StoreTotals:
    """The store in numbers."""

    users: int
    """Calendar users that Recall lists."""
    open_changes: int
    sessions: int
    """Sessions that were used within the time asked for, and that nobody ended."""
    spent: Mapping[str, int]
    """Calls of the last minute, by budget."""
    closed_seconds: Mapping[str, float]
    """Seconds until a budget opens again that Recall closed."""
    bytes: int


def count(connection: Connection, *, now: datetime, sessions_since: datetime) -> StoreTotals:
    """The numbers at `now`."""
    in_use = select(func.count()).where(session.c.ended_at.is_(None), session.c.last_seen_at >= sessions_since)
    of_a_minute = (
        select(spending.c.budget, func.count()).where(spending.c.at > now - MINUTE).group_by(spending.c.budget)
    )
    closed = select(budget.c.name, budget.c.closed_until).where(budget.c.closed_until > now)
    return StoreTotals(
        users=_count(connection, select(func.count()).where(calendar_user.c.vanished_at.is_(None))),
        open_changes=_count(connection, select(func.count()).where(change.c.closed_at.is_(None))),
        sessions=_count(connection, in_use),
        spent={row.budget: row[1] for row in connection.execute(of_a_minute)},
        closed_seconds={name: (until - now).total_seconds() for name, until in connection.execute(closed)},
        bytes=_bytes(connection),
    )


def _count(connection: Connection, statement: Select[int]) -> int:
    return connection.scalar(statement) or 0


def _bytes(connection: Connection) -> int:
    """What the database takes on its disk; of SQLite without the log of writes, which comes and goes."""
    if connection.dialect.name == "postgresql":
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
    pages, size = (connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "page_size"))
    return int(pages) * int(size)
