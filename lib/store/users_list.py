"""One users list brought into the store: who is new, changed, gone or back, and what that shows to have happened.

A list that Recall answers by mistake, out of an empty cache or another workspace's, looks like any other. So from one
that lacks too many users nobody's absence is concluded at once (design, section 2): the missing are held as they were,
until later lists say the same.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, TypeAlias

import orjson
from sqlalchemy import Connection, bindparam, select, update

from lib.customer import customer_of
from lib.domain import CalendarUser, UnreadableRow
from lib.domain import Connection as Calendar
from lib.store import events, links, observations
from lib.store import preferences as rules
from lib.store.columns import EPOCH, digest, identity
from lib.store.events import EventKind
from lib.store.observations import NewObservation, ObservationKind
from lib.store.outbox import deletions
from lib.store.reads import settle
from lib.store.rows import EFFECTIVE, AnyRow, AnySelect, insert_many, next_key, rows_in, run_many
from lib.store.tables.desk import assignment
from lib.store.tables.workspace import calendar_user, last_read, version
from lib.store.users import calendars_of, named
from lib.store.version import bump

MOST_MISSING = 5
"""So many users may be missing from a believed list, or a fifth of all, whichever is more."""
FIFTH = 5
SMALLEST_CUSTOMER = 3
"""A customer with fewer users may go as a whole from one list to the next."""
HELD_BACK_AT_MOST = timedelta(hours=24)
"""So long after the last list without them rows that do not say who they are keep users from being taken for gone."""


class Doubt(Enum):
    """Why a list is not believed, and how long users must be missing from lists that are doubted so, to be gone."""

    MANY_MISSING = timedelta(days=1)
    """It is empty, or lacks more than a fifth of the users, and more than five."""
    CUSTOMER_MISSING = timedelta(minutes=5)
    """It lacks every user of a customer that had three or more."""

    def is_over(self, since: datetime | None, read_at: datetime) -> bool:
        """Whether somebody who is missing `since` then is gone by a list that was read at `read_at`."""
        return since is not None and read_at - since >= self.value


_Met: TypeAlias = tuple[AnyRow, CalendarUser]


@dataclass(frozen=True, slots=True)
class ListChanges:
    """How many users a list showed to be new, changed, gone and back. A user who is back is not counted as changed."""

    new: int = 0
    changed: int = 0
    vanished: int = 0
    reappeared: int = 0
    unlisted: int = 0
    """Missing from a list that is doubted, and held as they were."""


def store(
    connection: Connection,
    users: Iterable[CalendarUser],
    *,
    read_at: datetime,
    complete: bool,
    unreadable: Sequence[UnreadableRow] = (),
    now: datetime | None = None,
) -> ListChanges:
    """Bring a users list into the store, writing only what changed. `read_at` is the start of the read.

    A user who is missing from a complete list is marked vanished and stays. A list is complete when no page of it was
    missing: from any other one nobody's absence is concluded, nor that of somebody whom an `unreadable` row may name.
    From one that is doubted (`doubt_of`) neither: the missing are held, unlisted, until later lists lack them too. A
    list that is older than the one that is kept changes nothing, unless that one seems to lie after `now`: then a clock
    was put back meanwhile.
    """
    if _is_outdated(connection, read_at, now or read_at):
        return ListChanges()
    listed_before: datetime | None = connection.scalar(select(version.c.users_listed_at))
    held_back = _is_held_back(unreadable, listed_before, read_at)
    is_dated = complete and (listed_before is None or not held_back)
    complete = complete and not held_back
    exempt = {row.external_id for row in unreadable if row.external_id}
    listed = {identity(user.id): replace(user, id=identity(user.id)) for user in users}
    known = {row.id: row for row in _rows_about(connection, None if complete else listed)}
    new = [user for user_id, user in listed.items() if user_id not in known]
    met = [(row, listed[row.id]) for row in known.values() if row.id in listed]
    back = [(row, user) for row, user in met if row.vanished_at is not None]
    changed = [(row, user) for row, user in met if row.vanished_at is None and row.hash != _hash(user)]
    there_again = [row for row, _ in met if row.unlisted_since is not None]
    missing = [row for row in known.values() if row.id not in listed and row.vanished_at is None] if complete else []
    missing = [row for row in missing if row.external_id not in exempt]
    gone, held = _concluded(connection, known.values(), missing, read_at, is_empty=not listed)
    if new or back or changed or gone or held or there_again:
        ver = bump(connection)
        _mark_listed(connection, there_again, ver)
        _mark_unlisted(connection, held, read_at, listed_before, ver)
        rules.keep(connection, (user.preferences for user in (*new, *(user for _, user in (*back, *changed)))))
        settle(connection, [row.pk for row in (*gone, *(row for row, _ in changed))])
        keys = _insert(connection, new, read_at, ver)
        _update(connection, [*back, *changed], ver)
        _mark_vanished(connection, gone, read_at, listed_before, ver)
        appeared = [*(keys if listed_before else ()), *(row.pk for row, _ in back)]
        seen = [NewObservation(key, ObservationKind.USER_APPEARED) for key in appeared]
        seen += [change for row, user in (*back, *changed) for change in _changes(row, user)]
        seen += [NewObservation(row.pk, ObservationKind.USER_VANISHED) for row in gone]
        observations.add(connection, read_at, seen)
    links.settle(connection, listed.values(), read_at=read_at)
    if is_dated:
        connection.execute(update(version).values(users_listed_at=read_at))
    return ListChanges(len(new), len(changed), len(gone), len(back), len(held))


def believe(connection: Connection, *, read_at: datetime, by: str | None = None) -> int:
    """Take all who are held unlisted for gone since then, at an admin's word, and tell of it; answers how many they
    are. `by` None: on the command line."""
    gone = connection.execute(_known.where(calendar_user.c.unlisted_since.is_not(None))).all()
    if gone:
        settle(connection, [row.pk for row in gone])
        _mark_vanished(connection, gone, read_at, None, bump(connection))
        observations.add(connection, read_at, [NewObservation(row.pk, ObservationKind.USER_VANISHED) for row in gone])
        events.add(connection, EventKind.LIST_BELIEVED, by, now=read_at, users=len(gone))
    return len(gone)


def _concluded(
    connection: Connection, known: Collection[AnyRow], missing: Sequence[AnyRow], read_at: datetime, *, is_empty: bool
) -> tuple[list[AnyRow], list[AnyRow]]:
    """Of those who are missing from a list: who is gone by it, and who is held from now on."""
    if not missing:
        return [], []
    ours = deletions(connection)
    unexplained = {row.pk for row in missing} - ours
    customers = {row.pk: row.effective or None for row in known if row.vanished_at is None and row.pk not in ours}
    doubt = doubt_of(customers, unexplained, is_empty=is_empty)
    stays = {row.pk for row in missing if doubt and not doubt.is_over(row.unlisted_since, read_at)} & unexplained
    gone = [row for row in missing if row.pk not in stays]
    return gone, [row for row in missing if row.pk in stays and row.unlisted_since is None]


def doubt_of(customers: Mapping[int, str | None], missing: Collection[int], *, is_empty: bool) -> Doubt | None:
    """What speaks against a list; None: it is believed.

    `customers` names every user that was listed until now, by the store's number, with its customer; `missing` are
    those of them that the list lacks. Users who were deleted here are in neither. `is_empty`: the list holds no
    user at all.
    """
    if not missing:
        return None
    if is_empty or (len(missing) > MOST_MISSING and len(missing) * FIFTH > len(customers)):
        return Doubt.MANY_MISSING
    before = Counter(customer for customer in customers.values() if customer)
    lost = Counter(customers[user] for user in missing)
    whole = (customer for customer, users in before.items() if lost[customer] == users >= SMALLEST_CUSTOMER)
    return Doubt.CUSTOMER_MISSING if any(whole) else None


def _rows_about(connection: Connection, ids: Collection[str] | None) -> Sequence[AnyRow]:
    """The users with these ids; all of them for None."""
    return connection.execute(_known).all() if ids is None else rows_in(connection, _known, calendar_user.c.id, ids)


def _is_outdated(connection: Connection, read_at: datetime, now: datetime) -> bool:
    listed_at: datetime | None = connection.scalar(select(version.c.users_listed_at))
    return listed_at is not None and read_at < listed_at <= now


def _is_held_back(unreadable: Sequence[UnreadableRow], listed_before: datetime | None, read_at: datetime) -> bool:
    """Whether rows that do not say who they are forbid to conclude that anybody is gone."""
    if all(row.external_id for row in unreadable):
        return False
    return listed_before is None or read_at - listed_before < HELD_BACK_AT_MOST


def remembering(before: Sequence[Calendar], now: Sequence[Calendar]) -> tuple[Calendar, ...]:
    """Connections as they are `now`, with the addresses that were known before and are no longer named."""
    known = {calendar.platform: calendar.email for calendar in reversed(before) if calendar.email}
    still = tuple(replace(c, email=c.email or known.get(c.platform)) for c in now)
    dropped = [
        p for p in dict.fromkeys(c.platform for c in before) if p in known and p not in {c.platform for c in now}
    ]
    return still + tuple(Calendar(platform, connected=False, email=known[platform]) for platform in dropped)


_known: AnySelect = select(calendar_user, EFFECTIVE.label("effective")).outerjoin(
    assignment, assignment.c.user == calendar_user.c.pk
)
_change = update(calendar_user).where(calendar_user.c.pk == bindparam("key"))
_judge_again = update(last_read).where(last_read.c.user == bindparam("key")).values(judge_at=EPOCH)


def _hash(user: CalendarUser) -> int:
    told = {"id": user.id, "external_id": user.external_id, "connections": [named(c) for c in user.connections]}
    return digest(orjson.dumps(told | {"preferences": user.preferences}))


def _insert(connection: Connection, users: Sequence[CalendarUser], read_at: datetime, ver: int) -> range:
    keys = range(first := next_key(connection, calendar_user.c.pk), first + len(users))
    rows = [
        {"pk": key, "id": user.id, "first_seen_at": read_at, "ver": ver} | _columns(user, user.connections, None)
        for key, user in zip(keys, users, strict=True)
    ]
    insert_many(connection, calendar_user, rows)
    insert_many(connection, last_read, [{"user": key, "unreadable": 0} for key in keys])
    return keys


def _update(connection: Connection, met: Sequence[_Met], ver: int) -> None:
    rows = [
        {"key": row.pk, "ver": ver, "vanished_at": None, "last_seen_at": None, "erased_at": None}
        | _columns(user, remembering(calendars_of(row), user.connections), row.customer)
        for row, user in met
    ]
    run_many(connection, _change, rows)
    run_many(connection, _judge_again, [{"key": row.pk} for row, _ in met])


def _columns(user: CalendarUser, connections: tuple[Calendar, ...], customer: str | None) -> dict[str, Any]:
    has_address = any(calendar.email for calendar in connections)
    return {
        "external_id": user.external_id,
        "connections": [named(calendar) for calendar in connections],
        "preferences": rules.key_of(user.preferences),
        "customer": customer_of(replace(user, connections=connections)) if has_address else customer,
        "hash": _hash(user),
    }


def _mark_vanished(
    connection: Connection, gone: Sequence[AnyRow], read_at: datetime, listed_before: datetime | None, ver: int
) -> None:
    rows = [
        {
            "key": row.pk,
            "vanished_at": row.unlisted_since or read_at,
            "unlisted_since": None,
            "last_seen_at": row.last_seen_at or listed_before or row.first_seen_at,
            "ver": ver,
        }
        for row in gone
    ]
    run_many(connection, _change, rows)


def _mark_unlisted(
    connection: Connection, held: Sequence[AnyRow], read_at: datetime, listed_before: datetime | None, ver: int
) -> None:
    settle(connection, [row.pk for row in held])
    told = {"unlisted_since": read_at, "ver": ver}
    rows = [{"key": row.pk, "last_seen_at": listed_before or row.first_seen_at, **told} for row in held]
    run_many(connection, _change, rows)


def _mark_listed(connection: Connection, there_again: Sequence[AnyRow], ver: int) -> None:
    listed = {"unlisted_since": None, "last_seen_at": None, "ver": ver}
    run_many(connection, _change, [{"key": row.pk, **listed} for row in there_again])


def _changes(row: AnyRow, user: CalendarUser) -> Iterator[NewObservation]:
    before = {calendar.platform for calendar in calendars_of(row) if calendar.connected}
    now = {calendar.platform for calendar in user.connected}
    for platform in sorted(before - now):
        yield NewObservation(row.pk, ObservationKind.CONNECTION_LOST, platform)
    for platform in sorted(now - before):
        yield NewObservation(row.pk, ObservationKind.CONNECTION_FOUND, platform)
    after = rules.key_of(user.preferences)
    if after != row.preferences:
        yield NewObservation(row.pk, ObservationKind.PREFERENCES_CHANGED, before=row.preferences, after=after)
