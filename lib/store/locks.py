"""Wrong passwords, counted by account and address. Both are digests: nothing that was typed, or came, can be read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select

from lib.store.tables import sign_in_lock

MOST_ROWS = 10_000
"""Beyond these the oldest are forgotten, so that who tries names all night does not fill the store."""


@dataclass(frozen=True, slots=True)
class LockRow:
    """How many wrong passwords came since `first_at`, and until when the next is not looked at. Times are UTC."""

    misses: int
    first_at: datetime
    until: datetime | None


def find(connection: Connection, account: str, address: str) -> LockRow | None:
    """What was counted of this account from this address."""
    found = select(sign_in_lock.c.misses, sign_in_lock.c.first_at, sign_in_lock.c.until)
    row = connection.execute(found.where(_of(account, address))).one_or_none()
    return LockRow(*row) if row else None


def locked(connection: Connection, accounts: Collection[str], now: datetime) -> dict[str, datetime]:
    """Those of these accounts that are locked from some address, and until when from the last of them."""
    last = select(sign_in_lock.c.account, func.max(sign_in_lock.c.until)).where(
        sign_in_lock.c.account.in_(accounts), sign_in_lock.c.until > now
    )
    rows = connection.execute(last.group_by(sign_in_lock.c.account))
    return {row.account: row[1] for row in rows}


def keep(connection: Connection, account: str, address: str, row: LockRow) -> None:
    """Count so many, in the place of what was counted before."""
    forget(connection, account, address)
    values = {"misses": row.misses, "first_at": row.first_at, "until": row.until}
    connection.execute(insert(sign_in_lock).values(account=account, address=address, **values))


def forget(connection: Connection, account: str, address: str) -> None:
    """Count from none again."""
    connection.execute(delete(sign_in_lock).where(_of(account, address)))


def drop(connection: Connection, *, begun_before: datetime, now: datetime, most: int = MOST_ROWS) -> None:
    """Forget what counts no more: begun before then, and locked no longer. And the oldest of too many."""
    over = or_(sign_in_lock.c.until.is_(None), sign_in_lock.c.until <= now)
    connection.execute(delete(sign_in_lock).where(sign_in_lock.c.first_at <= begun_before, over))
    newest = select(sign_in_lock.c.first_at).order_by(sign_in_lock.c.first_at.desc())
    oldest = connection.scalar(newest.offset(most).limit(1))
    if oldest is not None:
        connection.execute(delete(sign_in_lock).where(sign_in_lock.c.first_at <= oldest))


def _of(account: str, address: str) -> ColumnElement[bool]:
    return and_(sign_in_lock.c.account == account, sign_in_lock.c.address == address)
