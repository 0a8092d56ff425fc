"""What was seen to change from one read to the next. Rows are added and never changed.

Each is kept with the write of ours (`lib.store.causes`) that it shows, if one does.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, exists, select

from lib.customer.sight import EVERYTHING, Sight
from lib.domain import Preferences
from lib.store import preferences as rules
from lib.store.causes import Sighting, causes_of
from lib.store.outbox import WriteKind
from lib.store.rows import AnyRow, AnySelect, from_row, insert_many, next_key, rows_in, seen_by
from lib.store.tables.workspace import calendar_user, observation


class ObservationKind(StrEnum):
    """What changed."""

    CONNECTION_LOST = "connection_lost"
    CONNECTION_FOUND = "connection_found"
    PREFERENCES_CHANGED = "preferences_changed"
    USER_APPEARED = "user_appeared"
    """A new user, or one that had vanished. The users of the very first list did not appear: they were there."""
    USER_VANISHED = "user_vanished"
    OVERRIDE_CHANGED = "override_changed"
    """Of an entry that was known before."""


@dataclass(frozen=True, slots=True)
class NewObservation:
    """A change of one user, to be kept. `user` is the store's number of it."""

    user: int
    kind: ObservationKind
    platform: str | None = None
    """Of the calendar, for a connection."""
    before: int | None = None
    after: int | None = None
    """Of preferences: the numbers they are kept by (`lib.store.preferences`)."""
    entry_id: str | None = None
    """Of an override, as the two that follow."""
    override_before: bool | None = None
    override_after: bool | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """A change that was seen. `at` is the start of the read that showed it: it happened between the one before and it.

    `seq` orders them; the highest somebody has looked at says what is new to them.
    """

    seq: int
    at: datetime
    kind: ObservationKind
    user_id: str
    platform: str | None
    before: Preferences | None
    after: Preferences | None
    entry_id: str | None = None
    """Recall's id of the entry whose override changed."""
    override_before: bool | None = None
    override_after: bool | None = None
    cause: int | None = None
    """The number of the change of ours (`lib.store.outbox`) that it shows; None: it was made elsewhere."""


def add(connection: Connection, at: datetime, seen: Sequence[NewObservation]) -> None:
    """Keep what a read showed that began `at`, with the write of ours that each shows, if one does."""
    first = next_key(connection, observation.c.seq)
    causes = causes_of(connection, at, [_sighting(each) for each in seen])
    numbered = enumerate(zip(seen, causes, strict=True), first)
    rows = [asdict(each) | {"seq": seq, "at": at, "cause": cause} for seq, (each, cause) in numbered]
    insert_many(connection, observation, rows)


def since(
    connection: Connection,
    *,
    after: datetime | None = None,
    seq: int = 0,
    user_ids: Collection[str] | None = None,
    kinds: Collection[ObservationKind] | None = None,
    limit: int = 1000,
    sight: Sight = EVERYTHING,
) -> tuple[Observation, ...]:
    """What was seen after an instant, after a `seq`, of some users or of all that `sight` sees: newest first, at most
    `limit`.

    Changes of overrides are many, and left out unless `kinds` names them.
    """
    wanted = _all.where(observation.c.seq > seq).order_by(observation.c.seq.desc()).limit(limit)
    if after is not None:
        wanted = wanted.where(observation.c.at > after)
    if user_ids is not None:
        wanted = wanted.where(calendar_user.c.id.in_(user_ids))
    if not sight.is_everything:
        wanted = wanted.where(observation.c.user.in_(seen_by(sight)))
    if kinds is None:
        wanted = wanted.where(observation.c.kind != ObservationKind.OVERRIDE_CHANGED)
    else:
        wanted = wanted.where(observation.c.kind.in_(list(kinds)))
    return _observations(connection, connection.execute(wanted).all())


def numbered(connection: Connection, numbers: Collection[int]) -> tuple[Observation, ...]:
    """The observations with these numbers, as far as there are any."""
    return _observations(connection, rows_in(connection, _all, observation.c.seq, numbers))


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """A calendar that was seen to come or to go. `at` is the start of the read that showed it."""

    at: datetime
    platform: str
    connected: bool


def calendar_changes(connection: Connection, user: int) -> tuple[CalendarChange, ...]:
    """How the calendars of the user with this number were seen to come and go, the oldest first."""
    kinds = (ObservationKind.CONNECTION_LOST, ObservationKind.CONNECTION_FOUND)
    wanted = select(observation.c.at, observation.c.kind, observation.c.platform).where(
        observation.c.user == user, observation.c.kind.in_(kinds), observation.c.platform.is_not(None)
    )
    rows = connection.execute(wanted.order_by(observation.c.seq))
    return tuple(CalendarChange(row.at, row.platform, row.kind == ObservationKind.CONNECTION_FOUND) for row in rows)


def let_go(connection: Connection, user: int | None = None) -> Mapping[int, frozenset[str]]:
    """The platforms whose calendar was last seen to go by a change of ours, and has not come back since.

    By the store's number of the user; of one user, or of all who have such a calendar.
    """
    wanted = _let_go if user is None else _let_go.where(observation.c.user == user)
    found: dict[int, set[str]] = defaultdict(set)
    for row in connection.execute(wanted):
        found[row.user].add(row.platform)
    return {key: frozenset(platforms) for key, platforms in found.items()}


_all: AnySelect = select(observation, calendar_user.c.id.label("user_id")).join(
    calendar_user, calendar_user.c.pk == observation.c.user
)
_SAME_THING = {
    ObservationKind.CONNECTION_LOST: (ObservationKind.CONNECTION_LOST, ObservationKind.CONNECTION_FOUND),
    ObservationKind.CONNECTION_FOUND: (ObservationKind.CONNECTION_LOST, ObservationKind.CONNECTION_FOUND),
    ObservationKind.USER_APPEARED: (ObservationKind.USER_APPEARED, ObservationKind.USER_VANISHED),
    ObservationKind.USER_VANISHED: (ObservationKind.USER_APPEARED, ObservationKind.USER_VANISHED),
}

_later = observation.alias()
_let_go = select(observation.c.user, observation.c.platform).where(
    observation.c.cause.is_not(None),
    observation.c.platform.is_not(None),
    observation.c.kind == ObservationKind.CONNECTION_LOST,
    ~exists().where(
        _later.c.user == observation.c.user,
        _later.c.platform == observation.c.platform,
        _later.c.kind.in_(_SAME_THING[ObservationKind.CONNECTION_LOST]),
        _later.c.seq > observation.c.seq,
    ),
)


def _sighting(seen: NewObservation) -> Sighting:
    """What was seen, in the terms of changes."""
    seen_as = _SAME_THING.get(seen.kind, (seen.kind,))
    match seen.kind:
        case ObservationKind.PREFERENCES_CHANGED:  # none at all are all off
            value = rules.key_of(Preferences()) if seen.after is None else seen.after
            return Sighting(seen.user, WriteKind.PREFERENCES, None, value, seen_as)
        case ObservationKind.OVERRIDE_CHANGED:
            return Sighting(seen.user, WriteKind.OVERRIDE, seen.entry_id, seen.override_after, seen_as)
        case ObservationKind.CONNECTION_LOST | ObservationKind.CONNECTION_FOUND:
            connected = seen.kind is ObservationKind.CONNECTION_FOUND
            return Sighting(seen.user, WriteKind.DISCONNECT, seen.platform, connected, seen_as)
        case ObservationKind.USER_APPEARED | ObservationKind.USER_VANISHED:
            listed = seen.kind is ObservationKind.USER_APPEARED
            return Sighting(seen.user, WriteKind.DELETE_USER, None, listed, seen_as)


def _observations(connection: Connection, rows: Sequence[AnyRow]) -> tuple[Observation, ...]:
    known = rules.by_key(connection, {row.before for row in rows} | {row.after for row in rows})
    return tuple(
        from_row(Observation, row, kind=ObservationKind(row.kind), before=known[row.before], after=known[row.after])
        for row in rows
    )
