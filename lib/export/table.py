"""What is exported: heads and rows of plain values, with times in one zone that the heads name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

Cell: TypeAlias = str | int | float | datetime | None
"""Text may be from outside. Times are aware. None is an empty cell; a bool is "yes" or "no"."""

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Table:
    """One table. Every row has as many cells as there are `heads`."""

    heads: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    zone: ZoneInfo = _UTC
    """What times are written in."""

    @property
    def named_heads(self) -> tuple[str, ...]:
        """The heads; those of columns with a time end with the zone's name."""
        timed = {place for row in self.rows for place, cell in enumerate(row) if isinstance(cell, datetime)}
        return tuple(f"{head} ({self.zone.key})" if n in timed else head for n, head in enumerate(self.heads))

    def local(self, moment: datetime) -> datetime:
        """A time in the table's zone, without the zone: spreadsheets know none."""
        return moment.astimezone(self.zone).replace(tzinfo=None, microsecond=0)
