"""What was seen to change from one users list to the next. Rows are added and never changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from lib.domain import Preferences
from lib.store import preferences as rules
from lib.store.rows import insert_many, next_key
from lib.store.tables import calendar_user, observation


class Kind(StrEnum):
    """What changed."""

    CONNECTION_LOST = "connection_lost"
    CONNECTION_FOUND = "connection_found"
    PREFERENCES_CHANGED = "preferences_changed"
    USER_APPEARED = "user_appeared"
    """A new user, or one that had vanished. The users of the very first list did not appear: they were there."""
    USER_VANISHED = "user_vanished"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one user, to be kept. `user` is the store's number of it."""

    user: int
    kind: Kind
    platform: str | None = None
    """Of the calendar, for a connection."""
    before: int | None = None
    after: int | None = None
    """Of preferences: the numbers they are kept by (`lib.store.preferences`)."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A change that was seen. `at` is the start of the read that showed it: it happened between the one before and it.

    `seq` orders them; the highest somebody has looked at says what is new to them.
    """

    seq: int
    at: datetime
    kind: Kind
    user_id: str
    platform: str | None
    before: Preferences | None
    after: Preferences | None


def add(connection: Connection, at: datetime, changes: Sequence[Change]) -> None:
    """Keep `changes`, seen by a read that began `at`."""
    first = next_key(connection, observation.c.seq)
    insert_many(
        connection,
        observation,
        [
            {
                "seq": seq,
                "at": at,
                "kind": change.kind.value,
                "user": change.user,
                "platform": change.platform,
                "before": change.before,
                "after": change.after,
            }
            for seq, change in enumerate(changes, first)
        ],
    )


def since(
    connection: Connection,
    *,
    after: datetime | None = None,
    seq: int = 0,
    user_ids: Collection[str] | None = None,
    limit: int = 1000,
) -> tuple[Observation, ...]:
    """What was seen after an instant, after a `seq`, of some users or of all: newest first, at most `limit`."""
    wanted = (
        select(observation, calendar_user.c.id.label("user_id"))
        .join(calendar_user, calendar_user.c.pk == observation.c.user)
        .where(observation.c.seq > seq)
        .order_by(observation.c.seq.desc())
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(observation.c.at > after)
    if user_ids is not None:
        wanted = wanted.where(calendar_user.c.id.in_(user_ids))
    rows = connection.execute(wanted).all()
    known = rules.by_key(connection, {row.before for row in rows} | {row.after for row in rows})
    return tuple(
        Observation(row.seq, row.at, Kind(row.kind), row.user_id, row.platform, known[row.before], known[row.after])
        for row in rows
    )
