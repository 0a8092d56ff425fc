"""An entry of an answer beside its row: what is new about it, whether it was dragged, what was seen before its start.

An entry is dragged when it had begun and is then shown with a later start: what was held stays as it was, and what is
shown now is another occurrence (design, section 2). Any other new start corrects the same occurrence.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias

from lib.domain import Entry, own_answer
from lib.store.entry_rows import columns_of, hash_of
from lib.store.rows import AnyRow

Seen: TypeAlias = tuple[datetime | None, bool | None, int | None, bool | None]
"""Since when an entry was seen before its start to have which `will_record`, preferences (by number) and override."""

_NEVER: Seen = (None, None, None, None)


class Drag(Enum):
    """Whether a new start is that of another occurrence."""

    NO = "no"
    IF_ITS_BOT_HAD_JOINED = "if its bot had joined"
    """No read lay between the old start and this one, so only the bot can tell."""
    YES = "yes"


@dataclass(frozen=True, slots=True)
class ReadUser:
    """The user whose meetings are read, as last listed."""

    key: int
    addresses: frozenset[str]
    """Of its calendars, without regard to case."""
    connected: bool
    preferences: int | None
    read_at: datetime | None
    """Start of the last read that worked."""
    failed: bool
    """The last read did not work."""
    unreadable: int
    """Rows of the last answer that could not be read."""
    odd: int
    """Rows of it with parts that were left out."""
    held_back_at: datetime | None
    """Since when answers have had rows that do not say which entries they are; None: the last one had none."""
    erased: bool
    """What is personal of the user was erased, and none of it is kept again."""
    empty_at: datetime | None
    """Start of the first of the doubted answers without a row; None: the last answer was none."""
    accounts: int | None
    """64 bits of the connected accounts whose meetings were last stored; None: not known."""
    accounts_now: int
    """The same of those that are connected now."""

    def last_shown(self, row: AnyRow) -> datetime:
        """When an entry was last shown as its row has it: by the last read that worked, or one of it alone."""
        shown: datetime = row.last_shown_at or row.changed_at
        return shown if self.read_at is None or row.last_shown_at else max(self.read_at, shown)


@dataclass(frozen=True, slots=True)
class EntryDiff:
    """An entry as it was read, and its row if it has one."""

    entry: Entry
    row: AnyRow | None
    own_answer: str | None
    hash: int
    seen: Seen
    drag: Drag = field(default=Drag.NO)

    @property
    def is_changed(self) -> bool:
        """There is a row, and it says something else."""
        return self.row is not None and self.hash != self.row.hash

    @property
    def is_back(self) -> bool:
        """It had been removed."""
        return self.row is not None and self.row.removed_at is not None

    @property
    def is_touched(self) -> bool:
        """Something is to be written."""
        is_plain = self.row is not None and self.row.last_shown_at is None and self.seen == _seen_in(self.row)
        return not is_plain or self.is_changed or self.is_back

    @property
    def says_something_new(self) -> bool:
        """It is new or changed: its details are to be written too."""
        return self.row is None or self.is_changed

    def first_columns(self, reader: ReadUser, read_at: datetime, ver: int) -> dict[str, Any]:
        """Of the row of what this read is the first to show."""
        return self.columns(read_at, ver) | {
            "first_seen_at": read_at,
            "first_preferences": reader.preferences,
            "first_override": self.entry.override_should_record,
            "first_answer": self.own_answer,
        }

    def columns(self, read_at: datetime, ver: int) -> dict[str, Any]:
        """Of its row, as it is to be. What was seen of it stays, also where it now seems to have begun before that."""
        seen_at, will_record, preferences, override = self.seen
        only_seen = self.row is not None and not (self.is_changed or self.is_back)
        return columns_of(self.entry, self.own_answer) | {
            "hash": self.hash,
            "ver": ver,
            "changed_at": self.row.changed_at if self.row is not None and only_seen else read_at,
            "removed_at": None,
            "removed_connected": None,
            "last_shown_at": None,
            "start_before": self._start_before(read_at),
            "seen_at": seen_at,
            "seen_will_record": will_record,
            "seen_preferences": preferences,
            "seen_override": override,
        }

    def _start_before(self, read_at: datetime) -> datetime | None:
        """The start that this read corrects to one that has passed; or the one that an earlier read did, as long as
        what it corrected it to stands."""
        if self.row is None or self.drag is not Drag.NO or self.entry.start_time is None:
            return None
        before: datetime | None = self.row.start_at
        if before == self.entry.start_time:
            earlier: datetime | None = self.row.start_before
            return earlier
        return before if before is not None and self.entry.start_time <= read_at < before else None


def compare(entry: Entry, row: AnyRow | None, reader: ReadUser, read_at: datetime) -> EntryDiff:
    """An entry of an answer to a read that began at `read_at`, beside its row."""
    answer = own_answer(entry, reader.addresses)
    drag = Drag.NO if row is None else _drag(entry, row, reader, read_at)
    seen = _seen(entry, None if drag is Drag.YES else row, reader, read_at)
    return EntryDiff(entry, row, answer, hash_of(entry, answer), seen, drag)


def _drag(entry: Entry, row: AnyRow, reader: ReadUser, read_at: datetime) -> Drag:
    before, now = row.start_at, entry.start_time
    if before is None or now is None or now == before or before > read_at:
        return Drag.NO
    shown, by_its_bot = reader.last_shown(row), Drag.NO if row.bot_id is None else Drag.IF_ITS_BOT_HAD_JOINED
    if now == row.start_before and now > shown:  # it is back where it was before it seemed to have begun
        return by_its_bot
    if row.removed_at is not None:  # gone since it began it counts for ever; gone before, it was moved
        return Drag.YES if before <= row.removed_at < now else Drag.NO
    if now <= shown:
        return Drag.NO
    return Drag.YES if before <= shown else by_its_bot


def _seen_in(row: AnyRow) -> Seen:
    return row.seen_at, row.seen_will_record, row.seen_preferences, row.seen_override


def _seen(entry: Entry, row: AnyRow | None, reader: ReadUser, read_at: datetime) -> Seen:
    before = _NEVER if row is None else _seen_in(row)
    if entry.start_time is None:
        return before
    if entry.start_time > max(read_at, reader.read_at or read_at):  # a clock put back does not undo a beginning
        now = (entry.will_record, reader.preferences, entry.override_should_record)
        return before if before[0] is not None and before[1:] == now else (read_at, *now)
    return before
