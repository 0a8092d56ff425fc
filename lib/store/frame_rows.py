"""Entries as frames need them: a few columns, as plain numbers and words, a million in seconds."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from sqlalchemy import Boolean, ColumnElement, Connection, Integer, cast, select

from lib.store.database import stream
from lib.store.tables.workspace import entry

FRAME_COLUMNS = (
    "pk",
    "user",
    "uid",
    "bot",
    "start_at",
    "end_at",
    "meeting_platform",
    "calendar_platform",
    "is_external",
    "is_hosted_by_me",
    "is_recurring",
    "flags",
    "outcome",
    "reason",
    "owner",
    "by_rules",
    "removed_at",
    "removed_connected",
)
"""What a row for a frame holds, in this order. `pk` is `StoredEntry.key`, `user` is `UserRow.key`, `uid` and `bot` 64
bits of the comparable `ical_uid` and of the bot that it was judged by (0: none). Times are microseconds since 1970 in
UTC, booleans 0 and 1, `flags` the bits of `lib.domain.ENTRY_FLAGS`; null is None, and None in `flags`, `outcome` and
`reason` means: not judged yet."""

FrameRow: TypeAlias = tuple[Any, ...]

BATCH = 20_000


def entries_since(connection: Connection, version: int = -1, *, batch: int = BATCH) -> Iterator[list[FrameRow]]:
    """Entries that changed after `version`, removed ones too, in lists of at most `batch` rows; all of them without it.

    Ask for the version (`lib.store.version.current`) first, in the same transaction, and take all of the rows before
    it ends.
    """
    wanted = select(*map(_plain, FRAME_COLUMNS)).where(~entry.c.suspected)
    if version >= 0:
        wanted = wanted.where(entry.c.ver > version)
    return stream(connection, wanted, batch)


def _plain(name: str) -> ColumnElement[Any]:
    column = entry.c[name]
    return cast(column, Integer).label(name) if isinstance(column.type, Boolean) else column
