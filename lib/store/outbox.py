"""What was asked of Recall: by whom, why, before and after, and how it ended. Rows are added, closed once, and stay."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

import orjson
from sqlalchemy import Connection, Select, exists, insert, select, update

from lib.errors import UnknownCalendarUser
from lib.store.rows import AnyRow, next_key, portions
from lib.store.tables import calendar_user, change

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
    """How a change ended, by what Recall had when it was asked afterwards."""

    OPEN = "open"
    """Not known yet."""
    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    UNKNOWN = "unknown"
    """Recall has neither what was there before nor what was sent, or the user or the meeting is gone."""


@dataclass(frozen=True, slots=True)
class NewWrite:
    """A change that is to be made. `user_id` and `entry_id` are Recall's uuids."""

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
    """A change in the record. Times are UTC."""

    seq: int
    """Its number: later changes have greater ones."""
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
    """The change that this one takes back."""
    undone: bool
    """Whether another one took it back."""


def add(connection: Connection, draft: NewWrite, *, now: datetime) -> int:
    """Add a change that nobody has sent yet; answers its number. Raises `UnknownCalendarUser`."""
    user: int | None = connection.scalar(select(calendar_user.c.pk).where(calendar_user.c.id == draft.user_id))
    if user is None:
        raise UnknownCalendarUser
    seq = next_key(connection, change.c.seq)
    connection.execute(
        insert(change).values(
            seq=seq,
            kind=draft.kind.value,
            user=user,
            entry_id=draft.entry_id,
            actor=draft.actor,
            why=draft.why,
            before=packed(draft.before),
            after=packed(draft.after),
            state=WriteState.OPEN.value,
            made_at=now,
            batch=draft.batch,
            undoes=draft.undoes,
        )
    )
    return seq


def mark_sent(connection: Connection, seq: int, *, now: datetime) -> None:
    """It is sent as soon as this is kept."""
    connection.execute(update(change).where(change.c.seq == seq).values(sent_at=now))


def close(connection: Connection, seq: int, state: WriteState, *, now: datetime, note: str | None = None) -> bool:
    """How it ended. Answers False, and changes nothing, where it was closed before."""
    still_open = update(change).where(change.c.seq == seq, change.c.closed_at.is_(None))
    return connection.execute(still_open.values(state=state.value, closed_at=now, note=note)).rowcount == 1


def find(connection: Connection, seq: int) -> Write | None:
    """The change of that number."""
    row = connection.execute(_all.where(change.c.seq == seq)).one_or_none()
    return _write(row) if row else None


def numbered(connection: Connection, numbers: Collection[int]) -> tuple[Write, ...]:
    """The changes with these numbers, as far as there are any."""
    rows = (row for some in portions(numbers) for row in connection.execute(_all.where(change.c.seq.in_(some))))
    return tuple(map(_write, rows))


def open_ones(connection: Connection) -> tuple[Write, ...]:
    """Changes of which nobody knows yet how they ended, oldest first."""
    return tuple(map(_write, connection.execute(_all.where(change.c.closed_at.is_(None)).order_by(change.c.seq))))


def of_user(connection: Connection, user_id: str, *, limit: int = 200) -> tuple[Write, ...]:
    """A user's changes, newest first."""
    return _newest(connection, _all.where(calendar_user.c.id == user_id), limit)


def of_target(connection: Connection, kind: WriteKind, user_id: str, entry_id: str | None) -> tuple[Write, ...]:
    """Changes of the same thing, newest first: of a user's preferences, or of one entry."""
    same_entry = change.c.entry_id.is_(None) if entry_id is None else change.c.entry_id == entry_id
    wanted = _all.where(calendar_user.c.id == user_id, change.c.kind == kind.value, same_entry)
    return _newest(connection, wanted, 20)


def deletions(connection: Connection) -> frozenset[int]:
    """Numbers of the users whose deletion was asked of Recall here, but for those that are known not to be gone."""
    ours = select(change.c.user).where(
        change.c.kind == WriteKind.DELETE_USER.value,
        change.c.sent_at.is_not(None),
        change.c.state != WriteState.NOT_APPLIED.value,
    )
    return frozenset(connection.scalars(ours))


def of_batch(connection: Connection, batch: int) -> tuple[Write, ...]:
    """The changes that belong to a batch, in the order in which they were made."""
    return tuple(map(_write, connection.execute(_all.where(change.c.batch == batch).order_by(change.c.seq))))


def recent(
    connection: Connection,
    *,
    kind: WriteKind | None = None,
    actor: str | None = None,
    before: int | None = None,
    limit: int = 200,
) -> tuple[Write, ...]:
    """The last changes, newest first; `before` a number, for the next page of them."""
    wanted = _all
    if kind is not None:
        wanted = wanted.where(change.c.kind == kind.value)
    if actor is not None:
        wanted = wanted.where(change.c.actor == actor)
    if before is not None:
        wanted = wanted.where(change.c.seq < before)
    return _newest(connection, wanted, limit)


def packed(value: Value) -> str:
    """A value as the store keeps it."""
    return orjson.dumps(dict(value)).decode()


def unpacked(body: str | None) -> Value | None:
    """The value in a row; None for one that was erased."""
    return None if body is None else orjson.loads(body)


_undoing = change.alias("undoing")
_all: Select[*tuple[Any, ...]] = select(
    change,
    calendar_user.c.id.label("user_id"),
    exists().where(_undoing.c.undoes == change.c.seq, _undoing.c.state == WriteState.APPLIED.value).label("undone"),
).join(calendar_user, calendar_user.c.pk == change.c.user)


def _newest(connection: Connection, wanted: Select[*tuple[Any, ...]], limit: int) -> tuple[Write, ...]:
    return tuple(map(_write, connection.execute(wanted.order_by(change.c.seq.desc()).limit(limit))))


def _write(row: AnyRow) -> Write:
    return Write(
        seq=row.seq,
        kind=WriteKind(row.kind),
        user_id=row.user_id,
        entry_id=row.entry_id,
        actor=row.actor,
        why=row.why,
        before=unpacked(row.before),
        after=unpacked(row.after),
        state=WriteState(row.state),
        note=row.note,
        made_at=row.made_at,
        sent_at=row.sent_at,
        closed_at=row.closed_at,
        batch=row.batch,
        undoes=row.undoes,
        undone=bool(row.undone),
    )
