"""Ranges are sets of numbers, written shortly."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lib.store.reads import Ranges

numbers = st.sets(st.integers(1, 60))


@given(numbers, numbers)
def test_ranges_hold_what_a_set_would(first: set[int], second: set[int]) -> None:
    both = Ranges() | first | second
    assert {n for n in range(70) if n in both} == first | second
    assert len(both) == len(first | second)


@given(numbers)
def test_the_written_form_says_the_same(some: set[int]) -> None:
    assert Ranges.parse(str(Ranges() | some)) == Ranges() | some


@given(numbers)
def test_neighbours_stand_in_one_range(some: set[int]) -> None:
    spans = (Ranges() | some).spans
    assert all(one[1] + 1 < other[0] for one, other in pairwise(spans))


def test_ten_thousand_in_order_take_a_few_letters() -> None:
    assert str(Ranges() | range(1, 10_001)) == "1-10000"
    assert str(Ranges() | [7]) == "7"
    assert str(Ranges()) == ""
