"""The places of all that happened, newest first, whichever table it stands in: as many as are shown, and no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from heapq import merge
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, Connection, exists, false, select

from lib.customer import UNASSIGNED, Unassigned
from lib.customer.sight import Sight
from lib.store import sights
from lib.store.batches import BatchState
from lib.store.events import EventKind
from lib.store.observations import ObservationKind
from lib.store.outbox import WriteKind
from lib.store.tables import (
    applied_file,
    assignment,
    batch,
    batch_item,
    calendar_user,
    change,
    event,
    observation,
    standard,
)

Condition: TypeAlias = ColumnElement[bool]


class AuditSource(StrEnum):
    """Where something stands."""

    CHANGE = "change"
    BATCH = "batch"
    EVENT = "event"
    OBSERVATION = "seen"
    FILE = "file"
    STANDARD = "standard"


class AuditTopic(StrEnum):
    """What it is about."""

    PREFERENCES = "preferences"
    OVERRIDE = "override"
    CONNECTION = "connection"
    USER = "user"
    STANDARD = "standard"
    CUSTOMERS = "customers"
    BOT_CONFIG = "bot_config"
    SIGN_IN = "sign_in"
    STAFF = "staff"
    EXPORT = "export"
    TITLE = "title"


TOPICS: Mapping[AuditSource, Mapping[str, AuditTopic]] = {
    AuditSource.CHANGE: {
        WriteKind.PREFERENCES: AuditTopic.PREFERENCES,
        WriteKind.OVERRIDE: AuditTopic.OVERRIDE,
        WriteKind.DISCONNECT: AuditTopic.CONNECTION,
        WriteKind.DELETE_USER: AuditTopic.USER,
    },
    AuditSource.EVENT: {
        EventKind.SIGNED_IN: AuditTopic.SIGN_IN,
        EventKind.SIGN_IN_REFUSED: AuditTopic.SIGN_IN,
        EventKind.SIGN_IN_LOCKED: AuditTopic.SIGN_IN,
        EventKind.SIGNED_OUT: AuditTopic.SIGN_IN,
        EventKind.SESSION_EXPIRED: AuditTopic.SIGN_IN,
        EventKind.SESSION_RENEWED: AuditTopic.SIGN_IN,
        EventKind.SIGNED_OUT_BY_ADMIN: AuditTopic.SIGN_IN,
        EventKind.STAFF_CHANGED: AuditTopic.STAFF,
        EventKind.EXPORTED: AuditTopic.EXPORT,
        EventKind.LINK_MADE: AuditTopic.CONNECTION,
        EventKind.USER_MADE: AuditTopic.USER,
        EventKind.BOT_CONFIG_KEPT: AuditTopic.BOT_CONFIG,
        EventKind.BOT_CONFIG_MARKED: AuditTopic.BOT_CONFIG,
        EventKind.TITLE_SHOWN: AuditTopic.TITLE,
        EventKind.REFRESH_ASKED: AuditTopic.CONNECTION,
        EventKind.REFRESH_ENDED: AuditTopic.CONNECTION,
        EventKind.ENTRIES_TAKEN_OUT: AuditTopic.USER,
        EventKind.LIST_BELIEVED: AuditTopic.USER,
        EventKind.EXPORT_REFUSED: AuditTopic.EXPORT,
    },
    AuditSource.OBSERVATION: {
        ObservationKind.PREFERENCES_CHANGED: AuditTopic.PREFERENCES,
        ObservationKind.OVERRIDE_CHANGED: AuditTopic.OVERRIDE,
        ObservationKind.CONNECTION_LOST: AuditTopic.CONNECTION,
        ObservationKind.CONNECTION_FOUND: AuditTopic.CONNECTION,
        ObservationKind.USER_APPEARED: AuditTopic.USER,
        ObservationKind.USER_VANISHED: AuditTopic.USER,
    },
}
"""Of each kind. A batch is of the kind of its changes; an applied file is about customers, a standard about itself."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is asked for; None: all of it."""

    topic: AuditTopic | None = None
    actor: str | None = None
    """Name of a staff account."""
    elsewhere: bool = False
    """Only what was made outside this tool."""
    customer: str | Unassigned | None = None
    """Of the user, by the CSV's word, else by its domain; `UNASSIGNED` for users without one."""
    user_id: str | None = None
    """Recall's id."""
    since: datetime | None = None
    """Included."""
    before: datetime | None = None
    """Excluded."""

    @property
    def is_of_users(self) -> bool:
        """Whether it is about some users alone. Then their part of a batch is told, and else the batch as a whole."""
        return self.customer is not None or self.user_id is not None


@dataclass(frozen=True, slots=True)
class AuditPosition:
    """Where something stands, and when it happened (UTC)."""

    at: datetime
    source: AuditSource
    seq: int


@dataclass(frozen=True, slots=True)
class AuditViewer:
    """Who is told. Somebody who does not see everything is told of the users and customers they see, of a change of
    many users as a whole only where it reaches no further, and of what is about no user only what they did themselves.
    """

    name: str
    """Of the staff account."""
    sight: Sight


def newest(connection: Connection, wanted: AuditFilter, reader: AuditViewer, *, limit: int) -> list[AuditPosition]:
    """The newest places that `reader` is told of, newest first, at most `limit`."""
    whose = _users(connection, wanted) if wanted.is_of_users else None
    found = (_places(connection, table, wanted, whose, reader, limit) for table in _TABLES)
    return list(islice(merge(*found, key=lambda place: place.at, reverse=True), limit))


def is_visible(connection: Connection, source: AuditSource, seq: int, reader: AuditViewer) -> bool:
    """Whether `reader` is told of what has this number, should there be something."""
    if reader.sight.is_everything:
        return True
    table = next(table for table in _TABLES if table.source is source)
    return connection.scalar(select(table.seq).where(table.seq == seq, _told_to(table, reader))) is not None


def actors(connection: Connection, reader: AuditViewer) -> frozenset[str]:
    """The staff accounts that did what `reader` is told of."""
    found = set[str]()
    for table in _TABLES:
        if table.actor is not None:
            told = [] if table.told is None else [table.told]
            told += [] if reader.sight.is_everything else [_told_to(table, reader)]
            found |= set(connection.scalars(select(table.actor).where(table.actor.is_not(None), *told).distinct()))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Table:
    """What one table is asked by."""

    source: AuditSource
    seq: Column[int]
    at: Column[datetime]
    kind: Column[str] | None
    actor: Column[str] | None
    user: Column[int] | None
    told: Condition | None = None
    """What of it is told at all."""
    is_ordered_by_time: bool = False
    """By an index on its time; else its numbers are in the order of time."""
    customer: Column[str] | None = None
    """Where it is about a customer, and not about users."""


_MADE_HERE = exists().where(
    event.c.kind == EventKind.USER_MADE, event.c.user == observation.c.user, event.c.at >= observation.c.at
)
"""A user who was seen to appear because it was made here: told by the event."""

_TABLES = (
    _Table(AuditSource.CHANGE, change.c.seq, change.c.made_at, change.c.kind, change.c.actor, change.c.user),
    _Table(
        AuditSource.BATCH,
        batch.c.pk,
        batch.c.made_at,
        batch.c.kind,
        batch.c.actor,
        None,
        batch.c.state != BatchState.PLANNED,
    ),
    _Table(AuditSource.EVENT, event.c.seq, event.c.at, event.c.kind, event.c.actor, event.c.user, None, True),
    _Table(
        AuditSource.OBSERVATION,
        observation.c.seq,
        observation.c.at,
        observation.c.kind,
        None,
        observation.c.user,
        observation.c.cause.is_(None) & ((observation.c.kind != ObservationKind.USER_APPEARED) | ~_MADE_HERE),
        True,
    ),
    _Table(AuditSource.FILE, applied_file.c.pk, applied_file.c.at, None, applied_file.c.staff, None),
    _Table(
        AuditSource.STANDARD,
        standard.c.pk,
        standard.c.at,
        None,
        standard.c.staff,
        None,
        customer=standard.c.customer,
    ),
)


def _places(
    connection: Connection, table: _Table, wanted: AuditFilter, whose: Any, reader: AuditViewer, limit: int
) -> list[AuditPosition]:
    conditions = _conditions(table, wanted, whose, reader)
    if conditions is None:
        return []
    if not reader.sight.is_everything:
        conditions.append(_told_to(table, reader))
    order = (table.at.desc(), table.seq.desc()) if table.is_ordered_by_time else (table.seq.desc(),)
    rows = connection.execute(select(table.at, table.seq).where(*conditions).order_by(*order).limit(limit))
    return sorted((AuditPosition(at, table.source, seq) for at, seq in rows), key=lambda place: place.at, reverse=True)


def _conditions(table: _Table, wanted: AuditFilter, whose: Any, reader: AuditViewer) -> list[Condition] | None:
    """What a row must be; None where the table has nothing that is wanted."""
    if wanted.elsewhere and table.source is not AuditSource.OBSERVATION:
        return None
    if wanted.actor is not None and table.actor is None:
        return None
    if table.user is None and (wanted.user_id is not None or (wanted.customer is not None and table.customer is None)):
        return None
    kinds = _kinds(table.source, wanted.topic)
    if kinds is not None and not kinds:
        return None
    conditions: list[Condition | None] = [
        table.told,
        table.kind.in_(kinds) if kinds and table.kind is not None else None,
        table.actor == wanted.actor if wanted.actor is not None and table.actor is not None else None,
        table.at >= wanted.since if wanted.since else None,
        table.at < wanted.before if wanted.before else None,
        _is_of(table.user, whose) if wanted.is_of_users and table.user is not None else None,
        _is_customer(table.customer, wanted.customer) if table.customer is not None else None,
        _stands_alone(reader) if table.source is AuditSource.CHANGE and not wanted.is_of_users else None,
    ]
    return [condition for condition in conditions if condition is not None]


def _told_to(table: _Table, reader: AuditViewer) -> Condition:
    """Who does not see everything is told of the row."""
    if table.source is AuditSource.BATCH:
        return ~_reaches_beyond(batch.c.pk, reader)
    if table.customer is not None:
        return table.customer.in_(sorted(reader.sight.customers or ()))
    own = table.actor == reader.name if table.actor is not None else false()
    if table.user is None:
        return own
    return table.user.in_(sights.seen_by(reader.sight)) | (table.user.is_(None) & own)


def _stands_alone(reader: AuditViewer) -> Condition:
    """The change is no part of many, or of more than the reader is told of as one."""
    if reader.sight.is_everything:
        return change.c.batch.is_(None)
    return change.c.batch.is_(None) | _reaches_beyond(change.c.batch, reader)


def _reaches_beyond(number: Column[int], reader: AuditViewer) -> Condition:
    """The batch of that number has users whom the reader does not see."""
    return exists().where(batch_item.c.batch == number, batch_item.c.user.not_in(sights.seen_by(reader.sight)))


def _kinds(source: AuditSource, what: AuditTopic | None) -> list[str] | None:
    """The kinds of a source that are about `what`; None where all of it is."""
    if what is None or (source, what) in (
        (AuditSource.FILE, AuditTopic.CUSTOMERS),
        (AuditSource.STANDARD, AuditTopic.STANDARD),
    ):
        return None
    known = TOPICS.get(AuditSource.CHANGE if source is AuditSource.BATCH else source, {})
    return [str(kind) for kind, about in known.items() if about is what]


def _is_customer(column: ColumnElement[str], customer: str | Unassigned | None) -> Condition | None:
    if customer is None:
        return None
    return column.is_(None) if customer is UNASSIGNED else column == customer


def _users(connection: Connection, wanted: AuditFilter) -> Any:
    """The number of the one user; a query for those of several."""
    found = select(calendar_user.c.pk).outerjoin(assignment, assignment.c.user == calendar_user.c.pk)
    if (is_theirs := _is_customer(sights.EFFECTIVE, wanted.customer)) is not None:
        found = found.where(is_theirs)
    if wanted.user_id is None:
        return found
    return connection.scalar(found.where(calendar_user.c.id == wanted.user_id)) or _NO_USER


def _is_of(user: Column[int], whose: Any) -> Condition:
    """One number is compared as it is, so that the database goes by the index of its rows in their order."""
    return user == whose if isinstance(whose, int) else user.in_(whose)


_NO_USER = 0
