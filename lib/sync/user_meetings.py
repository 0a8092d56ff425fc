"""One user's meetings: read from Recall, and stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.clock import Clock
from lib.domain import Entry, Listing
from lib.errors import RecallError, RecallLimited, RecallSlow, RecallUnreachable
from lib.recall_api import Recall
from lib.store import Transaction, meetings, users
from lib.store.diff import KEPT_BY_RECALL, Window
from lib.store.meetings import MeetingChanges
from lib.store.reads import LastTries
from lib.sync.failures import failure_code

ASKED_AHEAD = timedelta(days=31)
"""How far ahead is asked for: a little more than Recall is known to show (contract 5, 15.4)."""
SLOW_AFTER_SECONDS = 20.0
"""A list of meetings that took Recall longer is slow. Most take less than a second."""


@dataclass(frozen=True, slots=True)
class MeetingsRead:
    """One user's meetings as they were read. `read_at` is when the read began (UTC)."""

    read_at: datetime
    window: Window
    entries: Listing[Entry]


def window_of(now: datetime) -> Window:
    """The window to ask for: all that Recall has, and a little more ahead (contract 5)."""
    return Window(now - KEPT_BY_RECALL, now + ASKED_AHEAD)


def read(recall: Recall, external_id: str, clock: Clock) -> MeetingsRead:
    """Read a user's meetings. Raises a `RecallError`, or `UnknownCalendarUser`.

    A token that is minted for this is checked to be the user's own: with another user's token, another calendar would
    be read for a day.
    """
    read_at, is_known = clock(), recall.has_token(external_id)
    window = window_of(read_at)
    found = recall.list_meetings(external_id, window.after, window.before)
    if not is_known:
        _require_own_token(recall, external_id)
    return MeetingsRead(read_at, window, found)


def _require_own_token(recall: Recall, external_id: str) -> None:
    """Check whose token it is; where Recall cannot be asked now, the next read asks again, with another token."""
    try:
        recall.get_user(external_id)
    except RecallError as problem:
        recall.forget_token(external_id)
        if not isinstance(problem, RecallUnreachable | RecallLimited):
            raise


def keep(
    connection: Transaction, user_id: str, calendar: MeetingsRead, *, now: datetime, tries: LastTries | None = None
) -> MeetingChanges:
    """Store the meetings that were read (`tries` as in `lib.store.meetings.store`).

    A user whose answer is doubted is marked as not read.
    """
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


def was_slow(seconds: float | None, error: Exception | None, slow_after: float = SLOW_AFTER_SECONDS) -> bool | None:
    """Whether a read of meetings was slow, which took Recall so many `seconds` or ended by `error`.

    None: it does not tell, because it failed for another reason; what was known of the user stays.
    """
    if isinstance(error, RecallSlow):
        return True
    return None if error is not None or seconds is None else seconds > slow_after
