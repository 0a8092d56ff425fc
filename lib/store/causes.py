"""Which change of ours an observation shows. What none of ours explains was made elsewhere.

It is settled when something is observed, because a write is in the record before it is sent: whatever shows it comes
later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection, exists, select

from lib.domain import Preferences
from lib.store import preferences as rules
from lib.store.columns import identity
from lib.store.outbox import Value, WriteKind, WriteState
from lib.store.rows import AnyRow, AnySelect, rows_in
from lib.store.tables.desk import change
from lib.store.tables.workspace import observation

Part: TypeAlias = str | None
"""Which of several things of that kind a user has: the id of an entry, the platform of a calendar."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was seen of one user, in the terms of the changes that may have caused it."""

    user: int
    kind: WriteKind
    part: Part
    value: object
    """What there is now: the number of the preferences, the override, whether a calendar is connected or the user is
    listed."""
    seen_as: tuple[str, ...]
    """The kinds of observation that tell of the same thing."""


def causes_of(connection: Connection, at: datetime, sightings: Sequence[Sighting]) -> list[int | None]:
    """For each of what a read showed that began `at`: the number of the change of ours that it shows, or None."""
    ours = _ours(connection, {seen.user for seen in sightings})
    return [_cause(connection, at, seen, ours.get((seen.user, seen.kind, seen.part))) for seen in sightings]


def value_of(kind: WriteKind, value: Value) -> object:
    """What a change's `before` or `after` says, as a sighting says it."""
    match kind:
        case WriteKind.PREFERENCES:
            return rules.key_of(Preferences(**value))
        case WriteKind.OVERRIDE:
            return value.get("override_should_record")
        case WriteKind.DISCONNECT:
            return value.get("connected")
        case WriteKind.DELETE_USER:
            return value.get("listed")


_sent: AnySelect = (
    select(change)
    .where(change.c.sent_at.is_not(None), change.c.state != WriteState.NOT_APPLIED, change.c.after.is_not(None))
    .order_by(change.c.seq)
)


def _ours(connection: Connection, users: set[int]) -> Mapping[tuple[int, WriteKind, Part], AnyRow]:
    """The last write of ours that was sent, by what it is about."""
    return {
        (row.user, WriteKind(row.kind), _part(row)): row for row in rows_in(connection, _sent, change.c.user, users)
    }


def _part(row: AnyRow) -> Part:
    part: Part = (row.entry_id and identity(row.entry_id)) or row.after.get("platform")
    return part


def _cause(connection: Connection, at: datetime, seen: Sighting, ours: AnyRow | None) -> int | None:
    """A read that began before the change was sent may have shown what was there before it, and then it is that."""
    if ours is None:
        return None
    before, after = (value_of(seen.kind, body or {}) for body in (ours.before, ours.after))
    if seen.value == after and not _touched_since(connection, seen, ours.sent_at):
        return int(ours.seq)
    return int(ours.seq) if seen.value == before and at <= ours.sent_at else None


def _touched_since(connection: Connection, seen: Sighting, instant: datetime) -> bool:
    """Whether somebody was seen to change the same thing elsewhere since then."""
    elsewhere = select(observation).where(
        observation.c.user == seen.user,
        observation.c.kind.in_(seen.seen_as),
        observation.c.at > instant,
        observation.c.cause.is_(None),
    )
    if seen.kind is WriteKind.OVERRIDE:
        elsewhere = elsewhere.where(observation.c.entry_id == seen.part)
    elif seen.part is not None:
        elsewhere = elsewhere.where(observation.c.platform == seen.part)
    return bool(connection.scalar(select(exists(elsewhere))))
