"""A frame brought up to date by what changed, without ordering a million rows again."""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import CATEGORIES, DERIVED, instants, words
from lib.coverage.order import arrange, is_in_order, meeting_numbers, order_keys, owners

Positions = NDArray[np.intp]


def merged(frame: pd.DataFrame, changed: pd.DataFrame, gone: Collection[int] = ()) -> pd.DataFrame:
    """An arranged frame without the rows of the keys in `gone` and of those in `changed`, and with `changed`.

    `changed` has the frame's columns, in any order of rows, arranged or not; its categories may name more than the
    frame's do, and those follow behind. The answer equals what `arrange` makes of the same rows, in every column, even
    if a customer was renamed in `frame` since. `frame` stays as it is: whoever reads it meanwhile is not disturbed.
    """
    frame, changed = _with_same_words(frame, changed.drop(columns=list(DERIVED), errors="ignore"))
    changed = arrange(changed)
    replaced = np.concatenate([changed["key"].to_numpy(), np.fromiter(gone, np.int64, len(gone))])
    kept = np.flatnonzero(~frame["key"].isin(replaced).to_numpy())
    if not len(kept):
        return changed
    if not is_in_order(frame):
        return arrange(pd.concat([frame.iloc[kept].drop(columns=list(DERIVED)), changed.drop(columns=list(DERIVED))]))
    rows = np.insert(kept, _places(frame, kept, changed), -1)
    new = np.flatnonzero(rows < 0)
    columns = {name: _woven(frame[name].array, rows, changed[name].array, new) for name in frame.columns}
    together = pd.DataFrame(columns, copy=False)
    together["meeting"] = meeting_numbers(instants(together, "start"), owners(together), together["uid"].to_numpy())
    return together


def _with_same_words(frame: pd.DataFrame, changed: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both with the frame's categories first and what only `changed` names behind them."""
    frame, changed = frame.copy(deep=False), changed.copy(deep=False)
    for name in CATEGORIES:
        known = words(frame, name)
        both = [*known, *sorted(set(words(changed, name)).difference(known))]
        for some in (frame, changed):
            if words(some, name) != both:
                some[name] = some[name].cat.set_categories(both)
    return frame, changed


def _places(frame: pd.DataFrame, kept: Positions, changed: pd.DataFrame) -> Positions:
    """Before which of the `kept` rows each row of `changed` belongs: a search by halves, of all at once."""
    known, wanted = order_keys(frame), order_keys(changed)
    low, high = np.zeros(len(changed), np.intp), np.full(len(changed), len(kept))
    while (open_ := low < high).any():
        middle = np.where(open_, (low + high) // 2, 0)
        before = _is_before([key[kept[middle]] for key in known], wanted)
        low, high = np.where(open_ & before, middle + 1, low), np.where(open_ & ~before, middle, high)
    return low


def _is_before(some: list[NDArray[Any]], others: list[NDArray[Any]]) -> NDArray[np.bool_]:
    before = np.zeros(len(some[0]), np.bool_)
    for one, other in zip(reversed(some), reversed(others), strict=True):
        before = (one < other) | ((one == other) & before)
    return before


def _woven(known: Any, rows: Positions, changed: Any, new: Positions) -> Any:
    """The rows of a column, and in the places that are `new` those of `changed`."""
    column = known.take(rows)
    column[new] = changed
    return column
