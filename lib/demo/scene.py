"""A day, and those who do something on it."""

from collections.abc import Callable
from dataclasses import dataclass

from lib.clock import Clock
from lib.demo.cast import Cast
from lib.demo.staff import Staff
from lib.demo.world import World


@dataclass(frozen=True)
class Scene:
    """Day `day`, counted from 1, at the time of `clock`."""

    day: int
    world: World
    staff: Staff
    cast: Cast
    clock: Clock


Deed = Callable[[Scene], None]
"""Something that happens on a day. Raises as `World` and the commands do."""
