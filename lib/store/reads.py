"""When each user's meetings were last read: from the user's own row, and from the passes that found nothing to write.

A pass keeps whom it has tried in its own row, once for many users, so that an unchanged user costs no row. Who was
tried and is not marked as failed was read, at the earliest when the pass began; that is the time that is answered.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection, bindparam, func, select, update

from lib.store.rows import AnyRow, rows_in, run_many
from lib.store.tables.workspace import last_read, sync_pass

COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Ranges:
    """A set of positive whole numbers: ten thousand users that were tried in order take a few letters.

    `spans` are first and last of each range, in order, with gaps between.
    """

    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Ranges":
        """From the form that `str` gives: `1-40,42`."""
        pairs = (span.partition("-") for span in text.split(",") if span)
        return cls(tuple((int(first), int(last or first)) for first, _, last in pairs))

    def __str__(self) -> str:
        return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in self.spans)

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self.spans)

    def __contains__(self, key: int) -> bool:
        place = bisect_right(self.spans, (key, float("inf"))) - 1
        return place >= 0 and key <= self.spans[place][1]

    def __or__(self, keys: Iterable[int]) -> "Ranges":
        """These and `keys`."""
        joined: list[tuple[int, int]] = []
        for first, last in sorted([*self.spans, *((key, key) for key in keys)]):
            if joined and first <= joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
            else:
                joined.append((first, last))
        return Ranges(tuple(joined))


_Tried: TypeAlias = tuple[datetime, Ranges]


@dataclass(frozen=True, slots=True)
class LastTries:
    """The passes that count, newest first: those since the last complete one, and that one, which tried everybody."""

    passes: tuple[_Tried, ...]

    def of(self, user: int) -> datetime | None:
        """Start of the last pass that tried the user; None when none did."""
        return next((begun_at for begun_at, tried in self.passes if user in tried), None)

    def last_read(self, row: AnyRow, user: int) -> datetime | None:
        """Start of the user's last read that worked, by its row of `reading`. None: there was none."""
        tried = self.of(user) if row.failure is None else None
        times = [time for time in (row.read_at, tried) if time is not None]
        return max(times, default=None)


def last_tries(connection: Connection) -> LastTries:
    """Whom the passes have tried that may be a user's last."""
    complete = select(func.max(sync_pass.c.pk)).where(sync_pass.c.state == COMPLETE).scalar_subquery()
    wanted = (
        select(sync_pass.c.begun_at, sync_pass.c.tried)
        .where(sync_pass.c.tried != "", sync_pass.c.pk >= func.coalesce(complete, 0))
        .order_by(sync_pass.c.pk.desc())
    )
    return LastTries(tuple((row.begun_at, Ranges.parse(row.tried)) for row in connection.execute(wanted)))


def settle(connection: Connection, users: Collection[int]) -> None:
    """Write down when these users were last read: later passes will not try them, and then nobody would know."""
    tries = last_tries(connection)
    times = [(row, tries.last_read(row, row.user)) for row in rows_in(connection, _rows, last_read.c.user, users)]
    run_many(connection, _settled, [{"key": row.user, "time": time} for row, time in times if time != row.read_at])


_rows = select(*last_read.c["user", "read_at", "failure"])
_settled = update(last_read).where(last_read.c.user == bindparam("key")).values(read_at=bindparam("time"))
