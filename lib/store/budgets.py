"""Budgets that all processes share: so many calls in any minute, and none before Recall allows it again."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, or_, select

from lib.store.rows import next_key
from lib.store.tables.workspace import budget, spending

MINUTE = timedelta(seconds=61)
"""A second longer than Recall's: two calls can come closer together on the way than they were sent."""
CLOCKS_APART = timedelta(seconds=5)
"""How much processes' clocks may differ. What lies further ahead was written before a clock was put back."""


def take(connection: Connection, name: str, limit_per_minute: int, *, now: datetime) -> float:
    """Seconds to wait before the call may be sent: 0 means go, and the call is counted.

    Any other answer counts nothing: wait that long, then ask again. Threads of one process do best to ask one at a
    time, or all of those that wait would wake up for the same place. Who asks with a lower limit than others leaves
    them the rest.
    """
    _forget(connection, now)
    closed = _closed_until(connection, name, now)
    if closed > now:
        return _seconds(closed - now)
    spent = connection.scalar(select(func.count()).where(spending.c.budget == name)) or 0
    if spent >= limit_per_minute:
        return _seconds(_nth_oldest(connection, name, spent - limit_per_minute) + MINUTE - now)
    connection.execute(insert(spending).values(pk=next_key(connection, spending.c.pk), budget=name, at=now))
    return 0.0


def close_until(connection: Connection, name: str, instant: datetime, *, now: datetime) -> None:
    """Recall said when it may be asked again (Retry-After): until then `take` lets nobody through."""
    until = max(instant, _closed_until(connection, name, now))
    connection.execute(delete(budget).where(budget.c.name == name))
    connection.execute(insert(budget).values(name=name, closed_at=now, closed_until=until))


def _closed_until(connection: Connection, name: str, now: datetime) -> datetime:
    row = connection.execute(select(budget).where(budget.c.name == name)).one_or_none()
    return row.closed_until if row and row.closed_at <= now + CLOCKS_APART else now


def _nth_oldest(connection: Connection, name: str, n: int) -> datetime:
    """When the call was sent that must be a minute old before there is a place: the oldest is number 0."""
    calls = select(spending.c.at).where(spending.c.budget == name).order_by(spending.c.at)
    sent_at: datetime = connection.execute(calls.limit(1).offset(n)).scalar_one()
    return sent_at


def _seconds(wait: timedelta) -> float:
    return max(wait.total_seconds(), 0.001)  # never 0, which would mean go


def _forget(connection: Connection, now: datetime) -> None:
    past = or_(spending.c.at <= now - MINUTE, spending.c.at > now + CLOCKS_APART)
    connection.execute(delete(spending).where(past))
