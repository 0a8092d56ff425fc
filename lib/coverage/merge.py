"""A frame brought up to date by what changed, without ordering a million rows again."""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import CATEGORIES, DERIVED, words
from lib.coverage.sort_order import Order, arrange, is_before, is_in_order, meeting_numbers

Positions = NDArray[np.intp]


def merged(frame: pd.DataFrame, changed: pd.DataFrame, gone: Collection[int] = ()) -> pd.DataFrame:
    """An arranged frame without the rows of the keys in `gone` and of those in `changed`, and with `changed`.

    `changed` has the frame's columns, in any order of rows, arranged or not; its categories may name more than the
    frame's do, and those follow behind. The answer equals what `arrange` makes of the same rows, in every column, even
    if a customer was renamed in `frame` since. `frame` stays as it is: whoever reads it meanwhile is not disturbed.
    """
    frame, changed = _with_same_words(frame, changed.drop(columns=list(DERIVED), errors="ignore"))
    changed = arrange(changed)
    known, wanted = Order.of(frame), Order.of(changed)
    kept = np.flatnonzero(~np.isin(known.key, np.concatenate((wanted.key, np.fromiter(gone, np.int64, len(gone))))))
    if not len(kept):
        return changed
    if not is_in_order(known):
        return arrange(pd.concat([frame.iloc[kept], changed], ignore_index=True))
    rows = np.insert(kept, _places(known, kept, wanted), -1)
    new = np.flatnonzero(rows < 0)
    columns = {name: _woven(frame[name].array, rows, changed[name].array, new) for name in frame.columns}
    together = pd.DataFrame(columns, copy=False)
    together["meeting"] = meeting_numbers(Order.of(together))
    return together


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


def _places(known: Order, kept: Positions, wanted: Order) -> Positions:
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
