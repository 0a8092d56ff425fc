"""The three rates, whatever they are of: a period, a bucket or a group."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.coverage.breakdown import BreakdownGroup
from lib.coverage.numbers import Ended, Upcoming
from lib.coverage.rates import Rate, Rates
from lib.coverage.trend import Point


def test_each_rate_is_the_share_that_the_definitions_say() -> None:
    of = Rates(held=40, asked=30, recorded=24)
    assert of.coverage == Rate(24, 40)
    assert of.reach == Rate(30, 40)
    assert of.delivery == Rate(24, 30)
    assert of.missed == 16


@pytest.mark.parametrize("kind", [Ended, Point, BreakdownGroup])
def test_no_other_definition_of_them_stands_beside(kind: type[Rates]) -> None:
    assert issubclass(kind, Rates)
    assert not {"coverage", "reach", "delivery", "missed"} & vars(kind).keys()


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


def test_planned_and_booked_are_the_shares_that_the_definitions_say() -> None:
    coming = Upcoming(entries=40, meetings=30, recordable=20, will_record=16, booked=12, will_record_and_booked=10)
    assert coming.planned == Rate(16, 20)
    assert coming.booked_rate == Rate(10, 16)
    assert coming.missed == 8
