"""Which deed belongs to which day. The story has thirty days; in a shorter time the same happens, closer together."""

from math import ceil

from lib.demo import by_itself, by_staff
from lib.demo.scene import Deed

TOLD_FOR = 30
SOMEBODY_IS_KNOWN = 2
"""The first day on which anything happens by itself: before, nobody has been seen to whom it could."""


def of_the_world(day: int, days: int) -> tuple[Deed, ...]:
    """What happens by itself on this day of so many, in its order."""
    if day < SOMEBODY_IS_KNOWN:
        return ()
    told = (deed for on, deed in by_itself.ON_DAYS if max(_day_of(on, days), SOMEBODY_IS_KNOWN) == day)
    return (*by_itself.FIRST, *told, *by_itself.LAST)


def of_staff(day: int, days: int) -> tuple[Deed, ...]:
    """What staff do on this day of so many, in its order."""
    return tuple(deed for on, deed in by_staff.ON_DAYS if _day_of(on, days) == day)


def _day_of(told: int, days: int) -> int:
    return ceil(told * days / TOLD_FOR)
