"""Many users changed at once: the plan is kept before anything is sent, and then what became of each user."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select, update

from lib.customer.sight import Sight
from lib.store.outbox import Value, WriteKind
from lib.store.rows import AnyRow, AnySelect, from_row, insert_many, insert_row, seen_by, user_key
from lib.store.tables.desk import batch, batch_item
from lib.store.tables.workspace import calendar_user


class BatchState(StrEnum):
    """How far a batch has come."""

    PLANNED = "planned"
    RUNNING = "running"
    STOPPED = "stopped"
    """By somebody, by Recall as a whole, or because its process died. The rest can be done later."""
    DONE = "done"


class ItemState(StrEnum):
    """What became of one user of a batch."""

    WAITING = "waiting"
    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    UNKNOWN = "unknown"
    """Sent, and not read back: its change is open, or closed as unknown."""
    LEFT_OUT = "left_out"
    """Nothing was to be done, or nothing may be."""


@dataclass(frozen=True, slots=True)
class NewBatchItem:
    """What a batch is to do to one user. With a `problem` it is left out."""

    user_id: str
    before: Value
    after: Value
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One user of a batch. `change` is the number of its change once there is one."""

    user_id: str
    before: Value | None
    """None: erased; so is `after`."""
    after: Value | None
    state: ItemState
    change: int | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Many users changed at once. Times are UTC."""

    key: int
    kind: WriteKind
    actor: str
    why: str | None
    plan: Mapping[str, Any]
    """What was chosen, as its maker wrote it."""
    state: BatchState
    made_at: datetime
    closed_at: datetime | None
    undoes: int | None
    counts: Mapping[ItemState, int]


def plan(
    connection: Connection,
    kind: WriteKind,
    items: Sequence[NewBatchItem],
    *,
    actor: str,
    now: datetime,
    why: str | None = None,
    what: Mapping[str, Any] | None = None,
    undoes: int | None = None,
) -> int:
    """Keep a plan, and answer its number. Users that the store does not know are left out of it."""
    told = {"kind": kind, "actor": actor, "why": why, "plan": what or {}, "undoes": undoes}
    key = insert_row(connection, batch, state=BatchState.PLANNED, made_at=now, **told)
    keys = {row.id: row.pk for row in connection.execute(select(calendar_user.c.id, calendar_user.c.pk))}
    rows = [
        {
            "batch": key,
            "user": keys[item.user_id],
            "before": item.before,
            "after": item.after,
            "state": ItemState.LEFT_OUT if item.problem else ItemState.WAITING,
            "problem": item.problem,
        }
        for item in items
        if item.user_id in keys
    ]
    insert_many(connection, batch_item, rows)
    return key


def set_state(connection: Connection, key: int, state: BatchState, *, now: datetime) -> None:
    """Keep how far it has come."""
    over = state in (BatchState.STOPPED, BatchState.DONE)
    connection.execute(update(batch).where(batch.c.pk == key).values(state=state, closed_at=now if over else None))


def note(connection: Connection, key: int, **words: Any) -> None:
    """Write something beside what was chosen: `lib.commands.bulk` says what."""
    kept = connection.scalar(select(batch.c.plan).where(batch.c.pk == key)) or {}
    connection.execute(update(batch).where(batch.c.pk == key).values(plan=kept | words))


def try_again(connection: Connection, key: int) -> int:
    """Let the users wait again for whom it was not done, and answer how many they are."""
    refused = update(batch_item).where(batch_item.c.batch == key, batch_item.c.state == ItemState.NOT_APPLIED)
    return connection.execute(refused.values(state=ItemState.WAITING, problem=None)).rowcount


def set_item(
    connection: Connection,
    key: int,
    user_id: str,
    state: ItemState,
    *,
    change: int | None = None,
    problem: str | None = None,
) -> None:
    """Keep what became of one user."""
    mine = update(batch_item).where(batch_item.c.batch == key, batch_item.c.user == user_key(user_id))
    connection.execute(mine.values(state=state, change=change, problem=problem))


def items(connection: Connection, key: int, *, state: ItemState | None = None) -> tuple[BatchItem, ...]:
    """The users of a batch, or those in one state, in the order in which they were first seen."""
    wanted = (
        select(batch_item, calendar_user.c.id.label("user_id"))
        .join(calendar_user, calendar_user.c.pk == batch_item.c.user)
        .where(batch_item.c.batch == key)
        .order_by(batch_item.c.user)
    )
    if state is not None:
        wanted = wanted.where(batch_item.c.state == state)
    return tuple(from_row(BatchItem, row, state=ItemState(row.state)) for row in connection.execute(wanted))


def find(connection: Connection, key: int) -> Batch | None:
    """The batch of that number."""
    return next(iter(_batches(connection, select(batch).where(batch.c.pk == key))), None)


def recent(connection: Connection, *, limit: int = 50) -> tuple[Batch, ...]:
    """The last batches, newest first."""
    return _batches(connection, select(batch).order_by(batch.c.pk.desc()).limit(limit))


def reaching_beyond(connection: Connection, keys: Collection[int], sight: Sight) -> frozenset[int]:
    """Those of these batches that have users whom `sight` does not see."""
    if sight.is_everything:
        return frozenset()
    beyond = select(batch_item.c.batch).where(batch_item.c.batch.in_(keys), batch_item.c.user.not_in(seen_by(sight)))
    return frozenset(connection.scalars(beyond.distinct()))


def running(connection: Connection) -> tuple[Batch, ...]:
    """Those that run, as far as the record says: their process may have died."""
    return _batches(connection, select(batch).where(batch.c.state == BatchState.RUNNING).order_by(batch.c.pk))


def _batches(connection: Connection, wanted: AnySelect) -> tuple[Batch, ...]:
    return tuple(_batch(connection, row) for row in connection.execute(wanted).all())


def _batch(connection: Connection, row: AnyRow) -> Batch:
    counted = select(batch_item.c.state, func.count().label("items")).where(batch_item.c.batch == row.pk)
    found = connection.execute(counted.group_by(batch_item.c.state))
    counts = {ItemState(each.state): each.items for each in found}
    return from_row(Batch, row, key=row.pk, kind=WriteKind(row.kind), state=BatchState(row.state), counts=counts)
