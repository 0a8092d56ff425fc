"""Passes of the sync over the workspace, and requests for one. What a pass has done outlives its process."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, select, update

from lib.store.reads import Ranges
from lib.store.rows import AnyRow, AnySelect, from_row, insert_row
from lib.store.tables.workspace import sync_pass, sync_request


class PassState(StrEnum):
    """How far a pass has come, or how it ended."""

    RUNNING = "running"
    COMPLETE = "complete"
    """The users list was whole and all of its users were tried; those that could not be read are named."""
    PARTIAL = "partial"
    """The users list was not whole, or Recall refused everything, and the pass was cut off."""
    STOPPED = "stopped"
    """It did not come to its end, and is not taken up again."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass. Times are UTC."""

    key: int
    begun_at: datetime
    ended_at: datetime | None
    state: PassState
    stage: str
    """What it does, or did last: a word of the sync's."""
    resumed: int
    """How often it was taken up again after its process had died."""
    counts: Mapping[str, int]
    """What it has counted so far, by the sync's names."""
    tried: Ranges
    """Keys of the users whose meetings it has read, or tried to."""
    problem: str | None = None
    """Why it was cut off, in a sentence; None when it was not."""

    @property
    def users_done(self) -> int:
        """Users whose meetings it has read, or tried to."""
        return len(self.tried)


@dataclass(frozen=True, slots=True)
class PassRequest:
    """Somebody asked for a pass. `by` is a staff name, or None."""

    asked_at: datetime
    by: str | None


def begin(connection: Connection, *, now: datetime, resume_within: timedelta) -> Pass:
    """Take up the pass that is running, if it began within that time before `now`; else begin one.

    Nothing of it is done twice: `users.left` and `bots.due` answer what it has not tried. An older one is stopped,
    because what it read first would be too old at its end. The caller holds the lease.
    """
    running = _newest(connection, _all.where(sync_pass.c.state == PassState.RUNNING))
    if running and timedelta(0) <= now - running.begun_at <= resume_within:
        _set(connection, running.key, resumed=running.resumed + 1)
        return _one(connection, running.key)
    if running:
        end(connection, running.key, PassState.STOPPED, now=now)
    new = {"begun_at": now, "state": PassState.RUNNING, "stage": "", "resumed": 0, "counts": {}}
    return _one(connection, insert_row(connection, sync_pass, **new))


def progress(connection: Connection, key: int, *, stage: str, counts: Mapping[str, int]) -> None:
    """What a pass does now and has counted so far."""
    _set(connection, key, stage=stage, counts=counts)


def tried(connection: Connection, key: int, users: Iterable[int]) -> None:
    """A pass has read these users' meetings, or tried to: one row for all of them, in the transaction of theirs.

    Comes after `users.failed`, which says that a try was in vain.
    """
    before: str = connection.execute(select(sync_pass.c.tried).where(sync_pass.c.pk == key)).scalar_one()
    _set(connection, key, tried=str(Ranges.parse(before) | users))


def end(connection: Connection, key: int, state: PassState, *, now: datetime, problem: str | None = None) -> None:
    """A pass is over; `problem` is the sentence of what cut it off."""
    _set(connection, key, state=state, ended_at=now, problem=problem)


def latest(connection: Connection) -> Pass | None:
    """The pass that runs, or that ran last."""
    return _newest(connection, _all)


def recent(connection: Connection, limit: int = 20) -> tuple[Pass, ...]:
    """The last passes, newest first."""
    return tuple(map(_pass, connection.execute(_all.order_by(sync_pass.c.pk.desc()).limit(limit))))


def as_of(connection: Connection) -> datetime | None:
    """The start of the last complete pass: what every figure is split at. None before there is one."""
    found: datetime | None = connection.scalar(_complete.order_by(sync_pass.c.pk.desc()).limit(1))
    return found


def first_complete(connection: Connection) -> datetime | None:
    """The start of the first complete pass: since when the workspace is watched. None before there is one."""
    found: datetime | None = connection.scalar(_complete.order_by(sync_pass.c.pk).limit(1))
    return found


def ask(connection: Connection, *, by: str | None, now: datetime) -> None:
    """Leave a request for a pass."""
    insert_row(connection, sync_request, asked_at=now, asked_by=by)


def asked(connection: Connection) -> tuple[PassRequest, ...]:
    """Requests that no pass has taken up, oldest first."""
    waiting = select(sync_request).where(sync_request.c.taken_at.is_(None)).order_by(sync_request.c.pk)
    return tuple(PassRequest(row.asked_at, row.asked_by) for row in connection.execute(waiting))


def take_requests(connection: Connection, *, now: datetime) -> tuple[PassRequest, ...]:
    """Take up all requests, so that nobody else does; one pass answers them all."""
    taken = asked(connection)
    connection.execute(update(sync_request).where(sync_request.c.taken_at.is_(None)).values(taken_at=now))
    return taken


def _set(connection: Connection, key: int, **columns: object) -> None:
    connection.execute(update(sync_pass).where(sync_pass.c.pk == key).values(columns))


_all: AnySelect = select(sync_pass)
_complete = select(sync_pass.c.begun_at).where(sync_pass.c.state == PassState.COMPLETE)


def _newest(connection: Connection, wanted: AnySelect) -> Pass | None:
    row = connection.execute(wanted.order_by(sync_pass.c.pk.desc()).limit(1)).one_or_none()
    return _pass(row) if row else None


def _one(connection: Connection, key: int) -> Pass:
    return _pass(connection.execute(_all.where(sync_pass.c.pk == key)).one())


def _pass(row: AnyRow) -> Pass:
    return from_row(Pass, row, key=row.pk, state=PassState(row.state), tried=Ranges.parse(row.tried))
