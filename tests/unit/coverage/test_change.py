"""A rate is compared with the period before only where both say enough."""

import pytest

from lib.coverage.rates import Rate, change_in_points


def test_a_change_is_in_points_of_a_hundred() -> None:
    assert change_in_points(Rate(15, 20), Rate(10, 20)) == 25.0


@pytest.mark.parametrize(
    ("now", "before"), [(Rate(19, 19), Rate(5, 50)), (Rate(5, 50), Rate(0, 19)), (Rate(0, 0), Rate(0, 0))]
)
def test_under_twenty_meetings_on_either_side_there_is_none(now: Rate, before: Rate) -> None:
    assert change_in_points(now, before) is None
