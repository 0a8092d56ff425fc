"""The places of all that happened, newest first, whichever table it stands in: as many as are shown, and no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from heapq import merge
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, Connection, exists, false, select

from lib.customer.sight import Sight
from lib.store import events, observations, outbox, sights
from lib.store.batches import BatchState
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

NOBODYS = ""
"""Stands for users without a customer."""


class Source(StrEnum):
    """Where something stands."""

    CHANGE = "change"
    BATCH = "batch"
    EVENT = "event"
    OBSERVATION = "seen"
    FILE = "file"
    STANDARD = "standard"


class What(StrEnum):
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


WHAT: Mapping[Source, Mapping[str, What]] = {
    Source.CHANGE: {
        outbox.Kind.PREFERENCES: What.PREFERENCES,
        outbox.Kind.OVERRIDE: What.OVERRIDE,
        outbox.Kind.DISCONNECT: What.CONNECTION,
        outbox.Kind.DELETE_USER: What.USER,
    },
    Source.EVENT: {
        events.Kind.SIGNED_IN: What.SIGN_IN,
        events.Kind.SIGN_IN_REFUSED: What.SIGN_IN,
        events.Kind.SIGN_IN_LOCKED: What.SIGN_IN,
        events.Kind.SIGNED_OUT: What.SIGN_IN,
        events.Kind.SESSION_EXPIRED: What.SIGN_IN,
        events.Kind.SESSION_RENEWED: What.SIGN_IN,
        events.Kind.SIGNED_OUT_BY_ADMIN: What.SIGN_IN,
        events.Kind.STAFF_CHANGED: What.STAFF,
        events.Kind.EXPORTED: What.EXPORT,
        events.Kind.LINK_MADE: What.CONNECTION,
        events.Kind.USER_MADE: What.USER,
        events.Kind.BOT_CONFIG_KEPT: What.BOT_CONFIG,
        events.Kind.BOT_CONFIG_MARKED: What.BOT_CONFIG,
        events.Kind.TITLE_SHOWN: What.TITLE,
        events.Kind.ENTRIES_TAKEN_OUT: What.USER,
        events.Kind.LIST_BELIEVED: What.USER,
        events.Kind.EXPORT_REFUSED: What.EXPORT,
    },
    Source.OBSERVATION: {
        observations.Kind.PREFERENCES_CHANGED: What.PREFERENCES,
        observations.Kind.OVERRIDE_CHANGED: What.OVERRIDE,
        observations.Kind.CONNECTION_LOST: What.CONNECTION,
        observations.Kind.CONNECTION_FOUND: What.CONNECTION,
        observations.Kind.USER_APPEARED: What.USER,
        observations.Kind.USER_VANISHED: What.USER,
    },
}
"""Of each kind. A batch is of the kind of its changes; an applied file is about customers, a standard about itself."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; None: all of it."""

    what: What | None = None
    actor: str | None = None
    """Name of a staff account."""
    elsewhere: bool = False
    """Only what was made outside this tool."""
    customer: str | None = None
    """Of the user, by the CSV's word, else by its domain; `NOBODYS` for users without one."""
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
class Place:
    """Where something stands, and when it happened (UTC)."""

    at: datetime
    source: Source
    seq: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is told. Somebody who does not see everything is told of the users and customers they see, of a change of
    many users as a whole only where it reaches no further, and of what is about no user only what they did themselves.
    """

    name: str
    """Of the staff account."""
    sight: Sight


def newest(connection: Connection, wanted: Wanted, reader: Reader, *, limit: int) -> list[Place]:
    """The newest places that `reader` is told of, newest first, at most `limit`."""
    whose = _users(connection, wanted) if wanted.is_of_users else None
    found = (_places(connection, table, wanted, whose, reader, limit) for table in _TABLES)
    return list(islice(merge(*found, key=lambda place: place.at, reverse=True), limit))


def is_told(connection: Connection, source: Source, seq: int, reader: Reader) -> bool:
    """Whether `reader` is told of what has this number, should there be something."""
    if reader.sight.is_everything:
        return True
    table = next(table for table in _TABLES if table.source is source)
    return connection.scalar(select(table.seq).where(table.seq == seq, _told_to(table, reader))) is not None


def actors(connection: Connection, reader: Reader) -> frozenset[str]:
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

    source: Source
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
    event.c.kind == events.Kind.USER_MADE, event.c.user == observation.c.user, event.c.at >= observation.c.at
)
"""A user who was seen to appear because it was made here: told by the event."""

_TABLES = (
    _Table(Source.CHANGE, change.c.seq, change.c.made_at, change.c.kind, change.c.actor, change.c.user),
    _Table(
        Source.BATCH,
        batch.c.pk,
        batch.c.made_at,
        batch.c.kind,
        batch.c.actor,
        None,
        batch.c.state != BatchState.PLANNED,
    ),
    _Table(Source.EVENT, event.c.seq, event.c.at, event.c.kind, event.c.actor, event.c.user, None, True),
    _Table(
        Source.OBSERVATION,
        observation.c.seq,
        observation.c.at,
        observation.c.kind,
        None,
        observation.c.user,
        observation.c.cause.is_(None) & ((observation.c.kind != observations.Kind.USER_APPEARED) | ~_MADE_HERE),
        True,
    ),
    _Table(Source.FILE, applied_file.c.pk, applied_file.c.at, None, applied_file.c.staff, None),
    _Table(
        Source.STANDARD,
        standard.c.pk,
        standard.c.at,
        None,
        standard.c.staff,
        None,
        customer=standard.c.customer,
    ),
)


def _places(
    connection: Connection, table: _Table, wanted: Wanted, whose: Any, reader: Reader, limit: int
) -> list[Place]:
    conditions = _conditions(table, wanted, whose, reader)
    if conditions is None:
        return []
    if not reader.sight.is_everything:
        conditions.append(_told_to(table, reader))
    order = (table.at.desc(), table.seq.desc()) if table.is_ordered_by_time else (table.seq.desc(),)
    rows = connection.execute(select(table.at, table.seq).where(*conditions).order_by(*order).limit(limit))
    return sorted((Place(at, table.source, seq) for at, seq in rows), key=lambda place: place.at, reverse=True)


def _conditions(table: _Table, wanted: Wanted, whose: Any, reader: Reader) -> list[Condition] | None:
    """What a row must be; None where the table has nothing that is wanted."""
    if wanted.elsewhere and table.source is not Source.OBSERVATION:
        return None
    if wanted.actor is not None and table.actor is None:
        return None
    if table.user is None and (wanted.user_id is not None or (wanted.customer is not None and table.customer is None)):
        return None
    kinds = _kinds(table.source, wanted.what)
    if kinds is not None and not kinds:
        return None
    conditions: list[Condition | None] = [
        table.told,
        table.kind.in_(kinds) if kinds and table.kind is not None else None,
        table.actor == wanted.actor if wanted.actor is not None and table.actor is not None else None,
        table.at >= wanted.since if wanted.since else None,
        table.at < wanted.before if wanted.before else None,
        _is_of(table.user, whose) if wanted.is_of_users and table.user is not None else None,
        table.customer == wanted.customer if wanted.customer is not None and table.customer is not None else None,
        _stands_alone(reader) if table.source is Source.CHANGE and not wanted.is_of_users else None,
    ]
    return [condition for condition in conditions if condition is not None]


def _told_to(table: _Table, reader: Reader) -> Condition:
    """Who does not see everything is told of the row."""
    if table.source is Source.BATCH:
        return ~_reaches_beyond(batch.c.pk, reader)
    if table.customer is not None:
        return table.customer.in_(sorted(reader.sight.customers or ()))
    own = table.actor == reader.name if table.actor is not None else false()
    if table.user is None:
        return own
    return table.user.in_(sights.seen_by(reader.sight)) | (table.user.is_(None) & own)


def _stands_alone(reader: Reader) -> Condition:
    """The change is no part of many, or of more than the reader is told of as one."""
    if reader.sight.is_everything:
        return change.c.batch.is_(None)
    return change.c.batch.is_(None) | _reaches_beyond(change.c.batch, reader)


def _reaches_beyond(number: Column[int], reader: Reader) -> Condition:
    """The batch of that number has users whom the reader does not see."""
    return exists().where(batch_item.c.batch == number, batch_item.c.user.not_in(sights.seen_by(reader.sight)))


def _kinds(source: Source, what: What | None) -> list[str] | None:
    """The kinds of a source that are about `what`; None where all of it is."""
    if what is None or (source, what) in ((Source.FILE, What.CUSTOMERS), (Source.STANDARD, What.STANDARD)):
        return None
    known = WHAT.get(Source.CHANGE if source is Source.BATCH else source, {})
    return [str(kind) for kind, about in known.items() if about is what]


def _users(connection: Connection, wanted: Wanted) -> Any:
    """The number of the one user; a query for those of several."""
    found = select(calendar_user.c.pk).outerjoin(assignment, assignment.c.user == calendar_user.c.pk)
    if wanted.customer is not None:
        effective = sights.EFFECTIVE
        found = found.where(effective.is_(None) if wanted.customer == NOBODYS else effective == wanted.customer)
    if wanted.user_id is None:
        return found
    return connection.scalar(found.where(calendar_user.c.id == wanted.user_id)) or _NO_USER


def _is_of(user: Column[int], whose: Any) -> Condition:
    """One number is compared as it is, so that the database goes by the index of its rows in their order."""
    return user == whose if isinstance(whose, int) else user.in_(whose)


_NO_USER = 0
