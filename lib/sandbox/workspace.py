"""Everything one workspace is: its world, what was written to it, and those who answer questions about both."""

from collections.abc import Callable
from datetime import datetime

from .bodies import Bodies
from .booking import Booking
from .bot_bodies import BotBodies
from .bots import Bots
from .calendars import Calendars
from .clock import SandboxClock
from .directory import Directory
from .ids import Ids
from .ledger import Ledger
from .world.world import World


class Workspace:
    """Put together once at the start. `save` is called after every change, before it is answered."""

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
        self.bot_bodies = BotBodies(ledger, self.directory, self.ids)
        self._save = save
        self.writes = 0
        """How often something was written: what is remembered of the past holds until the next time."""

    def now(self) -> datetime:
        """The sandbox's current time."""
        return self.clock.now()

    def saved(self) -> None:
        """Keep what was just written."""
        self.writes += 1
        self.booking.forget()
        self.bodies.forget()
        self._save(self.ledger)

    def clock_moved(self, before: datetime) -> None:
        """Keep the clock's setting, which was another until now. Nothing else was written."""
        if self.now() < before:
            self.bodies.forget()
        self.ledger.clock = self.clock.setting
        self._save(self.ledger)
