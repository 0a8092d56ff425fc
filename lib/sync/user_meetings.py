"""One user's meetings, from Recall, and into the store."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.clock import Clock
from lib.domain import Entry, Listing
from lib.errors import RecallError, RecallLimited, RecallUnreachable
from lib.recall_api import Recall
from lib.store import Transaction, meetings, users
from lib.store.diff import KEPT_BY_RECALL, Window
from lib.store.meetings import MeetingChanges
from lib.store.reads import LastTries
from lib.sync.failures import failure_code

ASKED_AHEAD = timedelta(days=31)
"""How far ahead is asked for: a little more than Recall is known to show (contract 5, 15.4)."""


@dataclass(frozen=True, slots=True)
class MeetingsRead:
    """A user's meetings as they were read. `read_at` is when that began (UTC)."""

    read_at: datetime
    window: Window
    entries: Listing[Entry]


def window_of(now: datetime) -> Window:
    """All that Recall has, and a little more ahead (contract 5)."""
    return Window(now - KEPT_BY_RECALL, now + ASKED_AHEAD)


def read(recall: Recall, external_id: str, clock: Clock) -> MeetingsRead:
    """A user's meetings now. Raises a `RecallError`, or `UnknownCalendarUser`.

    A token that is minted for it is asked whose it is: by one of somebody else's all that is read would be theirs, for
    a day.
    """
    read_at, is_known = clock(), recall.has_token(external_id)
    window = window_of(read_at)
    found = recall.list_meetings(external_id, window.after, window.before)
    if not is_known:
        _require_own_token(recall, external_id)
    return MeetingsRead(read_at, window, found)


def _require_own_token(recall: Recall, external_id: str) -> None:
    """Where Recall cannot be asked just now, the next read asks again, with another token."""
    try:
        recall.get_user(external_id)
    except RecallError as problem:
        recall.forget_token(external_id)
        if not isinstance(problem, RecallUnreachable | RecallLimited):
            raise


def keep(
    connection: Transaction, user_id: str, calendar: MeetingsRead, *, now: datetime, tries: LastTries | None = None
) -> MeetingChanges:
    """Bring what was read into the store; `tries` as `lib.store.meetings.store` has it. A user whose answer is doubted
    is marked as not read."""
    changes = meetings.store(
        connection,
        user_id,
        calendar.entries,
        window=calendar.window,
        read_at=calendar.read_at,
        now=now,
        tries=tries,
    )
    if changes.doubt is not None:
        users.failed(connection, user_id, failure_code(changes.doubt), at=now)
    return changes


def changed(changes: MeetingChanges) -> int:
    """How many entries a read showed to be new, different, gone or back."""
    return changes.new + changes.changed + changes.vanished + changes.reappeared
