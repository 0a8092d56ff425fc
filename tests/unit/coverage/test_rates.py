"""The three rates, whatever they are of: a period, a bucket or a group."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.coverage.numbers import Ended
from lib.coverage.rates import Rate, Rates
from lib.coverage.trend import Point
from lib.coverage.where import Group

HELD = {"held": 40, "asked": 30, "recorded": 24}
OF_A_PERIOD = Ended(**HELD, entries=90, meetings=60, recordable=50, unsettled=4, did_not_happen=6, partial=2, empty=1)
OF_A_BUCKET = Point(date(2026, 11, 2), **HELD)
OF_A_GROUP = Group("acme.example", 7, 3, 5, None, main_is_inferred=False, **HELD)


@pytest.mark.parametrize("of", [OF_A_PERIOD, OF_A_BUCKET, OF_A_GROUP])
def test_each_rate_is_the_share_that_the_definitions_say(of: Rates) -> None:
    assert of.coverage == Rate(24, 40)
    assert of.reach == Rate(30, 40)
    assert of.delivery == Rate(24, 30)
    assert of.missed == 16


@given(counts=st.lists(st.integers(0, 10**6), min_size=3, max_size=3))
def test_coverage_is_reach_times_delivery_where_anything_was_asked_for(counts: list[int]) -> None:
    recorded, asked, held = sorted(counts)
    found = Rates(held=held, asked=asked, recorded=recorded)
    if found.delivery.value is None:
        assert not found.coverage.value
    else:
        assert found.coverage.value == pytest.approx((found.reach.value or 0) * found.delivery.value)


def test_a_share_of_nothing_is_no_data() -> None:
    assert Rates(held=0, asked=0, recorded=0).coverage.value is None
    assert Rates(held=2, asked=0, recorded=0).delivery.value is None
    assert Rates(held=2, asked=0, recorded=0).reach.value == 0
