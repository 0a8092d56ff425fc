"""Occurrences of entries that were dragged: what was held stays as it was, and counts for ever (design, section 2).

The row that Recall shows goes on under its number; what it was before is kept beside it under another one. Where only
its bot can tell whether a meeting had begun before it was moved, that copy is suspected and counts nowhere, until the
bot was read.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from lib.store.rows import from_row, insert_many, next_key, rows_in, run_many, user_key
from lib.store.tables.workspace import calendar_user, entry, entry_details, former_bot
from lib.store.verdicts import judge_again
from lib.store.version import bump


@dataclass(frozen=True, slots=True)
class Suspected:
    """A meeting that was moved when it may have begun: it had, if its bot had joined before `moved_at`."""

    key: int
    bot_id: str
    start: datetime
    others: tuple[datetime, ...]
    """Starts of the occurrence before it and of the one after it."""
    moved_at: datetime
    """Start of the read that showed the new start."""


def keep_aside(connection: Connection, keys: Mapping[int, bool], *, at: datetime, ver: int) -> None:
    """Copy the rows with these numbers, before they take the start that a read showed that began `at`.

    The value says whether it is only suspected that the meeting had begun.
    """
    rows = rows_in(connection, select(entry), entry.c.pk, keys)
    run_many(connection, _next_occurrence, [{"key": row.pk} for row in rows])
    for key, row in enumerate(rows, next_key(connection, entry.c.pk)):
        kept = row._asdict() | {"pk": key, "dragged_at": at, "suspected": keys[row.pk], "ver": ver}
        connection.execute(insert(entry).values(kept | {"removed_at": None, "removed_connected": None}))
        _copy_details(connection, row.pk, key)
        if not keys[row.pk]:
            connection.execute(update(former_bot).where(former_bot.c.entry == row.pk).values(entry=key))


def suspected(connection: Connection, user_id: str | None = None) -> tuple[Suspected, ...]:
    """All that there are, or those of one user."""
    wanted = _suspected
    if user_id is not None:
        wanted = wanted.where(entry.c.user == user_key(user_id))
    rows = connection.execute(wanted)
    return tuple(
        Suspected(row.pk, row.bot_id, row.start_at, tuple(filter(None, (row.before, row.after))), row.dragged_at)
        for row in rows
    )


def settle(connection: Connection, answers: Iterable[tuple[Suspected, bool]]) -> None:
    """Whether each had begun: then it is an occurrence of its own; else it was a correction, and no more is known."""
    told = tuple(answers)
    if not told:
        return
    ver = bump(connection)
    keys = [each.key for each, _ in told]
    users = {row.user for row in rows_in(connection, select(entry.c.user).distinct(), entry.c.pk, keys)}
    for each, had_begun in told:
        if had_begun:
            _begin_anew(connection, each, ver)
            connection.execute(_is_sure, {"key": each.key, "ver": ver})
        else:
            connection.execute(delete(entry_details).where(entry_details.c.entry == each.key))
            connection.execute(delete(entry).where(entry.c.pk == each.key))
    judge_again(connection, users)


def _begin_anew(connection: Connection, each: Suspected, ver: int) -> None:
    """What came of it was first shown by the read that showed the new start."""
    for row in connection.execute(_what_came_of_it, {"key": each.key, "moved_at": each.moved_at}).all():
        first: dict[str, Any] = {
            "first_seen_at": each.moved_at,
            "first_preferences": row.preferences,
            "first_override": row.override_should_record,
            "first_answer": row.own_answer,
        }
        if row.seen_at is not None and row.start_at is not None and row.start_at > each.moved_at:
            first["seen_at"] = max(row.seen_at, each.moved_at)
        elif row.seen_at is not None and row.seen_at < each.moved_at:
            first |= dict.fromkeys(("seen_at", "seen_will_record", "seen_preferences", "seen_override"))
        connection.execute(update(entry).where(entry.c.pk == row.pk).values(first | {"ver": ver}))


@dataclass(frozen=True, slots=True)
class FormerBot:
    """A bot that an entry named when it had begun, and names no longer."""

    bot_id: str
    last_named_at: datetime
    """Start of the last read that showed it (UTC)."""


def remember_bot(connection: Connection, key: int, bot_id: str, *, last_named_at: datetime) -> None:
    """The entry with this number named a bot, and does no longer."""
    there = former_bot.c.entry == key, former_bot.c.bot_id == bot_id
    known = connection.execute(update(former_bot).where(*there).values(last_named_at=last_named_at)).rowcount
    if not known:
        connection.execute(insert(former_bot).values(entry=key, bot_id=bot_id, last_named_at=last_named_at))


def former_bots(connection: Connection, keys: Collection[int]) -> dict[int, tuple[FormerBot, ...]]:
    """By the number of the entry, of those of these entries that have any."""
    found: dict[int, tuple[FormerBot, ...]] = {}
    for row in rows_in(connection, select(former_bot), former_bot.c.entry, keys):
        found[row.entry] = (*found.get(row.entry, ()), from_row(FormerBot, row))
    return found


def _copy_details(connection: Connection, source: int, copy: int) -> None:
    rows = connection.execute(select(entry_details).where(entry_details.c.entry == source)).all()
    insert_many(connection, entry_details, [row._asdict() | {"entry": copy} for row in rows])


_other = entry.alias()
_same_entry = and_(_other.c.user == entry.c.user, _other.c.id == entry.c.id)
_earlier, _later = _other.c.occurrence < entry.c.occurrence, _other.c.occurrence > entry.c.occurrence
_start = select(_other.c.start_at).limit(1)
_before = _start.where(_same_entry, _earlier).order_by(_other.c.occurrence.desc()).scalar_subquery()
_after = _start.where(_same_entry, _later).order_by(_other.c.occurrence).scalar_subquery()
_suspected = (
    select(*entry.c["pk", "bot_id", "start_at", "dragged_at"], _before.label("before"), _after.label("after"))
    .where(entry.c.suspected, entry.c.dragged_at.is_not(None))
    .order_by(entry.c.pk)
)
_next_occurrence = update(entry).where(entry.c.pk == bindparam("key")).values(occurrence=entry.c.occurrence + 1)
_is_sure = update(entry).where(entry.c.pk == bindparam("key")).values(suspected=False, ver=bindparam("ver"))
_what_came_of_it = (
    select(_other, calendar_user.c.preferences)
    .join(entry, and_(_same_entry, _later))
    .join(calendar_user, calendar_user.c.pk == _other.c.user)
    .where(entry.c.pk == bindparam("key"), _other.c.first_seen_at < bindparam("moved_at"))
)
