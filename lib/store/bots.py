"""Bots: every one that an entry names, and what became of it. A final one is never asked for again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from pydantic import TypeAdapter
from sqlalchemy import BigInteger, ColumnElement, Connection, and_, bindparam, func, or_, select, type_coerce, update

from lib.domain import Bot
from lib.store.columns import Instant, digest, identity, micros
from lib.store.rows import AnyRow, from_row, insert_many, portions, rows_in, run_many, user_key
from lib.store.tables.workspace import bot, entry, former_bot
from lib.store.verdicts import judge_again
from lib.store.version import bump

LASTING = ("not_found", "not_allowed")
"""Failures that trying again at once does not cure."""


@dataclass(frozen=True, slots=True)
class BotRow:
    """A bot as it was last read. Times are UTC."""

    id: str
    bot: Bot | None
    """None: it was never read."""
    final: bool
    """Nothing changes about it any more."""
    read_at: datetime | None
    """Start of the last read that worked; of a final bot, of the one that found it so or changed it since."""
    failure: str | None
    """What stopped the last read; None when it worked."""


def store(connection: Connection, bots: Iterable[tuple[Bot, bool]], *, read_at: datetime) -> int:
    """Bring bots into the store, each with whether it is final; answers how many had changed. Once final, always."""
    read = {identity(each.id): (replace(each, id=identity(each.id)), final) for each, final in bots}
    known = _known(connection, read)
    hashes = {bot_id: digest(orjson.dumps((each, final))) for bot_id, (each, final) in read.items()}
    changed = [i for i, hashed in hashes.items() if i not in known or known[i].hash != hashed]
    unchanged = [i for i in read if i in known and known[i].hash == hashes[i] and not known[i].final]
    tried = {"read_at": read_at, "tried_at": read_at, "failure": None}
    if changed:
        ver = bump(connection)
        _add(connection, [i for i in changed if i not in known], named=False, at=read_at, ver=ver)
        were_final = {i for i in changed if i in known and known[i].final}
        columns = {i: _columns(each, final or i in were_final) for i, (each, final) in read.items()}
        run_many(connection, _change, [{"key": i, "ver": ver, "hash": hashes[i]} | columns[i] | tried for i in changed])
    run_many(connection, _change, [{"key": i} | tried for i in unchanged])
    _judge_their_users(connection, {*changed, *(i for i in unchanged if known[i].failure)})
    return len(changed)


def failed(connection: Connection, bot_id: str, failure: str, *, at: datetime) -> None:
    """The bot could not be read: what is known of it stays. `failure` is a word of ours."""
    is_news = connection.scalar(select(bot.c.failure.is_(None)).where(bot.c.id == bot_id))
    connection.execute(update(bot).where(bot.c.id == bot_id).values(failure=failure, tried_at=at))
    if is_news:
        _judge_their_users(connection, {identity(bot_id)})


def doubt(connection: Connection, since: datetime) -> None:
    """Have bots read once more that became final by reads that began at `since` or later: Recall may have been wrong.

    Until then the bots stay as they were read.
    """
    anew = {"final": False, "tried_at": None, "hash": None}
    connection.execute(update(bot).where(bot.c.final, bot.c.read_at >= since).values(anew))


@dataclass(frozen=True, slots=True)
class DueBots:
    """Which bots are to be read: not final, of entries that start before `begun_before`, or of none and to join before.

    With `tried_before`, the start of a pass, those that this pass has tried are left out, and so are those that will
    hardly ever change: a day after the start of its entry, a bot that is not final or not found is asked for again only
    after a tenth of the time since then. What seems to have been tried after `now` was tried before a clock was put
    back. With `user_id` those of one user's entries alone.
    """

    begun_before: datetime
    tried_before: datetime | None = None
    now: datetime | None = None
    user_id: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Of rows of `bot`."""
        of_entries = [
            select(entry.c.pk).where(entry.c.bot_id == bot.c.id, entry.c.start_at <= self.begun_before),
            select(entry.c.pk).join(former_bot).where(former_bot.c.bot_id == bot.c.id),
        ]
        if self.user_id is not None:
            of_entries = [begun.where(entry.c.user == user_key(self.user_id)) for begun in of_entries]
        found: list[ColumnElement[bool]] = [~bot.c.final]
        without_entry = and_(~bot.c.named, self.begun_before >= _JOINS)
        if self.tried_before is not None:
            now = self.now or self.tried_before
            tried = bot.c.tried_at.between(self.tried_before, now)
            found.append(or_(bot.c.tried_at.is_(None), ~tried))
            of_entries = [begun.where(_may_have_changed(now, entry.c.start_at)) for begun in of_entries]
            without_entry = and_(without_entry, _may_have_changed(now, _JOINS))
        begun = or_(*(begun.exists() for begun in of_entries))
        return [*found, begun if self.user_id is not None else or_(begun, without_entry)]


def due(connection: Connection, which: DueBots, *, limit: int = 1000) -> tuple[str, ...]:
    """Bots to read next: never tried first, then longest ago."""
    ids = select(bot.c.id).where(*which.conditions()).order_by(bot.c.tried_at.asc().nulls_first(), bot.c.id)
    return tuple(connection.scalars(ids.limit(limit)))


def count_due(connection: Connection, which: DueBots) -> int:
    """How many bots are to be read."""
    return connection.scalar(select(func.count()).select_from(bot).where(*which.conditions())) or 0


def due_among(connection: Connection, which: DueBots, bot_ids: Collection[str]) -> frozenset[str]:
    """Which of these bots are to be read."""
    return frozenset(
        row.id for row in rows_in(connection, select(bot.c.id).where(*which.conditions()), bot.c.id, bot_ids)
    )


def find(connection: Connection, bot_ids: Collection[str]) -> dict[str, BotRow]:
    """The bots with these ids that any entry names or that were read."""
    return {row.id: _row(row) for row in rows_in(connection, select(bot), bot.c.id, bot_ids)}


def unknown_among(connection: Connection, bot_ids: Collection[str]) -> frozenset[str]:
    """Which of these bots there is no row of: no entry names them, and they were never read."""
    there = _there(connection, {identity(bot_id) for bot_id in bot_ids})
    return frozenset(bot_id for bot_id in bot_ids if identity(bot_id) not in there)


def without_entry(
    connection: Connection, after: datetime, before: datetime, *, limit: int = 1000
) -> tuple[BotRow, ...]:
    """Bots that no entry names, or ever did, which were to join from `after` on and before `before`; the latest first.

    One that never said when it was to join is placed where it was first seen.
    """
    due = select(bot).where(~bot.c.named, after <= _JOINS, before > _JOINS)
    return tuple(_row(row) for row in connection.execute(due.order_by(_JOINS.desc(), bot.c.id).limit(limit)))


def name(connection: Connection, bot_ids: Collection[str], *, at: datetime, ver: int) -> None:
    """An entry names these bots: there is a row for each from now on."""
    for some in portions(bot_ids):
        connection.execute(update(bot).where(bot.c.id.in_(some), ~bot.c.named).values(named=True, ver=ver))
    _add(connection, bot_ids, named=True, at=at, ver=ver)


def _add(connection: Connection, bot_ids: Collection[str], *, named: bool, at: datetime, ver: int) -> None:
    """A row for each of these bots that has none."""
    new = {"final": False, "first_seen_at": at, "ver": ver, "named": named}
    there = _there(connection, bot_ids)
    insert_many(connection, bot, [{"id": bot_id, **new} for bot_id in bot_ids if bot_id not in there])


def _there(connection: Connection, bot_ids: Collection[str]) -> set[str]:
    """Those of these bots of which there is a row."""
    return {row.id for row in rows_in(connection, select(bot.c.id), bot.c.id, bot_ids)}


_change = update(bot).where(bot.c.id == bindparam("key"))
_JOINS = func.coalesce(bot.c.join_at, bot.c.first_seen_at, type_=Instant)


def _may_have_changed(now: datetime, starts_at: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a bot may have changed whose meeting starts then: it was never tried, its meeting is new, another
    try may help, or it is time again."""
    instant, start, tried = micros(now), type_coerce(starts_at, BigInteger), type_coerce(bot.c.tried_at, BigInteger)
    in_vain = bot.c.failure.is_(None) | bot.c.failure.in_(LASTING)
    it_is_time = (instant - tried) * 10 >= instant - start
    return or_(bot.c.tried_at.is_(None), start > micros(now - timedelta(days=1)), ~in_vain, it_is_time)


def _known(connection: Connection, bot_ids: Collection[str]) -> dict[str, AnyRow]:
    columns = select(*bot.c["id", "hash", "final", "failure"])
    return {row.id: row for row in rows_in(connection, columns, bot.c.id, bot_ids)}


def _columns(each: Bot, final: bool) -> dict[str, Any]:
    """What a row holds of a bot that was read."""
    sub_codes = [change.sub_code for change in each.status_changes if change.sub_code]
    return {
        "body": each,
        "final": final,
        "code": each.status_changes[-1].code if each.status_changes else None,
        "sub_code": sub_codes[-1] if sub_codes else None,
        "platform": each.platform,
        "join_at": each.join_at or min((c.created_at for c in each.status_changes if c.created_at), default=None),
    }


def _judge_their_users(connection: Connection, bot_ids: Collection[str]) -> None:
    naming = rows_in(connection, _users, entry.c.bot_id, bot_ids)
    named = rows_in(connection, _users.join(former_bot), former_bot.c.bot_id, bot_ids)
    judge_again(connection, {row.user for row in (*naming, *named)})


_users = select(entry.c.user).distinct()
_BODY = TypeAdapter(Bot)


def _row(row: AnyRow) -> BotRow:
    return from_row(BotRow, row, bot=row.body and _BODY.validate_python(row.body))
