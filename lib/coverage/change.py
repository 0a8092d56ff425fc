"""How a rate changed against the period before, where both say enough to be compared."""

from lib.coverage.rates import Rate

FEWEST_FOR_CHANGE = 20
"""Under this many meetings a rate gets no arrow and no colour."""


def change_in_points(now: Rate, before: Rate) -> float | None:
    """The change in points of a hundred; None, no arrow and no colour, where either is of under 20 meetings."""
    if min(now.denominator, before.denominator) < FEWEST_FOR_CHANGE or now.value is None or before.value is None:
        return None
    return (now.value - before.value) * 100
