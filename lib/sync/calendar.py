"""One user's meetings, from Recall, and into the store."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.clock import Clock
from lib.domain import Entry, Listing
from lib.recall_api import Recall
from lib.store import Transaction, meetings
from lib.store.meetings import KEPT_BY_RECALL, MeetingChanges, Window
from lib.store.reads import LastTries

ASKED_AHEAD = timedelta(days=31)
"""How far ahead is asked for: a little more than Recall is known to show (contract 5, 15.4)."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A user's meetings as they were read. `read_at` is when that began (UTC)."""

    read_at: datetime
    window: Window
    entries: Listing[Entry]


def window_of(now: datetime) -> Window:
    """All that Recall has, and a little more ahead (contract 5)."""
    return Window(now - KEPT_BY_RECALL, now + ASKED_AHEAD)


def read(recall: Recall, external_id: str, clock: Clock) -> Calendar:
    """A user's meetings now. Raises a `RecallError`, or `UnknownCalendarUser`."""
    read_at = clock()
    window = window_of(read_at)
    return Calendar(read_at, window, recall.list_meetings(external_id, window.after, window.before))


def keep(
    connection: Transaction, user_id: str, calendar: Calendar, *, now: datetime, tries: LastTries | None = None
) -> MeetingChanges:
    """Bring what was read into the store; `tries` as `lib.store.meetings.store` has it."""
    return meetings.store(
        connection,
        user_id,
        calendar.entries,
        window=calendar.window,
        read_at=calendar.read_at,
        now=now,
        tries=tries,
    )


def changed(changes: MeetingChanges) -> int:
    """How many entries a read showed to be new, different, gone or back."""
    return changes.new + changes.changed + changes.vanished + changes.reappeared
