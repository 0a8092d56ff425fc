"""An answer about one user's meetings beside the rows of them: what is new, dragged, gone, or not to be believed.

An entry is dragged when it had begun and is then shown with a later start: what was held stays as it was, and what is
shown now is another occurrence (design, section 2). Any other new start corrects the same occurrence.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple

from lib.domain import Entry, Listing, UnreadableRow, comparable_uid, own_answer
from lib.store.columns import identity
from lib.store.contests import BETWEEN_CHECKS
from lib.store.entry_rows import columns_of, hash_of, number_of
from lib.store.rows import AnyRow

KEPT_BY_RECALL = timedelta(days=60)
"""How long Recall keeps what is past (contract 5)."""
UNSURE = timedelta(days=1)
"""So near that end an entry may be gone from old age: clocks differ, and when Recall clears away is not documented."""
SURE_AHEAD = timedelta(days=27)
"""A start further ahead may be out of what Recall has read so far (contract 5): absence says nothing there."""
COMING_KNOWN = 3
"""With so many coming entries known, an answer without any is doubted."""


class SeenBefore(NamedTuple):
    """What an entry was seen to have before its start, and since when."""

    seen_at: datetime | None = None
    seen_will_record: bool | None = None
    seen_preferences: int | None = None
    """By its number (`lib.store.preferences`)."""
    seen_override: bool | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The starts that a read asked for. Whether its bounds belong to it is not documented; nothing hangs on that."""

    after: datetime
    before: datetime


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
    held_back_since: datetime | None
    """Since when answers have had rows that do not say which entries they are; None: the last one had none."""
    erased: bool
    """What is personal of the user was erased, and none of it is kept again."""
    empty_since: datetime | None
    """Start of the first of the doubted answers without a row; None: the last answer was none."""
    accounts: int | None
    """64 bits of the connected accounts whose meetings were last stored; None: not known."""
    accounts_now: int
    """64 bits of the accounts that are connected now."""

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
    seen: SeenBefore
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
        only_seen = self.row is not None and not (self.is_changed or self.is_back)
        return columns_of(self.entry, self.own_answer) | {
            "hash": self.hash,
            "ver": ver,
            "changed_at": self.row.changed_at if self.row is not None and only_seen else read_at,
            "removed_at": None,
            "removed_connected": None,
            "last_shown_at": None,
            "start_before": self._start_before(read_at),
            **self.seen._asdict(),
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


def _seen_in(row: AnyRow) -> SeenBefore:
    return SeenBefore(row.seen_at, row.seen_will_record, row.seen_preferences, row.seen_override)


def _seen(entry: Entry, row: AnyRow | None, reader: ReadUser, read_at: datetime) -> SeenBefore:
    before = SeenBefore() if row is None else _seen_in(row)
    if entry.start_time is None:
        return before
    if entry.start_time <= max(read_at, reader.read_at or read_at):  # a clock put back does not undo a beginning
        return before
    now = SeenBefore(read_at, entry.will_record, reader.preferences, entry.override_should_record)
    return before if before.seen_at is not None and before._replace(seen_at=read_at) == now else now


def is_doubtful(reader: ReadUser, rows: Mapping[str, AnyRow], answer: Listing[Entry], read_at: datetime) -> bool:
    """Whether an answer without a row is to be said twice: coming entries of the same accounts are known."""
    if answer.rows or answer.unreadable or not answer.complete or not reader.connected:
        return False
    if reader.accounts not in (None, reader.accounts_now):
        return False
    if reader.empty_since is not None and read_at - reader.empty_since >= BETWEEN_CHECKS:
        return False
    starts = (row.start_at for row in rows.values() if row.removed_at is None and row.start_at is not None)
    coming = sum(1 for start in starts if read_at < start < read_at + SURE_AHEAD)
    return coming >= COMING_KNOWN


def held_back_since(reader: ReadUser, unreadable: Sequence[UnreadableRow], read_at: datetime) -> datetime | None:
    """Since when answers have had rows that do not say which entries they are; None: this one has none."""
    if not any(row.id is None and row.ical_uid is None and row.start_time is None for row in unreadable):
        return None
    return read_at if reader.held_back_since is None else min(reader.held_back_since, read_at)


def gone(
    rows: Mapping[str, AnyRow],
    answered: Collection[str],
    window: Window,
    read_at: datetime,
    unreadable: Sequence[UnreadableRow],
) -> list[AnyRow]:
    """Entries that a whole answer shows to be gone: they start where Recall is sure to show what there is, and no row
    that could not be read may be one of them."""
    oldest, latest = max(window.after, read_at - KEPT_BY_RECALL + UNSURE), min(window.before, read_at + SURE_AHEAD)
    missing = (row for row in rows.values() if row.id not in answered and row.removed_at is None)
    sure = (row for row in missing if row.start_at is None or oldest < row.start_at < latest)
    return [row for row in sure if not any(_may_be(each, row) for each in unreadable)]


def newly_missing(rows: Mapping[str, AnyRow], answered: Collection[str], read_at: datetime) -> list[AnyRow]:
    """Entries that this answer is the first not to show, gone or not. Old age says nothing."""
    oldest = read_at - KEPT_BY_RECALL + UNSURE
    missing = (row for row in rows.values() if row.id not in answered and row.last_shown_at is None)
    return [row for row in missing if row.start_at is None or row.start_at > oldest]


def _may_be(unreadable: UnreadableRow, row: AnyRow) -> bool:
    """Whether a row that could not be read may be this entry: by its id, else by what it says of uid and start."""
    if unreadable.id is not None:
        return identity(unreadable.id) == str(row.id)
    told = []
    if unreadable.ical_uid is not None:
        told.append(number_of(comparable_uid(unreadable.ical_uid)) == row.uid)
    if unreadable.start_time is not None:
        told.append(unreadable.start_time == row.start_at)
    return bool(told) and all(told)
