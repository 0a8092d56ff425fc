"""The outbox: what was asked of Recall, by whom and why, before and after, and how it ended.

A row is added before anything is sent, closed once, and stays.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import Connection, exists, select, update

from lib.errors import UnknownCalendarUser
from lib.store.rows import AnyRow, AnySelect, from_row, insert_row, rows_in, user_key
from lib.store.tables.desk import change
from lib.store.tables.workspace import calendar_user

Value: TypeAlias = Mapping[str, Any]
"""What is set, as JSON: see `WriteKind`."""


class WriteKind(StrEnum):
    """What is changed, and what `before` and `after` hold."""

    PREFERENCES = "preferences"
    """The six flags and `bot_name`."""
    OVERRIDE = "override"
    """`override_should_record` of one entry: true, false or null."""
    DISCONNECT = "disconnect"
    """`platform` and whether it is `connected`."""
    DELETE_USER = "delete_user"
    """Whether the user is `listed`."""


class WriteState(StrEnum):
    """How a write ended, by what Recall had when it was asked afterwards."""

    OPEN = "open"
    """Not known yet."""
    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    UNKNOWN = "unknown"
    """Recall has neither what was there before nor what was sent, or the user or the meeting is gone."""


@dataclass(frozen=True, slots=True)
class NewWrite:
    """A write that is to be made. `user_id` and `entry_id` are Recall's uuids."""

    kind: WriteKind
    user_id: str
    before: Value
    after: Value
    actor: str
    entry_id: str | None = None
    why: str | None = None
    batch: int | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """A write in the record. Times are UTC."""

    seq: int
    """Its number: later writes have greater ones."""
    kind: WriteKind
    user_id: str
    entry_id: str | None
    actor: str
    """Name of the staff member."""
    why: str | None
    """Typed by the staff member: text, never Markdown."""
    before: Value | None
    """None: erased, with all that was personal of the user. So is `after`."""
    after: Value | None
    state: WriteState
    note: str | None
    """A sentence of ours for why it ended so, where there is more to say."""
    made_at: datetime
    sent_at: datetime | None
    """Just before it was sent. None: it never was."""
    closed_at: datetime | None
    batch: int | None
    undoes: int | None
    """The write that this one takes back."""
    undone: bool
    """Whether another one took it back."""


def add(connection: Connection, new: NewWrite, *, now: datetime) -> int:
    """Add a write that has not been sent yet, and answer its number. Raises `UnknownCalendarUser`."""
    user: int | None = connection.scalar(select(user_key(new.user_id)))
    if user is None:
        raise UnknownCalendarUser
    same = {name: getattr(new, name) for name in ("kind", "entry_id", "actor", "why", "before", "after", "batch")}
    return insert_row(connection, change, user=user, state=WriteState.OPEN, made_at=now, undoes=new.undoes, **same)


def mark_sent(connection: Connection, seq: int, *, now: datetime) -> None:
    """Note that the write is about to be sent: it is, as soon as this is kept."""
    connection.execute(update(change).where(change.c.seq == seq).values(sent_at=now))


def close(connection: Connection, seq: int, state: WriteState, *, now: datetime, note: str | None = None) -> bool:
    """Keep how a write ended. Answers False, and changes nothing, where it was closed before."""
    still_open = update(change).where(change.c.seq == seq, change.c.closed_at.is_(None))
    return connection.execute(still_open.values(state=state, closed_at=now, note=note)).rowcount == 1


def find(connection: Connection, seq: int) -> Write | None:
    """The write of that number."""
    row = connection.execute(_all.where(change.c.seq == seq)).one_or_none()
    return _write(row) if row else None


def numbered(connection: Connection, numbers: Collection[int]) -> tuple[Write, ...]:
    """The writes with these numbers, as far as there are any."""
    return tuple(map(_write, rows_in(connection, _all, change.c.seq, numbers)))


def open_ones(connection: Connection) -> tuple[Write, ...]:
    """Writes of which it is not known yet how they ended, oldest first."""
    return tuple(map(_write, connection.execute(_all.where(change.c.closed_at.is_(None)).order_by(change.c.seq))))


def of_user(connection: Connection, user_id: str, *, limit: int = 200) -> tuple[Write, ...]:
    """A user's writes, newest first."""
    return _newest(connection, _all.where(calendar_user.c.id == user_id), limit)


def of_target(connection: Connection, kind: WriteKind, user_id: str, entry_id: str | None) -> tuple[Write, ...]:
    """Writes of the same thing, newest first: of a user's preferences, or of one entry."""
    same_entry = change.c.entry_id.is_not_distinct_from(entry_id)
    return _newest(connection, _all.where(calendar_user.c.id == user_id, change.c.kind == kind, same_entry), 20)


def deletions(connection: Connection) -> frozenset[int]:
    """Numbers of the users whose deletion was asked of Recall here, except where it is known that they were not."""
    ours = select(change.c.user).where(
        change.c.kind == WriteKind.DELETE_USER,
        change.c.sent_at.is_not(None),
        change.c.state != WriteState.NOT_APPLIED,
    )
    return frozenset(connection.scalars(ours))


def of_batch(connection: Connection, batch: int) -> tuple[Write, ...]:
    """The writes that belong to a batch, in the order in which they were made."""
    return tuple(map(_write, connection.execute(_all.where(change.c.batch == batch).order_by(change.c.seq))))


def recent(connection: Connection, *, limit: int = 200) -> tuple[Write, ...]:
    """The last writes, newest first."""
    return _newest(connection, _all, limit)


_undoing = change.alias("undoing")
_all: AnySelect = select(
    change,
    calendar_user.c.id.label("user_id"),
    exists().where(_undoing.c.undoes == change.c.seq, _undoing.c.state == WriteState.APPLIED).label("undone"),
).join(calendar_user, calendar_user.c.pk == change.c.user)


def _newest(connection: Connection, wanted: AnySelect, limit: int) -> tuple[Write, ...]:
    return tuple(map(_write, connection.execute(wanted.order_by(change.c.seq.desc()).limit(limit))))


def _write(row: AnyRow) -> Write:
    return from_row(Write, row, kind=WriteKind(row.kind), state=WriteState(row.state), undone=bool(row.undone))
