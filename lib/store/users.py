"""Calendar users, as the users list last named them. Nobody is deleted: who is gone is marked."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select, update

from lib.domain import CalendarUser
from lib.domain import Connection as Calendar
from lib.store import observations
from lib.store import preferences as rules
from lib.store.reads import LastTries, Ranges, last_tries, settle
from lib.store.rows import EFFECTIVE, AnyRow, AnySelect, from_row, rows_in, user_key
from lib.store.tables.desk import assignment
from lib.store.tables.workspace import calendar_user, last_read, sync_pass, version


@dataclass(frozen=True, slots=True)
class UserRow:
    """A calendar user and how far its reading has come. Times are UTC."""

    key: int
    """The store's own number: what the narrow rows of entries name the user by."""
    user: CalendarUser
    """As last seen. An address stays with its calendar when Recall no longer names it, so that a lost one is known;
    one that was disconnected here is marked as let go."""
    customer: str | None
    """The word of an uploaded CSV (`lib.store.assignments`), else `domain_customer`. None: unassigned."""
    team: str | None
    """By the CSV alone."""
    domain_customer: str | None
    """By its addresses as last seen (`lib.customer`); kept when the calendar is disconnected."""
    first_seen_at: datetime
    last_seen_at: datetime
    """Start of the last complete list that held the user; of its first list where none was complete yet."""
    vanished_at: datetime | None
    """Start of the first complete list without the user; None while it is listed."""
    erased_at: datetime | None
    read_at: datetime | None
    """Start of the last read of its meetings that worked, or of the pass it belonged to. None: there was none."""
    unreadable: int
    """Rows of that answer that could not be read."""
    odd: int
    """Rows of it with parts that were left out."""
    failure: str | None
    """What stopped the last read; None when it worked."""
    failed_at: datetime | None
    slow: bool = False
    """Whether Recall took long over its meetings when they were last read."""
    unlisted_since: datetime | None = None
    """Start of the first of the lists that are doubted without the user, which is held as it was; None: it is listed,
    or gone."""

    @property
    def stale(self) -> bool:
        """Whether what is kept of its meetings is from before a read that did not work, or that nobody could make."""
        return self.failure is not None or self.unlisted_since is not None


def everyone(connection: Connection) -> tuple[UserRow, ...]:
    """All users, vanished ones too, in the order in which they were first seen."""
    return _rows(connection, _all.order_by(calendar_user.c.pk))


def find(connection: Connection, user_id: str) -> UserRow | None:
    """The user with this id of Recall's."""
    found = _rows(connection, _all.where(calendar_user.c.id == user_id))
    return found[0] if found else None


def customers_of(connection: Connection, user_ids: Collection[str]) -> dict[str, str | None]:
    """The customer of each of these users that the store knows, by Recall's id: the CSV's word, else the domain's."""
    named = select(calendar_user.c.id, EFFECTIVE.label("customer"))
    wanted = named.outerjoin(assignment, assignment.c.user == calendar_user.c.pk)
    return {row.id: row.customer or None for row in rows_in(connection, wanted, calendar_user.c.id, user_ids)}


def customers(connection: Connection) -> tuple[str, ...]:
    """Every customer that a user belongs to, by name."""
    named = select(EFFECTIVE).select_from(calendar_user)
    found = named.outerjoin(assignment, assignment.c.user == calendar_user.c.pk).distinct()
    return tuple(sorted(name for name in connection.scalars(found) if name))


def is_listed(connection: Connection, key: int) -> bool:
    """Whether the newest whole list, as far as it is stored, held the user with this number of the store's."""
    return connection.scalar(_listed, {"key": key}) is not None


@dataclass(frozen=True, slots=True)
class Readable:
    """A user whose meetings can be read: what is needed for it, and no more, for there may be many."""

    key: int
    id: str
    external_id: str
    slow: bool
    """Whether Recall took long over its meetings when they were last read."""


def readable(connection: Connection) -> tuple[Readable, ...]:
    """Users whose meetings can be read: listed, with an external id."""
    rows = connection.execute(_readable.order_by(calendar_user.c.pk))
    return tuple(from_row(Readable, row, key=row.pk) for row in rows)


def left(connection: Connection, pass_key: int) -> tuple[Readable, ...]:
    """The readable users that this pass has not tried. First those that the pass before it did not reach, either."""
    wanted = select(sync_pass.c.tried).where(sync_pass.c.pk <= pass_key).order_by(sync_pass.c.pk.desc()).limit(2)
    now, *earlier = map(Ranges.parse, connection.scalars(wanted))
    before = earlier[0] if earlier else Ranges()
    not_tried = (user for user in readable(connection) if user.key not in now)
    return tuple(sorted(not_tried, key=lambda user: (user.key in before, user.key)))


def count_unlisted(connection: Connection) -> int:
    """How many users are held as they were, though Recall did not list them."""
    held = select(func.count()).where(calendar_user.c.unlisted_since.is_not(None))
    return connection.scalar(held) or 0


def gone_since(connection: Connection, instant: datetime) -> tuple[str, ...]:
    """Ids of users who had vanished by then, and of whom what is personal is still kept."""
    gone = select(calendar_user.c.id).where(calendar_user.c.vanished_at <= instant, calendar_user.c.erased_at.is_(None))
    return tuple(connection.scalars(gone))


def failed_since(connection: Connection, instant: datetime) -> tuple[UserRow, ...]:
    """Listed users whose last read did not work, tried since then."""
    is_failed = last_read.c.failure.is_not(None) & (last_read.c.failed_at >= instant)
    listed = _all.where(is_failed, calendar_user.c.vanished_at.is_(None))
    return _rows(connection, listed.order_by(calendar_user.c.pk))


def failed(connection: Connection, user_id: str, failure: str, *, at: datetime) -> None:
    """Reading the user's meetings did not work. What is kept stays, marked stale. `failure` is a word of ours."""
    key = connection.scalar(select(user_key(user_id)))
    if key is not None:
        settle(connection, [key])
        connection.execute(update(last_read).where(last_read.c.user == key).values(failure=failure, failed_at=at))


def note_speed(connection: Connection, user_id: str, *, slow: bool | None) -> None:
    """Keep whether Recall took long over the user's meetings. As it was, or not known: nothing is written."""
    if slow is not None:
        other = update(last_read).where(last_read.c.user == user_key(user_id), last_read.c.slow.is_not(slow))
        connection.execute(other.values(slow=slow))


def named(connection: Calendar) -> dict[str, Any]:
    """What Recall says of a calendar. Whether it was let go is not part of it: `observations` tells that."""
    return {"platform": connection.platform, "connected": connection.connected, "email": connection.email}


def calendars_of(row: AnyRow) -> tuple[Calendar, ...]:
    """The connections in a row."""
    return tuple(Calendar(**connection) for connection in row.connections)


_all: AnySelect = (
    select(
        calendar_user,
        last_read,
        version.c.users_listed_at,
        assignment.c.customer.label("assigned"),
        assignment.c.team,
    )
    .join(last_read, last_read.c.user == calendar_user.c.pk)
    .outerjoin(assignment, assignment.c.user == calendar_user.c.pk)
    .join(version, version.c.id == 1)
)
_is_listed = and_(calendar_user.c.vanished_at.is_(None), calendar_user.c.unlisted_since.is_(None))
_readable = (
    select(*calendar_user.c["pk", "id", "external_id"], last_read.c.slow)
    .join(last_read, last_read.c.user == calendar_user.c.pk)
    .where(_is_listed, calendar_user.c.external_id.is_not(None))
)
_listed = select(calendar_user.c.pk).where(calendar_user.c.pk == bindparam("key"), _is_listed)


def _rows(connection: Connection, wanted: AnySelect) -> tuple[UserRow, ...]:
    rows = connection.execute(wanted).all()
    known = rules.by_key(connection, {row.preferences for row in rows})
    tries, let_go = last_tries(connection), _let_go(connection, rows)

    def user_of(row: AnyRow) -> CalendarUser:
        calendars = _marked(calendars_of(row), let_go.get(row.pk, frozenset()))
        return CalendarUser(row.id, row.external_id, calendars, known[row.preferences])

    return tuple(_row(row, user_of(row), tries) for row in rows)


def _let_go(connection: Connection, rows: Sequence[AnyRow]) -> Mapping[int, frozenset[str]]:
    """The platforms that were disconnected here, by the user's number: asked for once, whatever the number of rows."""
    return observations.let_go(connection, rows[0].pk if len(rows) == 1 else None) if rows else {}


def _marked(calendars: tuple[Calendar, ...], let_go: Set[str]) -> tuple[Calendar, ...]:
    """Calendars, those on platforms that were disconnected here as let go, unless Recall can read them."""
    if not let_go:
        return calendars
    return tuple(replace(c, let_go=not c.connected and c.platform in let_go) for c in calendars)


def _row(row: AnyRow, user: CalendarUser, tries: LastTries) -> UserRow:
    last_seen_at = row.last_seen_at or (None if row.vanished_at else row.users_listed_at) or row.first_seen_at
    return from_row(
        UserRow,
        row,
        key=row.pk,
        user=user,
        customer=row.assigned or row.customer,
        domain_customer=row.customer,
        last_seen_at=last_seen_at,
        read_at=tries.last_read(row, row.pk),
    )
