"""Day after day: the world goes on, the sync makes its pass, and staff do their work."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from urllib.error import HTTPError

from lib.clock import Clock, utc_now
from lib.demo import story
from lib.demo.cast import Cast
from lib.demo.clock import MovedClock
from lib.demo.scene import Deed, Scene
from lib.demo.staff import Staff
from lib.demo.world import World
from lib.errors import InvalidChange, StartError
from lib.staff.demo import add_demo_staff
from lib.store.passes import PassState
from lib.sync import new_holder, run_pass

PASS_AT = time(7, 30, tzinfo=UTC)
PASS_WITHIN_MINUTES = 75
"""After `PASS_AT`: not every day at the same time."""
STAFF_BEGIN = timedelta(hours=1)
BETWEEN_DEEDS = timedelta(minutes=25)
THREADS = 3
"""The sandbox answers from the other core: more of them would wait for each other."""

log = logging.getLogger(__name__)


@dataclass
class Watched:
    """The days of one sandbox world, `clock` being the time of all that is done here."""

    world: World
    staff: Staff
    clock: MovedClock
    days: int
    machine: Clock = utc_now
    """What the last of the days leads up to."""
    left_out: list[str] = field(default_factory=list)
    """Deeds that were refused, such as a meeting that nobody has by now; the days went on without them."""

    def __post_init__(self) -> None:
        self._cast = Cast(self.staff.store)
        self._holder = new_holder()

    def watch(self, tell: Callable[[int], object]) -> None:
        """Go through the days up to now; `tell` hears of each, from 1, before it begins.

        Raises `StartError` where a pass does not come to its end, a `DeskError` or `OSError` where the store or the
        sandbox cannot be used.
        """
        today = self.machine().date()
        for day in range(1, self.days + 1):
            tell(day)
            date = today - timedelta(days=self.days + 1 - day)
            self._move_to(datetime.combine(date, PASS_AT) + timedelta(minutes=37 * day % PASS_WITHIN_MINUTES))
            if day == 1:
                add_demo_staff(self.staff.store, clock=self.clock)
            self._do(day, story.of_the_world(day, self.days), timedelta())
            self._pass()
            self._move_to(self.clock() + STAFF_BEGIN)
            self._do(day, story.of_staff(day, self.days), BETWEEN_DEEDS)
        self._move_to(self.machine())
        self._pass()

    def _move_to(self, now: datetime) -> None:
        self.world.set_clock(now)
        self.clock.set(now)

    def _do(self, day: int, deeds: Sequence[Deed], pause: timedelta) -> None:
        scene = Scene(day, self.world, self.staff, self._cast, self.clock)
        for deed in deeds:
            try:
                deed(scene)
            except (InvalidChange, HTTPError, LookupError) as refusal:
                self.left_out.append(f"{deed.__qualname__} on day {day}: {type(refusal).__name__}")
            if pause:
                self._move_to(self.clock() + pause)

    def _pass(self) -> None:
        keep = timedelta(days=self.staff.settings.keep_personal_days)
        store, recall = self.staff.store, self.staff.recall
        done = run_pass(store, recall, holder=self._holder, clock=self.clock, threads=THREADS, keep_personal=keep)
        if done.state is not PassState.COMPLETE:
            raise StartError(done.sentence or "A pass over the sandbox did not come to its end.")
