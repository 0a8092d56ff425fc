"""From calendar to recording: what is left of the ended meetings at each step, and what fell out before it."""

from dataclasses import dataclass
from itertools import pairwise

from lib.coverage.numbers import Numbers

STEPS = (
    ("meetings", "Ended"),
    ("not_recordable", "No link or all day"),
    ("recordable", "Recordable"),
    ("in_no_rate", "Did not happen or unsettled"),
    ("held", "Held"),
    ("not_asked", "Not asked for"),
    ("asked", "Asked for"),
    ("not_delivered", "Bot did not record"),
    ("recorded", "Recorded"),
)
"""Figures of `lib.coverage.meeting_state.FIGURES` and their words. Every second one is what falls
out; the step after it is what remains."""


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One of nine rows of the waterfall."""

    figure: str
    """As in `lib.coverage.meeting_state.FIGURES`, for the rows behind it."""
    name: str
    count: int
    """Meetings; never negative, a loss either."""
    is_loss: bool
    top: int
    """Where its bar ends: its count, or for a loss what was there before it."""

    @property
    def bottom(self) -> int:
        """Where its bar begins: 0, or for a loss what was left after it."""
        return self.top - self.count if self.is_loss else 0


def funnel(numbers: Numbers) -> tuple[FunnelStep, ...]:
    """Nine rows: Ended, what had no link or was all day, Recordable, and so on down to Recorded. They add up."""
    ended = numbers.ended
    kept = [ended.meetings, ended.recordable, ended.held, ended.asked, ended.recorded]
    counts = [kept[0], *(each for one, two in pairwise(kept) for each in (one - two, two))]
    tops = [kept[0], *(each for one, two in pairwise(kept) for each in (one, two))]
    return tuple(
        FunnelStep(figure, name, count, place % 2 == 1, top)
        for place, ((figure, name), count, top) in enumerate(zip(STEPS, counts, tops, strict=True))
    )
