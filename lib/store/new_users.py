"""Calendar users that staff asked for on purpose: the row is there before Recall is asked, and is closed once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from lib.store.rows import AnyRow, next_key
from lib.store.tables import calendar_user, new_user


class NewUserState(StrEnum):
    """What became of it."""

    OPEN = "open"
    MADE = "made"
    NOT_MADE = "not_made"


@dataclass(frozen=True, slots=True)
class NewUser:
    """One that was asked for. Times are UTC."""

    number: int
    external_id: str | None
    """None: erased, with all that was personal of the user."""
    by: str
    at: datetime
    state: NewUserState
    user_id: str | None
    """Recall's uuid, once it was made."""


def add(connection: Connection, external_id: str, *, by: str, now: datetime) -> int:
    """Keep that it is asked for; answers its number."""
    number = next_key(connection, new_user.c.pk)
    values = {"external_id": external_id, "staff": by, "at": now, "state": NewUserState.OPEN.value}
    connection.execute(insert(new_user).values(pk=number, **values))
    return number


def open_ones(connection: Connection) -> tuple[NewUser, ...]:
    """Those of which nobody has written down what became of them, oldest first."""
    rows = connection.execute(_all.where(new_user.c.state == NewUserState.OPEN.value).order_by(new_user.c.pk))
    return tuple(map(_row, rows))


def made(connection: Connection, number: int, user_id: str) -> bool:
    """It is this user, who is in the store. False: it was closed before."""
    key = select(calendar_user.c.pk).where(calendar_user.c.id == user_id).scalar_subquery()
    is_open = (new_user.c.pk == number) & (new_user.c.state == NewUserState.OPEN.value)
    closed = connection.execute(update(new_user).where(is_open).values(user=key, state=NewUserState.MADE.value))
    return closed.rowcount == 1


def not_made(connection: Connection, number: int) -> None:
    """Recall's list does not hold it."""
    is_open = (new_user.c.pk == number) & (new_user.c.state == NewUserState.OPEN.value)
    connection.execute(update(new_user).where(is_open).values(state=NewUserState.NOT_MADE.value))


def who_asked_for(connection: Connection, user_id: str) -> NewUser | None:
    """Who made this user here, if it was made here."""
    row = connection.execute(_all.where(calendar_user.c.id == user_id).order_by(new_user.c.pk.desc())).first()
    return _row(row) if row else None


_all = select(new_user, calendar_user.c.id.label("user_id")).outerjoin(
    calendar_user, calendar_user.c.pk == new_user.c.user
)


def _row(row: AnyRow) -> NewUser:
    return NewUser(row.pk, row.external_id, row.staff, row.at, NewUserState(row.state), row.user_id)
