"""Recording preferences, each combination kept once and named by 64 bits of itself."""

from collections.abc import Collection, Iterable

import orjson
from sqlalchemy import Connection, select

from lib.domain import Preferences
from lib.store.columns import digest
from lib.store.rows import insert_many, rows_in
from lib.store.tables.workspace import preferences


def key_of(value: Preferences | None) -> int | None:
    """What a row that refers to `value` holds; None for None."""
    return None if value is None else digest(orjson.dumps(value))


def keep(connection: Connection, values: Iterable[Preferences | None]) -> None:
    """See to it that rows may refer to `values`."""
    wanted = {key_of(value): value for value in values if value is not None}
    there = {row.pk for row in rows_in(connection, select(preferences.c.pk), preferences.c.pk, wanted)}
    insert_many(connection, preferences, [{"pk": k, "body": v} for k, v in wanted.items() if k not in there])


def by_key(connection: Connection, keys: Collection[int | None]) -> dict[int | None, Preferences | None]:
    """The combinations that `keys` name; None names None."""
    rows = rows_in(connection, select(preferences), preferences.c.pk, {key for key in keys if key is not None})
    return {None: None} | {row.pk: Preferences(**row.body) for row in rows}
