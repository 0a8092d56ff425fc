"""The order of the frame: rows of one meeting stand together, and ranges of starts are slices.

`arrange` brings rows into it; `merge` keeps it where some of them changed, without ordering a million rows again.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import CATEGORIES, DERIVED, NO_UID, bits_of, codes, instants, rank_of, words

Positions = NDArray[np.intp]
_NO_START = np.iinfo(np.int64).max


class SortKeys(NamedTuple):
    """What rows are ordered by, the weightiest first."""

    start: NDArray[np.int64]
    """Microseconds; rows without a start come last."""
    owner: NDArray[np.int32]
    """One number for each customer, and behind them one for each user without a customer."""
    uid: NDArray[np.uint64]
    key: NDArray[np.int64]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "SortKeys":
        """That of the rows of a frame, arranged or not."""
        start = instants(frame, "start")
        since = np.where(np.isnat(start), _NO_START, start.view(np.int64))
        return cls(since, customer_codes(frame), frame["uid"].to_numpy(), frame["key"].to_numpy())

    def take(self, rows: Any) -> "SortKeys":
        """That of some of the rows."""
        return SortKeys(*(column[rows] for column in self))


def arrange(frame: pd.DataFrame) -> pd.DataFrame:
    """Order by start, owner, `ical_uid` and key, number the meetings, and add what is worked out from the columns.

    A meeting is the entries of one customer that share `ical_uid` and start; an entry without either is one of its own;
    a user without a customer stands alone (design, section 2). Any part of an arranged frame that keeps the order is
    arranged. The index is counted anew: rows are known by `key`.
    """
    order = SortKeys.of(frame)
    rows = np.lexsort(order[::-1])
    arranged = pd.DataFrame({name: frame[name].array.take(rows) for name in frame.columns}, copy=False)
    arranged["meeting"] = meeting_numbers(order.take(rows))
    arranged["bits"], arranged["rank"] = bits_of(arranged), rank_of(arranged)
    return arranged


def merge(frame: pd.DataFrame, changed: pd.DataFrame, gone: Collection[int] = ()) -> pd.DataFrame:
    """An arranged frame without the rows of the keys in `gone` and of those in `changed`, and with `changed`.

    `changed` has the frame's columns, in any order of rows, arranged or not; its categories may name more than the
    frame's do, and those follow behind. The answer equals what `arrange` makes of the same rows, in every column, even
    if a customer was renamed in `frame` since. `frame` stays as it is: whoever reads it meanwhile is not disturbed.
    """
    frame, changed = _with_same_words(frame, changed.drop(columns=list(DERIVED), errors="ignore"))
    changed = arrange(changed)
    known, wanted = SortKeys.of(frame), SortKeys.of(changed)
    kept = np.flatnonzero(~np.isin(known.key, np.concatenate((wanted.key, np.fromiter(gone, np.int64, len(gone))))))
    if not len(kept):
        return changed
    if not is_in_order(known):
        return arrange(pd.concat([frame.iloc[kept], changed], ignore_index=True))
    rows = np.insert(kept, _places(known, kept, wanted), -1)
    new = np.flatnonzero(rows < 0)
    columns = {name: _woven(frame[name].array, rows, changed[name].array, new) for name in frame.columns}
    together = pd.DataFrame(columns, copy=False)
    together["meeting"] = meeting_numbers(SortKeys.of(together))
    return together


def is_in_order(order: SortKeys) -> bool:
    """Whether no row comes before the one above it. Some do once users went to other customers, or codes changed."""
    return not is_before(order.take(slice(1, None)), order.take(slice(None, -1))).any()


def is_before(some: SortKeys, others: SortKeys) -> NDArray[np.bool_]:
    """Which of some rows come before their counterparts among the others."""
    before = np.zeros(len(some.key), np.bool_)
    for one, other in zip(reversed(some), reversed(others), strict=True):
        before = (one < other) | ((one == other) & before)
    return before


def meeting_numbers(order: SortKeys) -> NDArray[np.int32]:
    """The meeting of each row, counted from 0, of rows that are in order."""
    numbers = np.zeros(len(order.start), np.int32)
    same = (order.uid[1:] == order.uid[:-1]) & (order.uid[1:] != NO_UID) & (order.owner[1:] == order.owner[:-1])
    same &= (order.start[1:] == order.start[:-1]) & (order.start[1:] != _NO_START)
    np.cumsum(~same, out=numbers[1:])
    return numbers


def customer_codes(frame: pd.DataFrame) -> NDArray[np.int32]:
    """One number for each customer, and behind them one for each user without a customer."""
    customer, user = codes(frame, "customer").astype(np.int32), codes(frame, "user").astype(np.int32)
    return np.where(customer >= 0, customer, user + np.int32(len(words(frame, "customer"))))


def _with_same_words(frame: pd.DataFrame, changed: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both with the frame's categories first and what only `changed` names behind them."""
    frame, changed = frame.copy(deep=False), changed.copy(deep=False)
    for name in CATEGORIES:
        known, theirs = words(frame, name), words(changed, name)
        if known.identical(theirs):
            continue
        known, theirs = known.astype("str"), theirs.astype("str")
        both = known.append(theirs[known.get_indexer(theirs) < 0].sort_values())
        for some in (frame, changed):
            if not words(some, name).identical(both):
                some[name] = some[name].cat.set_categories(both)
    return frame, changed


def _places(known: SortKeys, kept: Positions, wanted: SortKeys) -> Positions:
    """Before which of the `kept` rows each wanted one belongs: a search by halves, of all at once."""
    low, high = np.zeros(len(wanted.key), np.intp), np.full(len(wanted.key), len(kept))
    while (open_ := low < high).any():
        middle = np.where(open_, (low + high) // 2, 0)
        before = is_before(known.take(kept[middle]), wanted)
        low, high = np.where(open_ & before, middle + 1, low), np.where(open_ & ~before, middle, high)
    return low


def _woven(known: Any, rows: Positions, changed: Any, new: Positions) -> Any:
    """The rows of a column, and in the places that are `new` those of `changed`."""
    column = known.take(rows)
    column[new] = changed
    return column
