"""That counting itself changed by an upgrade, and by how much; and the numbers that meetings are grouped by."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from lib.domain import comparable_uid
from lib.store.entry_rows import number_of
from lib.store.rows import portions, run_many
from lib.store.tables.workspace import entry, recount
from lib.store.version import begin_epoch


@dataclass(frozen=True, slots=True)
class RecountedMonth:
    """Held meetings of a month of the report's time zone, as they were counted before and after."""

    name: str
    """Such as 2026-10."""
    recorded_before: int
    held_before: int
    recorded_after: int | None = None
    held_after: int | None = None
    """None, as the one before: it is still being counted."""


@dataclass(frozen=True, slots=True)
class Recount:
    """What an upgrade changed. No months: there were no figures before."""

    version: int
    at: datetime
    """When it was counted anew (UTC)."""
    months: tuple[RecountedMonth, ...]

    @property
    def is_done(self) -> bool:
        """All that was stored has been counted."""
        return all(month.held_after is not None for month in self.months)


def latest(connection: Connection) -> Recount | None:
    """The last time; None in a store that an older version left."""
    row = connection.execute(select(recount).order_by(recount.c.pk.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return Recount(row.pk, row.at, tuple(RecountedMonth(*month) for month in row.months))


def keep(connection: Connection, version: int, months: Sequence[RecountedMonth], *, at: datetime) -> None:
    """Counting is as this version has it; once more when what was stored has been counted."""
    told = {"at": at, "months": [astuple(month) for month in months]}
    if not connection.execute(update(recount).where(recount.c.pk == version).values(told)).rowcount:
        connection.execute(insert(recount).values(pk=version, **told))


def renumber_meetings(connection: Connection) -> int:
    """Number every entry by its comparable `ical_uid` (`lib.domain.comparable_uid`); answers how many had another one.

    Every frame begins again.
    """
    rows = connection.execute(select(*entry.c["pk", "uid", "ical_uid"]).where(entry.c.ical_uid.is_not(None)))
    numbers = ((row.pk, row.uid, number_of(comparable_uid(row.ical_uid))) for row in rows)
    changed = [{"key": key, "number": number} for key, known, number in numbers if known != number]
    for some in portions(changed, 10_000):
        run_many(connection, _number, some)
    if changed:
        begin_epoch(connection)
    return len(changed)


_number = update(entry).where(entry.c.pk == bindparam("key")).values(uid=bindparam("number"))
