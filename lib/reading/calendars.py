"""One user's calendar: the user as it is now, the meetings of Recall's window, and the bots of those that began."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from lib.clock import Clock, utc_now
from lib.domain import Bot, CalendarUser, Entry
from lib.errors import DeskError, ReadingBroke
from lib.reading.background import Background
from lib.recall_api import Recall, external_id_of
from lib.recording.bot import fate_of

KEPT_BACK = timedelta(days=60)
"""How far back Recall keeps meetings (contract 5)."""
SEEN_AHEAD = timedelta(days=28)
"""How far ahead Recall looks (contract 5)."""
FRESH_FOR = timedelta(minutes=5)
RETRY_AFTER = timedelta(seconds=30)
BOOKING_PAUSES_SECONDS = (0, 2, 3, 5, 8)
"""After a change Recall books and removes bots a little later; these are the pauses between looks until it has."""
BOT_THREADS = 6
CALENDARS_KEPT = 300
BOTS_KEPT = 30_000


@dataclass(frozen=True, slots=True)
class CalendarSnapshot:
    """What is known of one user's calendar.

    `as_of` is the start of the read that `entries` come from (UTC), None before the first. `bots` holds those that
    could be read, by id; `bots_unread` of the `bots_wanted` could not. `stage` names what is being read: "",
    "meetings", "bots" or "bookings". `version` grows with every change, so that a page knows when to draw again.
    """

    user: CalendarUser
    as_of: datetime | None = None
    entries: tuple[Entry, ...] = ()
    unreadable: int = 0
    bots: Mapping[str, Bot] = field(default_factory=dict)
    bots_wanted: int = 0
    bots_done: int = 0
    bots_unread: int = 0
    bots_complete: bool = False
    """Whether all bots were asked for at least once: until then the numbers of the past are not."""
    stage: str = ""
    problem: DeskError | None = None
    version: int = 0

    @property
    def is_reading(self) -> bool:
        """Whether more is on its way."""
        return bool(self.stage)

    @property
    def bookings_open(self) -> int:
        """Upcoming recordable entries whose bot does not yet match Recall's decision."""
        return 0 if self.as_of is None else sum(1 for e in self.entries if is_booking_open(e, self.as_of))


def is_booking_open(entry: Entry, as_of: datetime) -> bool:
    """Whether an upcoming entry waits for its bot to be booked or removed (contract 6.6, point 11)."""
    is_coming = entry.start_time is not None and entry.start_time > as_of
    return is_coming and entry.is_recordable and entry.will_record != (entry.bot_id is not None)


class Calendars:
    """Thread-safe. One for each process: two people who look at one user share one read."""

    def __init__(
        self, recall: Recall, clock: Clock = utc_now, booking_pauses: tuple[float, ...] = BOOKING_PAUSES_SECONDS
    ):
        self._recall = recall
        self._clock = clock
        self._booking_pauses = booking_pauses
        self._background = Background("calendars", threads=4)
        self._bot_pool = ThreadPoolExecutor(BOT_THREADS, thread_name_prefix="bots")
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._known: OrderedDict[str, CalendarSnapshot] = OrderedDict()
        self._tried: dict[str, datetime] = {}
        self._final_bots: OrderedDict[str, Bot] = OrderedDict()

    def snapshot(self, user: CalendarUser) -> CalendarSnapshot:
        """What is known of `user` now; starts a read in the background when there is nothing yet or it is old."""
        known = self._get(user)
        if self._is_due(user, known):
            self.read_again(user)
            known = self._get(user)
        return known

    def read_again(self, user: CalendarUser) -> None:
        """Start a read now, unless one is under way."""
        with self._starting:
            if not self._background.is_running(user.id):
                self._change(user, stage="meetings", problem=None)
                self._background.start(user.id, lambda: self._read(user, (0,)))

    def follow_bookings(self, user: CalendarUser) -> None:
        """Read again, several times if need be, until the bots match Recall's decisions: call it after a change.

        `user` is Recall's word after it, and is what snapshots show from now on. A read that is under way began before
        the change, so this one comes after it.
        """
        with self._starting:
            self._change(user, user=user, stage="meetings", problem=None)
            self._background.start_after(user.id, lambda: self._read(user, self._booking_pauses))

    def close(self) -> None:
        """End the background work."""
        self._background.close()
        self._bot_pool.shutdown(wait=False, cancel_futures=True)

    def _is_due(self, user: CalendarUser, known: CalendarSnapshot) -> bool:
        tried = self._tried.get(user.id)
        if tried is None:
            return True
        return self._clock() - tried >= (RETRY_AFTER if known.problem else FRESH_FOR)

    def _get(self, user: CalendarUser) -> CalendarSnapshot:
        with self._lock:
            return self._known.get(user.id) or CalendarSnapshot(user)

    def _change(self, whose: CalendarUser, **changes: Any) -> None:
        with self._lock:
            before = self._known.get(whose.id) or CalendarSnapshot(whose)
            self._known[whose.id] = replace(before, version=before.version + 1, **changes)
            self._known.move_to_end(whose.id)
            while len(self._known) > CALENDARS_KEPT:
                forgotten, _ = self._known.popitem(last=False)
                self._tried.pop(forgotten, None)

    def _read(self, user: CalendarUser, pauses: tuple[float, ...]) -> None:
        self._tried[user.id] = self._clock()
        self._change(user, stage="meetings", problem=None)
        ended: dict[str, Any] = {}
        try:
            self._read_until_booked(user, pauses)
        except DeskError as problem:
            ended["problem"] = problem
        except Exception:
            ended["problem"] = ReadingBroke()
            raise  # the job's end logs it
        finally:
            self._change(user, stage="meetings" if self._background.has_next(user.id) else "", **ended)

    def _read_until_booked(self, user: CalendarUser, pauses: tuple[float, ...]) -> None:
        for pause in pauses:
            if self._background.closing.wait(pause):
                return
            self._read_meetings(user)
            if not self._get(user).bookings_open:
                break
            self._change(user, stage="bookings" if len(pauses) > 1 else "meetings")
        self._read_bots(user)

    def _read_meetings(self, user: CalendarUser) -> None:
        as_of = self._clock()
        external_id = external_id_of(user)
        now = self._recall.get_user(external_id)
        listing = self._recall.list_meetings(external_id, as_of - KEPT_BACK, as_of + SEEN_AHEAD)
        self._change(user, user=now, as_of=as_of, entries=listing.rows, unreadable=listing.unreadable)

    def _read_bots(self, user: CalendarUser) -> None:
        known = self._get(user)
        wanted = bots_wanted(known.entries, known.as_of or self._clock())
        bots = {bot_id: bot for bot_id in wanted if (bot := self._final_bots.get(bot_id))}
        self._change(user, stage="bots", bots_wanted=len(wanted), bots_done=len(bots), bots_unread=0, bots=dict(bots))
        unread = 0
        futures = [self._bot_pool.submit(self._recall.get_bot, bot_id) for bot_id in wanted if bot_id not in bots]
        for future in as_completed(futures):
            try:
                bot = future.result()
            except DeskError as problem:
                unread += 1
                self._change(user, problem=problem)
            else:
                bots[bot.id] = self._keep(bot)
            self._change(user, bots_done=len(bots) + unread, bots_unread=unread)
        self._change(user, bots=bots, bots_complete=True)

    def _keep(self, bot: Bot) -> Bot:
        if fate_of(bot).final:
            self._final_bots[bot.id] = bot
            while len(self._final_bots) > BOTS_KEPT:
                self._final_bots.popitem(last=False)
        return bot


def bots_wanted(entries: tuple[Entry, ...], as_of: datetime) -> tuple[str, ...]:
    """Ids of the bots of entries that have begun: what became of the others is not known yet."""
    begun = (e for e in entries if e.bot_id and e.start_time is not None and e.start_time <= as_of)
    return tuple(dict.fromkeys(e.bot_id for e in begun if e.bot_id))
