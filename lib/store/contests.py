"""Entry ids that two listed users were shown with. An id belongs to one of them (design, section 2).

A user who was shown with an id that the store has for somebody else is the claimant. Recall tells whose it is, by its
answers to reads of single entries with each user's token; it is asked twice, with `BETWEEN_CHECKS` in between, because
a Recall that mixes users up once may do so twice. Until then nothing of the claimant's answer is stored.

Entries that were stored for a user and turned out to be another's count nowhere. Recall said so twice, and may have
been wrong both times, so they are set aside, without what is personal, and brought back as they were once the user is
shown with them again and nobody else is.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, select, update

from lib.store import events
from lib.store.columns import EPOCH, Instant, instant_of, micros
from lib.store.rows import AnyRow, AnySelect, from_row, insert_many, insert_row, next_key, portions, rows_in
from lib.store.tables.workspace import calendar_user, contest, entry, entry_details, former_bot, last_read, set_aside
from lib.store.verdicts import judge_again
from lib.store.version import begin_epoch, bump

BETWEEN_CHECKS = timedelta(minutes=5)
SAMPLE, AMONG = 3, 60
"""So many of the first of the ids are read singly, because answers get mixed up as wholes. They must agree."""


class ContestOwner(StrEnum):
    """Whose ids they are, by reads of single entries."""

    CLAIMANT = "claimant"
    HOLDER = "holder"
    BOTH = "both"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Contest:
    """Ids of one pair of users. Times are UTC; users are Recall's ids."""

    claimant: str
    holder: str
    keys: tuple[int, int]
    """The store's numbers of both."""
    ids: tuple[str, ...]
    """Some of them."""
    entries: int
    """How many they are."""
    found_at: datetime
    checked_at: datetime | None
    owner: ContestOwner | None
    """What the last check answered."""
    settled_at: datetime | None
    """When a later one answered the same."""


def holders_of(connection: Connection, user: int, ids: Collection[str]) -> dict[int, list[str]]:
    """Which of these ids the store has for other listed users, by their numbers."""
    found: dict[int, set[str]] = defaultdict(set)
    for row in rows_in(connection, _held.where(entry.c.user != user), entry.c.id, ids):
        found[row.user].add(row.id)
    return {holder: sorted(theirs) for holder, theirs in found.items()}


def note_shared(connection: Connection, *, at: datetime) -> int:
    """Note all pairs of users for whom the store has the same ids; answers how many pairs."""
    found = pairs(connection)
    for claimant, holder in found:
        note(connection, claimant, {holder: shared(connection, claimant, holder)}, at=at)
    return len(found)


def note(connection: Connection, claimant: int, held: Mapping[int, Sequence[str]], *, at: datetime) -> None:
    """Keep that the claimant was shown with ids that others hold."""
    for holder, ids in held.items():
        what = {"ids": _sample(ids), "entries": len(ids)}
        known = connection.execute(update(contest).where(*_between(claimant, holder)).values(what)).rowcount
        if not known:
            connection.execute(insert(contest).values(claimant=claimant, holder=holder, found_at=at, **what))


def settled(connection: Connection, claimant: int) -> dict[int, ContestOwner]:
    """The owners found in this claimant's settled contests, by the number of the holder."""
    wanted = select(contest.c.holder, contest.c.owner)
    rows = connection.execute(wanted.where(contest.c.claimant == claimant, contest.c.settled_at.is_not(None)))
    return {row.holder: ContestOwner(row.owner) for row in rows}


def due(connection: Connection, now: datetime, *, limit: int = 100) -> tuple[Contest, ...]:
    """Those that are to be checked, the oldest first. A check that seems to lie ahead was made before a clock was put
    back."""
    rows = connection.execute(_all.where(contest.c.settled_at.is_(None)).order_by(contest.c.found_at))
    waiting = (row for row in rows if row.checked_at is None or abs(now - row.checked_at) >= BETWEEN_CHECKS)
    return tuple(map(_contest, islice(waiting, limit)))


def everyone(connection: Connection) -> tuple[Contest, ...]:
    """All that there are, the oldest first."""
    return tuple(map(_contest, connection.execute(_all.order_by(contest.c.found_at))))


def answered(connection: Connection, one: Contest, owner: ContestOwner, *, at: datetime) -> bool:
    """Keep what a check that began `at` answered. True: the check before it said the same, and so it is settled."""
    is_settled = one.owner is owner and one.checked_at is not None
    told = {"settled_at": at} if is_settled else {"owner": owner, "checked_at": at}
    connection.execute(update(contest).where(*_between(*one.keys)).values(told))
    return is_settled


def close(connection: Connection, claimant: int, holder: int) -> None:
    """There is nothing between these two any more."""
    connection.execute(delete(contest).where(*_between(claimant, holder)))


def lapse(connection: Connection, claimant: int, held: Collection[int]) -> None:
    """The claimant's answer is stored, and shows ids of `held` alone: with others there is nothing any more, unless
    the store has the same ids for both."""
    for holder in connection.scalars(select(contest.c.holder).where(contest.c.claimant == claimant)).all():
        if holder not in held and not shared(connection, claimant, holder):
            close(connection, claimant, holder)


def shared(connection: Connection, one: int, other: int) -> list[str]:
    """The ids that the store has for both of these users, the latest first."""
    theirs = select(_other.c.id).where(_other.c.user == other)
    wanted = select(entry.c.id).where(entry.c.user == one, entry.c.id.in_(theirs), entry.c.dragged_at.is_(None))
    return list(connection.scalars(wanted.order_by(entry.c.start_at.desc())))


def pairs(connection: Connection) -> tuple[tuple[int, int], ...]:
    """Pairs of listed users for whom the store has the same ids; the user who was shown with them later comes first."""
    is_earlier = _other.c.first_seen_at <= entry.c.first_seen_at
    both = and_(_other.c.id == entry.c.id, _other.c.user != entry.c.user, is_earlier)
    wanted = select(entry.c.user.label("later"), _other.c.user.label("earlier")).join(_other, both).distinct()
    listed = select(calendar_user.c.pk).where(calendar_user.c.vanished_at.is_(None))
    rows = connection.execute(wanted.where(entry.c.user.in_(listed), _other.c.user.in_(listed)))
    found: dict[frozenset[int], tuple[int, int]] = {}
    for row in rows:
        found.setdefault(frozenset((row.later, row.earlier)), (row.later, row.earlier))
    return tuple(found.values())


_claimant, _holder = calendar_user.alias("claimant_user"), calendar_user.alias("holder_user")
_other = entry.alias()
_held: AnySelect = (
    select(entry.c.user, entry.c.id)
    .join(calendar_user, calendar_user.c.pk == entry.c.user)
    .where(calendar_user.c.vanished_at.is_(None))
)
_all: AnySelect = (
    select(contest, _claimant.c.id.label("claimant_id"), _holder.c.id.label("holder_id"))
    .join(_claimant, _claimant.c.pk == contest.c.claimant)
    .join(_holder, _holder.c.pk == contest.c.holder)
)


def _between(claimant: int, holder: int) -> tuple[Any, ...]:
    return contest.c.claimant == claimant, contest.c.holder == holder


def _sample(ids: Sequence[str]) -> list[str]:
    """Some of the first, far from each other."""
    ids = ids[:AMONG]
    step = max(1, len(ids) // SAMPLE)
    return list(ids[::step][:SAMPLE])


def _contest(row: AnyRow) -> Contest:
    owner = ContestOwner(row.owner) if row.owner else None
    users = {"claimant": row.claimant_id, "holder": row.holder_id, "keys": (row.claimant, row.holder)}
    return from_row(Contest, row, ids=tuple(row.ids), owner=owner, **users)


_INSTANTS = frozenset(str(column.name) for column in entry.columns if isinstance(column.type, Instant))
_OWN = frozenset({"pk", "user", "ver"})
"""Columns that the row gets anew when it comes back."""


def set_entries_aside(connection: Connection, user: int, ids: Collection[str], *, at: datetime) -> int:
    """Set these entries of the user with this number aside, with all of their occurrences, and record it; answers how
    many."""
    rows = rows_in(connection, select(entry).where(entry.c.user == user), entry.c.id, ids)
    if not rows:
        return 0
    read_at = connection.scalar(select(last_read.c.read_at).where(last_read.c.user == user)) or at
    for row in rows:
        insert_row(connection, set_aside, user=user, entry_id=row.id, at=at, body=_packed(connection, row, read_at))
    for keys in portions([row.pk for row in rows]):
        connection.execute(delete(entry_details).where(entry_details.c.entry.in_(keys)))
        connection.execute(delete(former_bot).where(former_bot.c.entry.in_(keys)))
        connection.execute(delete(entry).where(entry.c.pk.in_(keys)))
    begin_epoch(connection)
    judge_again(connection, {user})
    lost = len({row.id for row in rows})
    events.entries_set_aside(connection, user, lost, now=at)
    return lost


def bring_back(connection: Connection, user: int, ids: Collection[str]) -> frozenset[str]:
    """Bring those of these entries back that were set aside, and answer which."""
    rows = rows_in(connection, select(set_aside).where(set_aside.c.user == user), set_aside.c.entry_id, ids)
    if not rows:
        return frozenset()
    ver = bump(connection)
    for key, row in enumerate(rows, next_key(connection, entry.c.pk)):
        kept = row.body
        columns = {n: instant_of(v) if n in _INSTANTS and v is not None else v for n, v in kept["entry"].items()}
        connection.execute(insert(entry).values(columns | {"pk": key, "user": user, "ver": ver}))
        named = [{"entry": key, "bot_id": bot, "last_named_at": instant_of(at)} for bot, at in kept["bots"]]
        insert_many(connection, former_bot, named)
    for keys in portions([row.pk for row in rows]):
        connection.execute(delete(set_aside).where(set_aside.c.pk.in_(keys)))
    connection.execute(update(last_read).where(last_read.c.user == user).values(judge_at=EPOCH))
    return frozenset(row.entry_id for row in rows)


def _packed(connection: Connection, row: AnyRow, read_at: datetime) -> dict[str, Any]:
    """What comes back. Nothing of it was read since, and its details are to be written anew."""
    columns = {str(name): value for name, value in row._asdict().items() if name not in _OWN}
    columns |= {"hash": 0, "last_shown_at": row.last_shown_at or read_at}
    packed = {n: micros(v) if n in _INSTANTS and v is not None else v for n, v in columns.items()}
    bots = connection.execute(
        select(former_bot.c.bot_id, former_bot.c.last_named_at).where(former_bot.c.entry == row.pk)
    )
    return {"entry": packed, "bots": [(bot.bot_id, micros(bot.last_named_at)) for bot in bots]}
