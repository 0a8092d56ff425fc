"""One user's calendar: from the store at once, and read anew in the background when it is old."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from time import monotonic
from typing import Any

from lib.clock import Clock, utc_now
from lib.domain import CalendarUser
from lib.errors import DeskError, ReadingBroke, RecallSlow, StoreError
from lib.queries.background_jobs import BackgroundJobs, RefreshThrottle
from lib.queries.calendar_snapshot import CalendarSnapshot, is_off
from lib.queries.private_meetings import mask
from lib.recall_api import Recall
from lib.store import Store, bots, entries, observations, users, version
from lib.store.bots import BotRow
from lib.store.entries import StoredEntry
from lib.store.observations import CalendarChange
from lib.store.users import UserRow
from lib.store.version import StoreVersion
from lib.sync import read_user
from lib.sync.verdicts import named_by

FRESH_FOR = timedelta(minutes=5)
RETRY_AFTER = timedelta(seconds=30)
BOOKING_PAUSES_SECONDS = (0, 2, 3, 5, 8)
"""After a change Recall books and removes bots a little later; these are the pauses between looks until it has."""
SLOW_AFTER_SECONDS = 5.0
"""After so long people are told that it is Recall they wait for; the read goes on, for minutes if need be."""
THREADS = 8
"""More than are needed at once: each may wait minutes for a slow calendar while others want to be read."""
CALENDARS_KEPT = 40
"""How many users' calendars stay in memory; the store has all of them."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the store had when it was last asked."""

    version: StoreVersion
    row: UserRow | None
    kept: tuple[StoredEntry, ...]
    bots: dict[str, BotRow]
    calendar_changes: tuple[CalendarChange, ...]


class Calendars:
    """Thread-safe. One for each process: two people who look at one user share one read."""

    def __init__(
        self,
        store: Store,
        recall: Recall,
        clock: Clock = utc_now,
        booking_pauses: tuple[float, ...] = BOOKING_PAUSES_SECONDS,
        slow_after: float = SLOW_AFTER_SECONDS,
    ):
        self._store = store
        self._recall = recall
        self._clock = clock
        self._booking_pauses = booking_pauses
        self._slow_after = slow_after
        self._background = BackgroundJobs("calendars", threads=THREADS)
        self._throttle = RefreshThrottle(clock)
        self._lock = threading.RLock()
        self._starting = threading.Lock()
        self._versions = count(1)
        self._known: OrderedDict[str, CalendarSnapshot] = OrderedDict()
        self._stored: dict[str, _Stored] = {}
        self._tried: dict[str, datetime] = {}
        self._waiting_since: dict[str, float] = {}

    def snapshot(self, user: CalendarUser) -> CalendarSnapshot:
        """What is known of `user` now; starts a read in the background when there is nothing yet or it is old."""
        known = self._look(user)
        if self._is_due(user, known):
            self.read_again(user)
        self._note_whether_slow(user)
        return self._get(user)

    def read_again(self, user: CalendarUser) -> None:
        """Start a read now, unless one is under way."""
        with self._starting:
            if not self._background.is_running(user.id):
                self._change(user, stage="meetings", problem=None)
                self._background.start(user.id, lambda: self._read(user, (0,)))

    def refresh(self, user: CalendarUser) -> None:
        """Read again for a click, after a read that is under way: that one may be older than what is asked for.

        A click that comes a moment after another is answered by what that one brought.
        """
        if self._get(user).problem or self._throttle.allows(user.id):
            with self._starting:
                self._change(user, stage="meetings", problem=None)
                self._background.start_after(user.id, lambda: self._read(user, (0,)))

    def follow_bookings(self, user: CalendarUser) -> None:
        """Read again, several times if need be, until the bots match Recall's decisions: call it after a change.

        A read that is under way began before the change, so this one comes after it.
        """
        with self._starting:
            self._change(user, stage="meetings", problem=None)
            self._background.start_after(user.id, lambda: self._read(user, self._booking_pauses))

    def close(self) -> None:
        """End the background work."""
        self._background.close()

    def _is_due(self, user: CalendarUser, known: CalendarSnapshot) -> bool:
        tried = self._tried.get(user.id)
        if tried and known.problem:
            pause = FRESH_FOR if isinstance(known.problem, RecallSlow) else RETRY_AFTER
            return self._clock() - tried >= pause
        newest = max((at for at in (tried, known.as_of) if at), default=None)
        return newest is None or self._clock() - newest >= FRESH_FOR

    def _note_whether_slow(self, user: CalendarUser) -> None:
        with self._lock:  # or what has come meanwhile would be called slow for ever
            since = self._waiting_since.get(user.id)
            if since is not None and monotonic() - since >= self._slow_after:
                self._change(user, is_slow=True)

    def _get(self, user: CalendarUser) -> CalendarSnapshot:
        with self._lock:
            return self._known.get(user.id) or CalendarSnapshot(user)

    def _change(self, whose: CalendarUser, **changes: Any) -> None:
        with self._lock:
            before = self._known.get(whose.id) or CalendarSnapshot(whose)
            if any(getattr(before, name) != value for name, value in changes.items()):
                self._known[whose.id] = replace(before, version=next(self._versions), **changes)
                self._known.move_to_end(whose.id)
            while len(self._known) > CALENDARS_KEPT:
                forgotten, _ = self._known.popitem(last=False)
                self._stored.pop(forgotten, None)
                self._tried.pop(forgotten, None)

    def _look(self, user: CalendarUser) -> CalendarSnapshot:
        """Take from the store what changed there."""
        try:
            with self._store.read() as connection:
                now, row = version.current(connection), users.find(connection, user.id)
                stored = self._stored.get(user.id)
                if stored is None or stored.version != now:
                    vanished_at = row.vanished_at if row else None
                    found = entries.of_user(connection, user.id)
                    own = (row.user if row else user).connections
                    kept = tuple(mask(one, own) for one in found if not is_off(one, vanished_at))
                    named = bots.find(connection, named_by(kept))
                    seen = observations.calendar_changes(connection, row.key) if row else ()
                    stored = _Stored(now, row, kept, named, seen)
        except StoreError as problem:
            if str(self._get(user).problem) != str(problem):
                self._change(user, problem=problem)
        else:
            self._take(user, replace(stored, row=row))
        return self._get(user)

    def _take(self, user: CalendarUser, stored: _Stored) -> None:
        with self._lock:  # both together: what is older and taken later is then seen to be old
            self._stored[user.id] = stored
            self._change(user, **self._changes(user, stored))

    def _changes(self, user: CalendarUser, stored: _Stored) -> dict[str, Any]:
        known, row = self._get(user), stored.row
        changes: dict[str, Any] = {"kept": stored.kept, "bots": stored.bots, "user": user}
        changes["calendar_changes"] = stored.calendar_changes
        if row is not None:
            changes |= {"user": row.user, "as_of": row.read_at, "unreadable": row.unreadable, "odd": row.odd}
            changes["unlisted_since"] = row.unlisted_since
            tried = self._tried.get(user.id)
            healed = row.read_at is not None and tried is not None and row.read_at > tried
            if isinstance(known.problem, StoreError) or (known.problem and healed):
                changes["problem"] = None
        return changes

    def _read(self, user: CalendarUser, pauses: tuple[float, ...]) -> None:
        self._tried[user.id] = self._clock()
        self._change(user, stage="meetings", problem=None)
        ended: dict[str, Any] = {}
        try:
            ended["problem"] = self._read_until_booked(user, pauses)
        except DeskError as problem:
            ended["problem"] = problem
        except Exception as defect:
            ended["problem"] = broke = ReadingBroke()
            raise broke from defect  # the job's end logs both
        finally:
            self._tried[user.id] = self._clock()
            self._meetings_came(user)
            self._stored.pop(user.id, None)
            self._look(user)
            stage = "meetings" if self._background.has_next(user.id) else ""
            self._change(user, stage=stage, bots_wanted=0, bots_done=0, **ended)

    def _read_until_booked(self, user: CalendarUser, pauses: tuple[float, ...]) -> DeskError | None:
        """Answers why bots could not be read, if some could not."""
        problem = None
        for look, pause in enumerate(pauses):
            if self._background.closing.wait(pause):
                break
            # What became of the past does not change with a booking, so that one look at it is enough.
            read = read_user(
                self._store,
                self._recall,
                user.id,
                clock=self._clock,
                progress=lambda stage, done, wanted: self._tell(user, stage, done, wanted),
                with_bots=look == 0,
            )
            problem = problem or read.problem
            if not self._look(user).bookings_open:
                break
            self._change(user, stage="bookings" if len(pauses) > 1 else "meetings")
        return problem

    def _tell(self, user: CalendarUser, stage: str, done: int, wanted: int) -> None:
        if stage == "meetings" and done < wanted:
            self._waiting_since[user.id] = monotonic()
        elif stage == "meetings":
            self._meetings_came(user)
        elif stage == "bots":
            self._look(user)  # the meetings are there, before the last bot is
            self._change(user, stage=stage, bots_wanted=wanted, bots_done=done)

    def _meetings_came(self, user: CalendarUser) -> None:
        """Or they will not, this time."""
        with self._lock:
            self._waiting_since.pop(user.id, None)
            self._change(user, is_slow=False)
