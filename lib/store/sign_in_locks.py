"""Wrong passwords, counted by account and address. Both are digests: nothing that was typed, or came, can be read."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, true

from lib.store.rows import from_row
from lib.store.tables.desk import sign_in_lock

MOST_ROWS = 10_000
"""So many names are counted at once, so that somebody who tries names all night does not fill the store."""
MOST_OF_ADDRESS = 1_000
"""So many of them from one address: more than a whole company that begins its day."""


@dataclass(frozen=True, slots=True)
class LockRow:
    """How many wrong passwords came since `first_at`, and until when the next is not looked at. Times are UTC."""

    misses: int
    first_at: datetime
    until: datetime | None


def find(connection: Connection, account: str, address: str) -> LockRow | None:
    """What was counted of this account from this address."""
    row = connection.execute(select(sign_in_lock).where(_of(account, address))).one_or_none()
    return from_row(LockRow, row) if row else None


def locked(connection: Connection, accounts: Collection[str], now: datetime) -> dict[str, datetime]:
    """Those of these accounts that are locked from some address, and until when from the last of them."""
    last = select(sign_in_lock.c.account, func.max(sign_in_lock.c.until).label("until"))
    still = last.where(sign_in_lock.c.account.in_(accounts), sign_in_lock.c.until > now)
    rows = connection.execute(still.group_by(sign_in_lock.c.account))
    return {row.account: row.until for row in rows}


def keep(connection: Connection, account: str, address: str, row: LockRow) -> None:
    """Count so many, in the place of what was counted before."""
    forget(connection, account, address)
    connection.execute(insert(sign_in_lock).values(account=account, address=address, **asdict(row)))


def forget(connection: Connection, account: str, address: str) -> None:
    """Count from none again."""
    connection.execute(delete(sign_in_lock).where(_of(account, address)))


def drop(connection: Connection, *, begun_before: datetime, now: datetime) -> None:
    """Forget what counts no more: begun before then, and locked no longer."""
    over = or_(sign_in_lock.c.until.is_(None), sign_in_lock.c.until <= now)
    connection.execute(delete(sign_in_lock).where(sign_in_lock.c.first_at <= begun_before, over))


def has_room(connection: Connection, address: str, *, most: int = MOST_OF_ADDRESS) -> bool:
    """Whether another name may be counted from this address."""
    return _count(connection, sign_in_lock.c.address == address) < most


def make_room(connection: Connection, *, most: int = MOST_ROWS) -> bool:
    """Forget the oldest of all that are not locked where there are too many for another one. False: all are locked."""
    is_open = sign_in_lock.c.until.is_(None)
    for _ in range(_count(connection) - most + 1):
        oldest = select(sign_in_lock.c.account, sign_in_lock.c.address).where(is_open)
        place = connection.execute(oldest.order_by(sign_in_lock.c.first_at).limit(1)).one_or_none()
        if place is None:
            return False
        forget(connection, place.account, place.address)
    return True


def next_end(connection: Connection, counted_for: timedelta, address: str | None = None) -> datetime:
    """When the first of what is counted, from this address or at all, counts no more: there is something."""
    whose = true() if address is None else sign_in_lock.c.address == address
    first = select(func.min(sign_in_lock.c.first_at)).where(whose, sign_in_lock.c.until.is_(None))
    begun = connection.scalar(first)
    until = connection.scalar(select(func.min(sign_in_lock.c.until)).where(whose))
    ends: list[datetime] = [end for end in (begun and begun + counted_for, until) if end]
    return min(ends)


def _count(connection: Connection, *whose: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(sign_in_lock).where(*whose)) or 0


def _of(account: str, address: str) -> ColumnElement[bool]:
    return and_(sign_in_lock.c.account == account, sign_in_lock.c.address == address)
