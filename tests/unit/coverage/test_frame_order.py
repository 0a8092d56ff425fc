"""The order of rows: by start, owner, `ical_uid` and key, the weightiest first."""

from itertools import permutations

import numpy as np
import pytest

from lib.coverage.frame_order import SortKeys, is_before, is_in_order, meeting_numbers

ROWS = [(1, 1, 1, 1), (1, 1, 1, 2), (1, 1, 2, 0), (1, 2, 0, 0), (2, 0, 0, 0)]
"""Each comes before the next by one of the four alone, whatever those of less weight say."""


def order_of(rows: list[tuple[int, int, int, int]]) -> SortKeys:
    start, owner, uid, key = (np.array(column) for column in zip(*rows, strict=True))
    return SortKeys(start.astype(np.int64), owner.astype(np.int32), uid.astype(np.uint64), key.astype(np.int64))


@pytest.mark.parametrize("rows", list(permutations(ROWS, 3)))
def test_rows_are_in_order_if_none_comes_before_the_one_above_it(rows: tuple[tuple[int, int, int, int], ...]) -> None:
    assert is_in_order(order_of(list(rows))) == (list(rows) == sorted(rows))


@pytest.mark.parametrize("one", ROWS)
@pytest.mark.parametrize("other", ROWS)
def test_one_row_is_before_another_by_what_weighs_most(
    one: tuple[int, int, int, int], other: tuple[int, int, int, int]
) -> None:
    assert is_before(order_of([one]), order_of([other])).tolist() == [one < other]


def test_rows_of_one_start_owner_and_uid_are_one_meeting_and_those_without_a_uid_are_none() -> None:
    rows = [(1, 1, 0, 1), (1, 1, 0, 2), (1, 1, 5, 3), (1, 1, 5, 4), (1, 2, 5, 5), (2, 2, 5, 6), (2, 2, 6, 7)]
    assert meeting_numbers(order_of(rows)).tolist() == [0, 1, 2, 2, 3, 4, 5]
