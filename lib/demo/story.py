"""The story of the demo: what an event is, and on which day each one is told.

The story has thirty days; in fewer days the same events happen, closer together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from lib.clock import Clock
from lib.demo.sandbox_control import SandboxControl
from lib.demo.selection import Selection
from lib.recall_api import Recall
from lib.settings import Settings
from lib.store import Store
from lib.writes import WriteContext

STORY_DAYS = 30


@dataclass
class Demo:
    """The demo's world, the store and services of its staff, and the day of the story, counted from 1."""

    sandbox: SandboxControl
    store: Store
    recall: Recall
    settings: Settings
    day: int = 0

    def __post_init__(self) -> None:
        self.selection = Selection(self.store)

    @property
    def clock(self) -> Clock:
        """The time of the sandbox."""
        return self.sandbox.clock

    @property
    def context(self) -> WriteContext:
        """What the commands that staff give need."""
        return WriteContext(self.store, self.recall, self.clock)


Event = Callable[[Demo], None]
"""Something that happens on a day. Raises as `SandboxControl`, `Selection` and the commands do."""


def events_on(story: Sequence[tuple[int, Event]], day: int, days: int, first_day: int = 1) -> tuple[Event, ...]:
    """The events of this day of so many, in their order; none is before `first_day`."""
    return tuple(event for told, event in story if max(ceil(told * days / STORY_DAYS), first_day) == day)
