"""The three rates of ended meetings, defined once (design, section 2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from lib.coverage.meeting_state import MASKS
from lib.recording.time_part import TimePart


@dataclass(frozen=True, slots=True)
class Rate:
    """A share that keeps its fraction, because it is never shown without it."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None, "no data", where there is nothing to take a share of."""
        return self.numerator / self.denominator if self.denominator else None


def coverage(recorded: int, held: int) -> Rate:
    """Coverage = recorded / held."""
    return Rate(recorded, held)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What was held, asked for and recorded of the meetings of a period, bucket or group, and the rates of these."""

    held: int
    """Held = recordable - unsettled - did not happen. Without a bot nobody knows, so those count as held."""
    asked: int
    """Held, and booked, or decided to be recorded when last seen before its start. Not seen then: by its bot alone."""
    recorded: int
    """Held, and a bot recorded, in part or empty recordings included."""

    @property
    def coverage(self) -> Rate:
        """Coverage = recorded / held = Reach x Delivery. No data: no meeting was held."""
        return coverage(self.recorded, self.held)

    @property
    def reach(self) -> Rate:
        """Reach = asked / held: how wide the rules are. No data: no meeting was held."""
        return Rate(self.asked, self.held)

    @property
    def delivery(self) -> Rate:
        """Delivery = recorded / asked: how well we do what the rules ask. No data: nothing held was asked for."""
        return Rate(self.recorded, self.asked)

    @property
    def not_asked(self) -> int:
        """Held and not asked for: the rules said no."""
        return self.held - self.asked

    @property
    def not_delivered(self) -> int:
        """Asked for and not recorded: the bots failed."""
        return self.asked - self.recorded

    @property
    def missed(self) -> int:
        """Held and not recorded. Each carries one reason; groups are ranked by it, never by a rate."""
        return self.held - self.recorded


class Counts(TypedDict):
    """What `Rates` is made of."""

    held: int
    asked: int
    recorded: int


def counts_by_row(states: NDArray[np.int64]) -> Iterator[Counts]:
    """The counts of each row of `states`: how many meetings are in each of `lib.coverage.meeting_state.STATES`."""
    masks = MASKS[TimePart.ENDED]
    columns = ((states @ masks[name]).tolist() for name in ("held", "asked", "recorded"))
    return (Counts(held=held, asked=asked, recorded=recorded) for held, asked, recorded in zip(*columns, strict=True))


FEWEST_FOR_CHANGE = 20
"""Under this many meetings a rate gets no arrow and no colour."""


def change_in_points(now: Rate, before: Rate) -> float | None:
    """The change in points of a hundred; None, no arrow and no colour, where either is of under 20 meetings."""
    if min(now.denominator, before.denominator) < FEWEST_FOR_CHANGE or now.value is None or before.value is None:
        return None
    return (now.value - before.value) * 100
