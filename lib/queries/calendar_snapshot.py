"""One user's calendar as it is known at one moment. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lib.domain import CalendarUser, Entry
from lib.errors import DeskError
from lib.store.bots import BotRow
from lib.store.entries import StoredEntry
from lib.store.observations import CalendarChange
from lib.sync.verdicts import named_by


@dataclass(frozen=True, slots=True)
class CalendarSnapshot:
    """What is known of one user's calendar.

    `as_of` is the start of the last read that worked (UTC), by whichever process; None before the first. `stage` names
    what is being read here: "", "meetings", "bots" or "bookings". `version` is another one whenever anything of this
    is, so that a page knows when to draw again.
    """

    user: CalendarUser
    as_of: datetime | None = None
    kept: tuple[StoredEntry, ...] = ()
    """The entries that count, by start: without those that were cancelled or moved before they began."""
    bots: Mapping[str, BotRow] = field(default_factory=dict)
    """The bots that `kept` names, or did when they had begun, by id."""
    calendar_changes: tuple[CalendarChange, ...] = ()
    """How the user's calendars were seen to come and go, the oldest first."""
    unreadable: int = 0
    """Rows of the last answer that could not be read."""
    odd: int = 0
    """Rows of it with parts that were left out."""
    unlisted_since: datetime | None = None
    """Since when Recall's list lacks the user, which is doubted; None: it is listed."""
    bots_wanted: int = 0
    bots_done: int = 0
    """How far the reading of bots has come; 0 of 0 while none are read."""
    stage: str = ""
    is_slow: bool = False
    """Whether Recall takes long over the meetings that are being read; what is known stands meanwhile."""
    problem: DeskError | None = None
    version: int = 0

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Those of `kept` that the calendar holds now."""
        there = (stored for stored in self.kept if stored.removed_at is None and stored.dragged_at is None)
        return tuple(stored.entry for stored in there)

    @property
    def is_refreshing(self) -> bool:
        """Whether more is on its way."""
        return bool(self.stage)

    @property
    def bots_unread(self) -> int:
        """Bots that could not be read when last tried."""
        return sum(1 for row in self._of_begun if row.failure and not row.final)

    @property
    def bots_complete(self) -> bool:
        """Whether all bots were asked for at least once: until then the numbers of the past are not."""
        untried = [row for row in self._of_begun if row.read_at is None and not row.failure]
        return not untried or (not self.is_refreshing and len(untried) < len(self._of_begun))

    @property
    def bookings_open(self) -> int:
        """Upcoming entries whose bot does not yet match Recall's decision."""
        return 0 if self.as_of is None else sum(1 for e in self.entries if is_booking_open(e, self.as_of))

    @property
    def _of_begun(self) -> list[BotRow]:
        if self.as_of is None:
            return []
        begun = [s for s in self.kept if s.entry.start_time and s.entry.start_time <= self.as_of]
        return [self.bots[bot_id] for bot_id in sorted(named_by(begun)) if bot_id in self.bots]


def is_booking_open(entry: Entry, as_of: datetime) -> bool:
    """Whether an upcoming entry waits for its bot to be booked or removed (contract 6.6, point 11)."""
    is_coming = entry.start_time is not None and entry.start_time > as_of
    return is_coming and entry.will_record != (entry.bot_id is not None)


def is_off(stored: StoredEntry, vanished_at: datetime | None) -> bool:
    """Counts nowhere: it was cancelled or moved, for it vanished before its start (or had none) while its calendar
    could be read; or it begins after its user vanished."""
    start, gone = stored.entry.start_time, stored.removed_at
    if vanished_at is not None and start is not None and start > vanished_at:
        return True
    return gone is not None and bool(stored.removed_connected) and (start is None or gone < start)
