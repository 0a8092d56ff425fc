"""The order of the frame: rows of one meeting stand together, and ranges of starts are slices."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import NO_UID, bits_of, codes, instants, rank_of, words

_NO_START = np.iinfo(np.int64).max


class Order(NamedTuple):
    """What rows are ordered by, the weightiest first."""

    start: NDArray[np.int64]
    """Microseconds; rows without a start come last."""
    owner: NDArray[np.int32]
    """One number for each customer, and behind them one for each user without a customer."""
    uid: NDArray[np.uint64]
    key: NDArray[np.int64]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "Order":
        """That of the rows of a frame, arranged or not."""
        start = instants(frame, "start")
        since = np.where(np.isnat(start), _NO_START, start.view(np.int64))
        return cls(since, owners(frame), frame["uid"].to_numpy(), frame["key"].to_numpy())

    def take(self, rows: Any) -> "Order":
        """That of some of the rows."""
        return Order(*(column[rows] for column in self))


def arrange(frame: pd.DataFrame) -> pd.DataFrame:
    """Order by start, owner, `ical_uid` and key, number the meetings, and add what is worked out from the columns.

    A meeting is the entries of one customer that share `ical_uid` and start; an entry without either is one of its own;
    a user without a customer stands alone (design, section 2). Any part of an arranged frame that keeps the order is
    arranged. The index is counted anew: rows are known by `key`.
    """
    order = Order.of(frame)
    rows = np.lexsort(order[::-1])
    arranged = pd.DataFrame({name: frame[name].array.take(rows) for name in frame.columns}, copy=False)
    arranged["meeting"] = meeting_numbers(order.take(rows))
    arranged["bits"], arranged["rank"] = bits_of(arranged), rank_of(arranged)
    return arranged


def is_in_order(order: Order) -> bool:
    """Whether no row comes before the one above it. Some do once users went to other customers, or codes changed."""
    return not is_before(order.take(slice(1, None)), order.take(slice(None, -1))).any()


def is_before(some: Order, others: Order) -> NDArray[np.bool_]:
    """Which of some rows come before their counterparts among the others."""
    before = np.zeros(len(some.key), np.bool_)
    for one, other in zip(reversed(some), reversed(others), strict=True):
        before = (one < other) | ((one == other) & before)
    return before


def meeting_numbers(order: Order) -> NDArray[np.int32]:
    """The meeting of each row, counted from 0, of rows that are in order."""
    numbers = np.zeros(len(order.start), np.int32)
    same = (order.uid[1:] == order.uid[:-1]) & (order.uid[1:] != NO_UID) & (order.owner[1:] == order.owner[:-1])
    same &= (order.start[1:] == order.start[:-1]) & (order.start[1:] != _NO_START)
    np.cumsum(~same, out=numbers[1:])
    return numbers


def owners(frame: pd.DataFrame) -> NDArray[np.int32]:
    """One number for each customer, and behind them one for each user without a customer."""
    customer, user = codes(frame, "customer").astype(np.int32), codes(frame, "user").astype(np.int32)
    return np.where(customer >= 0, customer, user + np.int32(len(words(frame, "customer"))))
