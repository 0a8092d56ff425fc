"""One workspace at Recall: its world, what was written to it, and the services that answer questions about both."""

from collections.abc import Callable
from datetime import datetime, timedelta

from .bodies import Bodies
from .booking import Booking
from .bots import Bots
from .calendars import Calendars
from .clock import SandboxClock
from .directory import Directory
from .entries import Entry
from .ids import Ids
from .ledger import Ledger
from .world.world import World

_DEFAULT_LENGTH = timedelta(minutes=30)


class Workspace:
    """The services, put together once at the start. `save` is called after every change, before it is answered."""

    def __init__(self, world: World, ledger: Ledger, clock: SandboxClock, save: Callable[[Ledger], None]) -> None:
        self.world = world
        self.ledger = ledger
        self.clock = clock
        self.ids = Ids(world.seed)
        for platform, email in ledger.accounts:
            world.add_account(platform, email)
        self.directory = Directory(world, ledger)
        self.calendars = Calendars(world, ledger, self.directory, self.ids)
        self.booking = Booking(ledger, self.directory, self.calendars, self.ids)
        self.bots = Bots(world.seed, ledger, self.directory, self.booking)
        self.bodies = Bodies(ledger, self.directory, self.booking, self.ids)
        self._save = save
        self.writes = 0
        """The number of writes so far: what is cached about the past is valid until the next one."""

    def now(self) -> datetime:
        """The sandbox's current time."""
        return self.clock.now()

    def saved(self) -> None:
        """Keep what was just written."""
        self.writes += 1
        self.booking.clear_cache()
        self.bodies.clear_cache()
        self._save(self.ledger)

    def clock_moved(self, before: datetime) -> None:
        """Keep the clock's new setting; the time was `before` until now. Nothing else was written."""
        if self.now() < before:
            self.bodies.clear_cache()
        self.ledger.clock = self.clock.setting
        self._save(self.ledger)

    def drag(self, entry: Entry, start: datetime, length: timedelta | None, *, alone: bool, keep_bot: bool) -> None:
        """Drag the event to another start, for all who share it or in this calendar `alone`.

        The length stays unless another is given. With `keep_bot` a row goes on naming the bot that was sent to the old
        start; a bot that was not sent yet moves along.
        """
        now, shared = self.now(), self.calendars.sharing(entry.call, entry.occurrence)
        dragged = [entry] if alone else [e for e in shared if e.deleted_at is None]
        bots = {e.id: self.booking.bot_id(e, now) for e in dragged}
        moves_along = keep_bot and any(bots.values()) and not any(self.booking.was_sent(e, now) for e in dragged)
        if not moves_along:
            self.calendars.drags.add(now, entry.call, bots, bots if keep_bot else {})
        for e in dragged:
            had = e.facts.end - e.facts.start if e.facts.start and e.facts.end else _DEFAULT_LENGTH
            times = {"start_time": start.isoformat(), "end_time": (start + (length or had)).isoformat()}
            self.calendars.added.change(e.id, times)
