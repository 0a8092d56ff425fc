"""The order of the frame: rows of one meeting stand together, and ranges of starts are slices."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import NO_UID, Instants, bits_of, codes, instants, rank_of, words


def arrange(frame: pd.DataFrame) -> pd.DataFrame:
    """Order by start, owner, `ical_uid` and key, number the meetings, and add what is worked out from the columns.

    A meeting is the entries of one customer that share `ical_uid` and start; an entry without either is one of its own;
    a user without a customer stands alone (design, section 2). Any part of an arranged frame that keeps the order is
    arranged. The index is counted anew: rows are known by `key`.
    """
    order = np.lexsort(order_keys(frame)[::-1])
    arranged = pd.DataFrame({name: frame[name].array.take(order) for name in frame.columns}, copy=False)
    arranged["meeting"] = meeting_numbers(instants(arranged, "start"), owners(arranged), arranged["uid"].to_numpy())
    arranged["bits"], arranged["rank"] = bits_of(arranged), rank_of(arranged)
    return arranged


def order_keys(frame: pd.DataFrame) -> list[NDArray[Any]]:
    """What rows are ordered by, the weightiest first. Rows without a start come last."""
    start = instants(frame, "start")
    since = np.where(np.isnat(start), np.iinfo(np.int64).max, start.view(np.int64))
    return [since, owners(frame), frame["uid"].to_numpy(), frame["key"].to_numpy()]


def is_in_order(frame: pd.DataFrame) -> bool:
    """Whether rows that start together stand by owner. They do not once customers got other codes or other names."""
    start, owner = instants(frame, "start"), owners(frame)
    return not ((start[1:] == start[:-1]) & (owner[1:] < owner[:-1])).any()


def meeting_numbers(start: Instants, owner: NDArray[np.int64], uid: NDArray[np.uint64]) -> NDArray[np.int32]:
    """The meeting of each row, counted from 0, of rows in the order of `arrange`."""
    numbers = np.zeros(len(start), np.int32)
    same = (start[1:] == start[:-1]) & (owner[1:] == owner[:-1]) & (uid[1:] == uid[:-1]) & (uid[1:] != NO_UID)
    np.cumsum(~same, out=numbers[1:])
    return numbers


def owners(frame: pd.DataFrame) -> NDArray[np.int64]:
    """One number for each customer, and behind them one for each user without a customer."""
    customer = codes(frame, "customer").astype(np.int64)
    return np.where(customer >= 0, customer, len(words(frame, "customer")) + codes(frame, "user"))
