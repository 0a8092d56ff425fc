"""Recording preferences, each combination kept once and named by 64 bits of itself."""

from collections.abc import Collection, Iterable

import orjson
from sqlalchemy import Connection, select

from lib.domain import Preferences
from lib.store.columns import digest
from lib.store.rows import insert_many, portions
from lib.store.tables import preferences


def key_of(value: Preferences | None) -> int | None:
    """What a row that refers to `value` holds; None for None."""
    return None if value is None else digest(_body(value))


def keep(connection: Connection, values: Iterable[Preferences | None]) -> None:
    """See to it that rows may refer to `values`."""
    wanted = {digest(body): body for body in (_body(value) for value in values if value is not None)}
    for keys in portions(wanted):
        there = set(connection.scalars(select(preferences.c.pk).where(preferences.c.pk.in_(keys))))
        insert_many(connection, preferences, [{"pk": k, "body": wanted[k].decode()} for k in keys if k not in there])


def by_key(connection: Connection, keys: Collection[int | None]) -> dict[int | None, Preferences | None]:
    """The combinations that `keys` name; None names None."""
    found: dict[int | None, Preferences | None] = {None: None}
    for portion in portions({key for key in keys if key is not None}):
        rows = connection.execute(select(preferences.c.pk, preferences.c.body).where(preferences.c.pk.in_(portion)))
        found |= {pk: Preferences(**orjson.loads(body)) for pk, body in rows}
    return found


def _body(value: Preferences) -> bytes:
    return orjson.dumps(value)
