"""Calendar users that staff asked for on purpose: the row is there before Recall is asked, and is closed once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select, update

from lib.store.rows import AnyRow, from_row, insert_row, user_key
from lib.store.tables.desk import new_user
from lib.store.tables.workspace import calendar_user


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
    """Keep that a user is asked for, and answer the number of the row."""
    return insert_row(connection, new_user, external_id=external_id, staff=by, at=now, state=NewUserState.OPEN)


def open_ones(connection: Connection) -> tuple[NewUser, ...]:
    """Those of which nobody has written down what became of them, oldest first."""
    rows = connection.execute(_all.where(new_user.c.state == NewUserState.OPEN).order_by(new_user.c.pk))
    return tuple(map(_row, rows))


def made(connection: Connection, number: int, user_id: str) -> bool:
    """Keep that it is this user, who is in the store. False: it was closed before."""
    return _close(connection, number, NewUserState.MADE, user=user_key(user_id))


def not_made(connection: Connection, number: int) -> None:
    """Keep that Recall's list does not hold it."""
    _close(connection, number, NewUserState.NOT_MADE)


_all = select(new_user, calendar_user.c.id.label("user_id")).outerjoin(
    calendar_user, calendar_user.c.pk == new_user.c.user
)


def _close(connection: Connection, number: int, state: NewUserState, **columns: object) -> bool:
    is_open = (new_user.c.pk == number) & (new_user.c.state == NewUserState.OPEN)
    return connection.execute(update(new_user).where(is_open).values(state=state, **columns)).rowcount == 1


def _row(row: AnyRow) -> NewUser:
    return from_row(NewUser, row, number=row.pk, by=row.staff, state=NewUserState(row.state))
