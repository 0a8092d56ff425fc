"""An entry of an answer beside its row: what is new about it, and what was seen of it before it began."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from lib.domain import Entry, own_answer
from lib.store.entry_rows import columns_of, hash_of
from lib.store.rows import AnyRow

Seen: TypeAlias = tuple[datetime | None, bool | None, int | None]
"""Since when, which `will_record` and which preferences (their number) an entry was seen to have before its start."""

_NEVER: Seen = (None, None, None)


@dataclass(frozen=True, slots=True)
class Reader:
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
    erased: bool
    """What is personal of the user was erased, and none of it is kept again."""

    def is_to_note(self, read_at: datetime, unreadable: int) -> bool:
        """Whether a read says something about the reading itself, though nothing about the entries."""
        clock_was_put_back = self.read_at is not None and read_at < self.read_at
        return self.failed or unreadable != self.unreadable or clock_was_put_back


@dataclass(frozen=True, slots=True)
class Encounter:
    """An entry as it was read, and its row if it has one."""

    entry: Entry
    row: AnyRow | None
    own_answer: str | None
    hash: int
    seen: Seen

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
        return self.row is None or self.is_changed or self.is_back or self.seen != _seen_in(self.row)

    @property
    def says_something_new(self) -> bool:
        """It is new or changed: its details are to be written too."""
        return self.row is None or self.is_changed

    def columns(self, read_at: datetime, ver: int) -> dict[str, Any]:
        """Of its row, as it is to be."""
        seen_at, will_record, preferences = self.seen
        only_seen = self.row is not None and not (self.is_changed or self.is_back)
        return columns_of(self.entry, self.own_answer) | {
            "hash": self.hash,
            "ver": ver,
            "changed_at": self.row.changed_at if self.row is not None and only_seen else read_at,
            "removed_at": None,
            "removed_connected": None,
            "seen_at": seen_at,
            "seen_will_record": will_record,
            "seen_preferences": preferences,
        }


def meet(entry: Entry, row: AnyRow | None, reader: Reader, read_at: datetime) -> Encounter:
    """An entry of an answer to a read that began at `read_at`, beside its row."""
    answer = own_answer(entry, reader.addresses)
    return Encounter(entry, row, answer, hash_of(entry, answer), _seen(entry, row, reader, read_at))


def _seen_in(row: AnyRow) -> Seen:
    return row.seen_at, row.seen_will_record, row.seen_preferences


def _seen(entry: Entry, row: AnyRow | None, reader: Reader, read_at: datetime) -> Seen:
    before = _NEVER if row is None else _seen_in(row)
    if entry.start_time is None:
        return before
    if entry.start_time > max(read_at, reader.read_at or read_at):  # a clock put back does not undo a beginning
        now = (entry.will_record, reader.preferences)
        return before if before[0] is not None and before[1:] == now else (read_at, *now)
    return before if before[0] is not None and before[0] < entry.start_time else _NEVER
