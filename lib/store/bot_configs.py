"""Versions of the workspace's bot config, which were handed to Recall, and what each staff member has typed so far.

Versions and marks are added and never changed. A version counts as sent while its last mark says so; the one in force
at Recall, as far as anybody here knows, is the one among them that was marked last.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from lib.store.rows import AnyRow, AnySelect, insert_row
from lib.store.tables.desk import bot_config, bot_config_draft, bot_config_mark


@dataclass(frozen=True, slots=True)
class ConfigVersion:
    """One version, without its text. Times are UTC; people are names of staff accounts."""

    number: int
    """Counted from 1."""
    by: str
    at: datetime
    note: str
    """What its author said of it: outside text; may be empty."""
    sent_by: str | None = None
    sent_at: datetime | None = None
    """When it was marked as handed to Recall; None: it was not, or by mistake."""


@dataclass(frozen=True, slots=True)
class ConfigDraft:
    """What somebody has typed and not kept."""

    text: str
    basis: int
    """Number of the newest version when it was begun; 0: there was none."""
    at: datetime


def versions(connection: Connection, *, limit: int = 100) -> tuple[ConfigVersion, ...]:
    """The versions, newest first."""
    return tuple(_version(row) for row in connection.execute(_all.limit(limit)))


def newest(connection: Connection) -> ConfigVersion | None:
    """The version that was kept last; None: none was."""
    return next(iter(versions(connection, limit=1)), None)


def last_sent(connection: Connection) -> ConfigVersion | None:
    """The version that was handed to Recall last; None: none was."""
    row = connection.execute(_all.where(_mark.c.sent).order_by(None).order_by(_mark.c.pk.desc())).first()
    return _version(row) if row else None


def find(connection: Connection, number: int) -> ConfigVersion | None:
    """The version of this number; None: there is none."""
    row = connection.execute(_all.where(bot_config.c.pk == number)).first()
    return _version(row) if row else None


def text_of(connection: Connection, number: int) -> str | None:
    """What was kept as the version of this number, as it was typed; None: there is no such version."""
    text: str | None = connection.scalar(select(bot_config.c.text).where(bot_config.c.pk == number))
    return text


def add(connection: Connection, text: str, *, note: str, by: str, now: datetime) -> ConfigVersion:
    """Keep another version."""
    number = insert_row(connection, bot_config, text=text, note=note, staff=by, at=now)
    return ConfigVersion(number, by, now, note)


def mark(connection: Connection, number: int, *, sent: bool, by: str, now: datetime) -> None:
    """Note that the version of this number was handed to Recall, or that it was not after all."""
    insert_row(connection, bot_config_mark, version=number, sent=sent, staff=by, at=now)


def draft(connection: Connection, staff: str) -> ConfigDraft | None:
    """What this staff member has typed so far; None: nothing that is not kept as a version."""
    row = connection.execute(select(bot_config_draft).where(bot_config_draft.c.staff == staff)).one_or_none()
    return ConfigDraft(row.text, row.basis, row.at) if row else None


def keep_draft(connection: Connection, staff: str, text: str, *, basis: int, now: datetime) -> None:
    """Keep what this staff member has typed, instead of what they had typed before."""
    drop_draft(connection, staff)
    connection.execute(insert(bot_config_draft).values(staff=staff, text=text, basis=basis, at=now))


def drop_draft(connection: Connection, staff: str) -> None:
    """Forget what this staff member has typed."""
    connection.execute(delete(bot_config_draft).where(bot_config_draft.c.staff == staff))


_mark = bot_config_mark.alias()
_last_mark = (
    select(func.max(bot_config_mark.c.pk))
    .where(bot_config_mark.c.version == bot_config.c.pk)
    .correlate(bot_config)
    .scalar_subquery()
)


_all: AnySelect = (
    select(
        *bot_config.c["pk", "staff", "at", "note"],
        _mark.c.sent,
        _mark.c.staff.label("marked_by"),
        _mark.c.at.label("marked_at"),
    )
    .select_from(bot_config.outerjoin(_mark, _mark.c.pk == _last_mark))
    .order_by(bot_config.c.pk.desc())
)


def _version(row: AnyRow) -> ConfigVersion:
    sent_by, sent_at = (row.marked_by, row.marked_at) if row.sent else (None, None)
    return ConfigVersion(row.pk, row.staff, row.at, row.note, sent_by, sent_at)
