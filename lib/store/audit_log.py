"""The audit log: all that happened, newest first, over the tables that hold it.

It finds where the newest entries are, no more of them than are shown; what they say is read from their own tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from heapq import merge
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, Connection, Table, exists, false, select

from lib.customer import UNASSIGNED, Unassigned
from lib.customer.sight import Sight
from lib.store.batches import BatchState
from lib.store.events import EventKind
from lib.store.observations import ObservationKind
from lib.store.outbox import WriteKind
from lib.store.rows import EFFECTIVE, seen_by
from lib.store.tables.desk import applied_file, assignment, batch, batch_item, change, event, standard
from lib.store.tables.workspace import calendar_user, observation

Condition: TypeAlias = ColumnElement[bool]


class AuditSource(StrEnum):
    """The table that holds an entry, by the word that the address has for it."""

    CHANGE = "change"
    BATCH = "batch"
    EVENT = "event"
    OBSERVATION = "seen"
    FILE = "file"
    STANDARD = "standard"


class AuditTopic(StrEnum):
    """What an entry is about."""

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
        EventKind.ENTRIES_SET_ASIDE: AuditTopic.USER,
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
"""The topic of each kind. A batch is about what its writes are; an applied file is about customers, a standard about
itself."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is asked for; None: all of it."""

    topic: AuditTopic | None = None
    actor: str | None = None
    """Name of a staff account."""
    elsewhere: bool = False
    """Only what was changed outside Coverage Desk."""
    customer: str | Unassigned | None = None
    """Of the user, by the CSV, else by its domain; `UNASSIGNED` for users without one."""
    user_id: str | None = None
    """Recall's id."""
    since: datetime | None = None
    """Included."""
    before: datetime | None = None
    """Excluded."""

    @property
    def is_of_users(self) -> bool:
        """Whether some users alone are asked for: then their writes of a batch are answered, otherwise the batch."""
        return self.customer is not None or self.user_id is not None


@dataclass(frozen=True, slots=True)
class AuditPosition:
    """Where an entry is, and when it happened (UTC)."""

    at: datetime
    source: AuditSource
    seq: int


@dataclass(frozen=True, slots=True)
class AuditViewer:
    """Who looks at the audit log, and so what of it is shown.

    Somebody who does not see everything is shown what is about the users and customers they see; a change of many users
    as a whole only where it reaches no further; and of what is about no user only what they did themselves.
    """

    name: str
    """Of the staff account."""
    sight: Sight


def newest(connection: Connection, wanted: AuditFilter, viewer: AuditViewer, *, limit: int) -> list[AuditPosition]:
    """The positions of the newest entries that `viewer` is shown, newest first, at most `limit`."""
    whose = _users(connection, wanted) if wanted.is_of_users else None
    found = (_positions(connection, table, wanted, whose, viewer, limit) for table in _TABLES)
    return list(islice(merge(*found, key=lambda position: position.at, reverse=True), limit))


def is_visible(connection: Connection, source: AuditSource, seq: int, viewer: AuditViewer) -> bool:
    """Whether `viewer` is shown the entry of this number, should there be one."""
    if viewer.sight.is_everything:
        return True
    table = next(table for table in _TABLES if table.source is source)
    return connection.scalar(select(table.seq).where(table.seq == seq, _is_shown(table, viewer))) is not None


def actors(connection: Connection, viewer: AuditViewer) -> frozenset[str]:
    """The staff accounts that did what `viewer` is shown."""
    found = set[str]()
    for table in _TABLES:
        if table.actor is not None:
            shown = [] if table.counts is None else [table.counts]
            shown += [] if viewer.sight.is_everything else [_is_shown(table, viewer)]
            found |= set(connection.scalars(select(table.actor).where(table.actor.is_not(None), *shown).distinct()))
    return frozenset(found)


class _Table:
    """A table with entries of the audit log, and its columns by what they mean there; None for what it lacks."""

    def __init__(
        self, source: AuditSource, rows: Table, *, counts: Condition | None = None, is_ordered_by_time: bool = False
    ):
        [self.seq] = rows.primary_key.columns
        self.source = source
        self.at: Column[datetime] = rows.columns["at" if "at" in rows.columns else "made_at"]
        self.kind: Column[str] | None = rows.columns.get("kind")
        self.actor: Column[str] | None = rows.columns.get("actor", rows.columns.get("staff"))
        self.user: Column[int] | None = rows.columns.get("user")
        self.customer: Column[str] | None = rows.columns.get("customer")
        """The customer that a row is about; only where it is not about users."""
        self.counts = counts
        """Which of its rows are entries; None: all of them."""
        self.is_ordered_by_time = is_ordered_by_time
        """By an index on its time; otherwise its numbers are in the order of time."""


_MADE_HERE = exists().where(
    event.c.kind == EventKind.USER_MADE, event.c.user == observation.c.user, event.c.at >= observation.c.at
)
"""A user who was seen to appear because it was made here: the event is the entry."""
_ELSEWHERE = observation.c.cause.is_(None) & ((observation.c.kind != ObservationKind.USER_APPEARED) | ~_MADE_HERE)

_TABLES = (
    _Table(AuditSource.CHANGE, change),
    _Table(AuditSource.BATCH, batch, counts=batch.c.state != BatchState.PLANNED),
    _Table(AuditSource.EVENT, event, is_ordered_by_time=True),
    _Table(AuditSource.OBSERVATION, observation, counts=_ELSEWHERE, is_ordered_by_time=True),
    _Table(AuditSource.FILE, applied_file),
    _Table(AuditSource.STANDARD, standard),
)


def _positions(
    connection: Connection, table: _Table, wanted: AuditFilter, whose: Any, viewer: AuditViewer, limit: int
) -> list[AuditPosition]:
    conditions = _conditions(table, wanted, whose, viewer)
    if conditions is None:
        return []
    if not viewer.sight.is_everything:
        conditions.append(_is_shown(table, viewer))
    order = (table.at.desc(), table.seq.desc()) if table.is_ordered_by_time else (table.seq.desc(),)
    asked = select(table.at.label("at"), table.seq.label("seq")).where(*conditions).order_by(*order).limit(limit)
    found = (AuditPosition(row.at, table.source, row.seq) for row in connection.execute(asked))
    return sorted(found, key=lambda position: position.at, reverse=True)


def _conditions(table: _Table, wanted: AuditFilter, whose: Any, viewer: AuditViewer) -> list[Condition] | None:
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
        table.counts,
        table.kind.in_(kinds) if kinds and table.kind is not None else None,
        table.actor == wanted.actor if wanted.actor is not None and table.actor is not None else None,
        table.at >= wanted.since if wanted.since else None,
        table.at < wanted.before if wanted.before else None,
        _is_of(table.user, whose) if wanted.is_of_users and table.user is not None else None,
        _is_customer(table.customer, wanted.customer) if wanted.customer and table.customer is not None else None,
        _is_on_its_own(viewer) if table.source is AuditSource.CHANGE and not wanted.is_of_users else None,
    ]
    return [condition for condition in conditions if condition is not None]


def _is_shown(table: _Table, viewer: AuditViewer) -> Condition:
    """A row that a viewer who does not see everything is shown."""
    if table.source is AuditSource.BATCH:
        return ~_reaches_beyond(batch.c.pk, viewer)
    if table.customer is not None:
        return table.customer.in_(sorted(viewer.sight.customers or ()))
    own = table.actor == viewer.name if table.actor is not None else false()
    if table.user is None:
        return own
    return table.user.in_(seen_by(viewer.sight)) | (table.user.is_(None) & own)


def _is_on_its_own(viewer: AuditViewer) -> Condition:
    """A write that is no part of a batch, or of one that reaches further than the viewer sees."""
    if viewer.sight.is_everything:
        return change.c.batch.is_(None)
    return change.c.batch.is_(None) | _reaches_beyond(change.c.batch, viewer)


def _reaches_beyond(number: Column[int], viewer: AuditViewer) -> Condition:
    """The batch of that number has users whom the viewer does not see."""
    return exists().where(batch_item.c.batch == number, batch_item.c.user.not_in(seen_by(viewer.sight)))


def _kinds(source: AuditSource, topic: AuditTopic | None) -> list[str] | None:
    """The kinds of a source that are about `topic`; None where all of it is."""
    whole = {(AuditSource.FILE, AuditTopic.CUSTOMERS), (AuditSource.STANDARD, AuditTopic.STANDARD)}
    if topic is None or (source, topic) in whole:
        return None
    known = TOPICS.get(AuditSource.CHANGE if source is AuditSource.BATCH else source, {})
    return [str(kind) for kind, about in known.items() if about is topic]


def _users(connection: Connection, wanted: AuditFilter) -> Any:
    """The number of the one user; a query for those of several."""
    found = select(calendar_user.c.pk).outerjoin(assignment, assignment.c.user == calendar_user.c.pk)
    if wanted.customer is not None:
        found = found.where(_is_customer(EFFECTIVE, wanted.customer))
    if wanted.user_id is None:
        return found
    return connection.scalar(found.where(calendar_user.c.id == wanted.user_id)) or _NO_USER


def _is_customer(column: ColumnElement[Any], asked: str | Unassigned) -> Condition:
    return column.is_(None) if asked is UNASSIGNED else column == asked


def _is_of(user: Column[int], whose: Any) -> Condition:
    """One number is compared as it is, so that the database goes by the index of its rows in their order."""
    return user == whose if isinstance(whose, int) else user.in_(whose)


_NO_USER = 0
