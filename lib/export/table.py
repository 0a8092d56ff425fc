"""What is exported: heads and rows of plain values, times in one zone that the heads name, text fit for a cell."""

import re
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


LONGEST = 32_767
"""UTF-16 units that a cell of Excel holds."""
_FORMULA = re.compile(r"(^|;)(\s*)(?=[=+\-@＝＋－＠])")
"""Where a spreadsheet would begin a formula: at the start of a cell, or behind a semicolon, which many countries part
cells by. The full-width signs are read as the others are."""


def plain(text: str) -> str:
    """The text in one line: control characters, line breaks and what has no shape become spaces; cut to `LONGEST`."""
    return _cut("".join(c if c.isprintable() else " " for c in text).strip())


def without_formula(text: str) -> str:
    """Plain text that no spreadsheet takes for a formula: an apostrophe stands where one would begin."""
    return _cut(_FORMULA.sub(r"\1\2'", plain(text)))


def _cut(text: str) -> str:
    if len(text) <= LONGEST // 2:  # no character takes more than two units
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return text
    return units[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore") + "…"
