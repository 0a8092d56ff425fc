"""Meetings with an override that are not over: which they are, since when, and who set them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Connection, select

from lib.domain import is_private
from lib.store.observations import ObservationKind
from lib.store.rows import EFFECTIVE, AnyRow, AnySelect, from_row, rows_in
from lib.store.tables.desk import assignment, change
from lib.store.tables.workspace import calendar_user, entry, entry_details, observation

LONGEST = timedelta(days=1)
"""A meeting that began longer ago is over: who can be recorded lasts less."""

_Thing: TypeAlias = tuple[int, str]
"""Numbers of a user, and Recall's id of an entry."""


@dataclass(frozen=True, slots=True)
class ActiveOverride:
    """An entry that does not follow the rules. Times are UTC."""

    key: int
    """The store's number of the entry."""
    user_id: str
    customer: str | None
    title: str | None
    """Text from outside; None where there is none, or it was erased."""
    private: bool
    """Whether the calendar says that it is not everybody's business."""
    start: datetime
    wanted: bool
    """True: it is recorded whatever the rules say. False: it is not."""
    since: datetime
    """When it was set here; of one that was set elsewhere, the start of the read that first showed it."""
    actor: str | None
    """Name of the staff account that set it; None: it was set elsewhere."""
    why: str | None
    """Typed by that person."""


def active_overrides(connection: Connection, now: datetime) -> tuple[ActiveOverride, ...]:
    """All overrides of the workspace, the oldest first. Users who vanished have none.

    Only entries that are set by hand are looked at, by an index of these alone.
    """
    rows = connection.execute(_all.where(entry.c.start_at > now - LONGEST)).all()
    rows = [row for row in rows if (row.end_at or row.start_at) > now]
    seen = _last_seen(connection, rows)
    found = [_one(row, seen.get((row.user, row.id))) for row in rows]
    return tuple(sorted(found, key=lambda each: (each.since, each.start, each.key)))


_all: AnySelect = (
    select(
        *entry.c["pk", "user", "id", "start_at", "end_at", "override_should_record", "visibility", "first_seen_at"],
        calendar_user.c.id.label("user_id"),
        EFFECTIVE.label("customer"),
        entry_details.c.title,
    )
    .join(calendar_user, calendar_user.c.pk == entry.c.user)
    .outerjoin(assignment, assignment.c.user == calendar_user.c.pk)
    .outerjoin(entry_details, entry_details.c.entry == entry.c.pk)
    .where(
        entry.c.override_should_record.is_not(None),
        entry.c.removed_at.is_(None),
        entry.c.dragged_at.is_(None),
        calendar_user.c.vanished_at.is_(None),
    )
)
_seen: AnySelect = (
    select(
        *observation.c["user", "entry_id", "at", "override_after"],
        *change.c["actor", "why", "made_at", "after"],
    )
    .outerjoin(change, change.c.seq == observation.c.cause)
    .where(observation.c.kind == ObservationKind.OVERRIDE_CHANGED)
    .order_by(observation.c.seq)
)


def _last_seen(connection: Connection, rows: Sequence[AnyRow]) -> Mapping[_Thing, AnyRow]:
    """How the override of each of these entries was last seen to change, with the write of ours that it shows."""
    seen = rows_in(connection, _seen, observation.c.user, {row.user for row in rows})
    return {(row.user, row.entry_id): row for row in seen}


def _one(row: AnyRow, seen: AnyRow | None) -> ActiveOverride:
    since, actor, why = _set_by(row, seen)
    told = {"since": since, "actor": actor, "why": why, "private": is_private(row.visibility)}
    return from_row(ActiveOverride, row, key=row.pk, start=row.start_at, wanted=row.override_should_record, **told)


def _set_by(row: AnyRow, seen: AnyRow | None) -> tuple[datetime, str | None, str | None]:
    if seen is None or seen.override_after is not row.override_should_record:  # it was so when it was first seen
        return row.first_seen_at, None, None
    after: Mapping[str, Any] = seen.after or {}
    if seen.actor is None or after.get("override_should_record") is not row.override_should_record:
        return seen.at, None, None
    return seen.made_at, seen.actor, seen.why
