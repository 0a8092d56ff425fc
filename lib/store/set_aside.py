"""Entries that were stored for a user and turned out to be another's (`lib.store.contests`). They count nowhere.

Recall said so twice, and may have been wrong both times. So they are set aside, without what is personal, and brought
back as they were once the user is shown with them again and nobody else is.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from lib.store import events
from lib.store.columns import EPOCH, Instant, instant_of, micros
from lib.store.rows import AnyRow, insert_many, insert_row, next_key, portions, rows_in
from lib.store.tables.workspace import entry, entry_details, former_bot, last_read, set_aside
from lib.store.verdicts import judge_again
from lib.store.version import begin_epoch, bump

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
