"""The simulation: day after day the world goes on, the sync makes its pass, and staff do their work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from urllib.error import HTTPError

from lib.clock import Clock, utc_now
from lib.demo.staff_events import staff_events
from lib.demo.story import Demo, Event
from lib.demo.world_events import world_events
from lib.errors import InvalidChange, StartError
from lib.staff.demo import add_demo_staff
from lib.store.passes import PassState
from lib.sync import new_holder, run_pass

PASS_AT = time(7, 30, tzinfo=UTC)
PASS_WITHIN_MINUTES = 75
"""After `PASS_AT`, so that it is not at the same time every day."""
STAFF_START = timedelta(hours=1)
"""From the pass to the first event of the staff."""
BETWEEN_EVENTS = timedelta(minutes=25)
THREADS = 3
"""The sandbox answers on the other core, so that more threads would wait for each other."""


@dataclass
class Simulation:
    """The days of one demo, which end today by the clock of this machine."""

    demo: Demo
    days: int
    machine_clock: Clock = utc_now
    holder: str = field(default_factory=new_holder)
    """Holder of the sync's lease."""
    skipped: list[str] = field(default_factory=list)
    """Events that were refused, such as one about a meeting that is gone; the days went on without them."""

    def run(self, on_day: Callable[[int], object]) -> None:
        """Simulate the days up to now; `on_day` is called with each number, from 1, before the day begins.

        Raises `StartError` if a pass is not completed, a `DeskError` or `OSError` if the store or the sandbox cannot be
        used.
        """
        demo, today = self.demo, self.machine_clock().date()
        for day in range(1, self.days + 1):
            on_day(day)
            demo.day, date = day, today - timedelta(days=self.days + 1 - day)
            pass_at = datetime.combine(date, PASS_AT) + timedelta(minutes=37 * day % PASS_WITHIN_MINUTES)
            demo.sandbox.set_clock(pass_at)
            if day == 1:
                add_demo_staff(demo.store, clock=demo.clock)
            self._make_happen(world_events(day, self.days))
            self._pass()
            demo.sandbox.set_clock(demo.clock() + STAFF_START)
            self._make_happen(staff_events(day, self.days), BETWEEN_EVENTS)
        demo.sandbox.set_clock(self.machine_clock())
        self._pass()

    def _make_happen(self, events: Sequence[Event], pause: timedelta | None = None) -> None:
        for event in events:
            try:
                event(self.demo)
            except (InvalidChange, HTTPError, LookupError) as refusal:
                function = event.func if isinstance(event, partial) else event
                self.skipped.append(f"{function.__qualname__} on day {self.demo.day}: {type(refusal).__name__}")
            if pause:
                self.demo.sandbox.set_clock(self.demo.clock() + pause)

    def _pass(self) -> None:
        demo, keep = self.demo, timedelta(days=self.demo.settings.keep_personal_days)
        holder, clock = self.holder, demo.clock
        done = run_pass(demo.store, demo.recall, holder=holder, clock=clock, threads=THREADS, keep_personal=keep)
        if done.state is not PassState.COMPLETE:
            raise StartError(done.sentence or "A pass over the sandbox did not come to its end.")
