"""Meetings that are set by hand and not over: what stands against the rules now, since when, and who set it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Connection, func, select

from lib.domain import is_private
from lib.store.observations import ObservationKind
from lib.store.outbox import unpacked
from lib.store.rows import AnyRow, portions
from lib.store.tables import assignment, calendar_user, change, entry, entry_details, observation

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
    """All of the workspace, the one that has stood longest first. Users who vanished have none.

    Only entries that are set by hand are looked at, by an index of these alone.
    """
    rows = connection.execute(_all.where(entry.c.start_at > now - LONGEST)).all()
    rows = [row for row in rows if (row.end_at or row.start_at) > now]
    seen = _last_seen(connection, rows)
    found = [_one(row, seen.get((row.user, row.id))) for row in rows]
    return tuple(sorted(found, key=lambda each: (each.since, each.start, each.key)))


_all = (
    select(
        entry.c.pk,
        entry.c.user,
        entry.c.id,
        entry.c.start_at,
        entry.c.end_at,
        entry.c.override_should_record,
        entry.c.visibility,
        entry.c.first_seen_at,
        calendar_user.c.id.label("user_id"),
        func.coalesce(assignment.c.customer, calendar_user.c.customer).label("customer"),
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
_seen = (
    select(
        observation.c.user,
        observation.c.entry_id,
        observation.c.at,
        observation.c.override_after,
        change.c.actor,
        change.c.why,
        change.c.made_at,
        change.c.after,
    )
    .outerjoin(change, change.c.seq == observation.c.cause)
    .where(observation.c.kind == ObservationKind.OVERRIDE_CHANGED.value)
    .order_by(observation.c.seq)
)


def _last_seen(connection: Connection, rows: Sequence[AnyRow]) -> Mapping[_Thing, AnyRow]:
    """Of each of these entries how its override was last seen to change, and the change of ours that it shows."""
    return {
        (row.user, row.entry_id): row
        for some in portions({row.user for row in rows})
        for row in connection.execute(_seen.where(observation.c.user.in_(some)))
    }


def _one(row: AnyRow, seen: AnyRow | None) -> ActiveOverride:
    since, actor, why = _set_by(row, seen)
    return ActiveOverride(
        key=row.pk,
        user_id=row.user_id,
        customer=row.customer,
        title=row.title,
        private=is_private(row.visibility),
        start=row.start_at,
        wanted=row.override_should_record,
        since=since,
        actor=actor,
        why=why,
    )


def _set_by(row: AnyRow, seen: AnyRow | None) -> tuple[datetime, str | None, str | None]:
    if seen is None or seen.override_after is not row.override_should_record:  # it was so when it was first seen
        return row.first_seen_at, None, None
    after: Mapping[str, Any] = unpacked(seen.after) or {}
    if seen.actor is None or after.get("override_should_record") is not row.override_should_record:
        return seen.at, None, None
    return seen.made_at, seen.actor, seen.why
