"""The part of the workspace that somebody sees, cut out once for all who see the same.

Who sees everything has the whole, which costs nothing. Nothing of what is left out stays in a part: no row, and no name
among the words of a column.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Generic, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import codes
from lib.customer.sight import Sight
from lib.frames import FrameUsers
from lib.store.users import UserRow

MOST_ENTRIES = 1_000_000
"""In all parts together that are kept, besides the one asked for last: as much memory again as the whole may take."""
MOST_PARTS = 50

T = TypeVar("T")


class SightCache(Generic[T]):
    """Parts by who sees them, of one state of the whole alone; the one used longest ago goes first. Thread-safe."""

    def __init__(self, weight: Callable[[T], int]):
        self._weight = weight
        self._mark: Hashable = None
        self._known: OrderedDict[Sight, T] = OrderedDict()
        self._lock = threading.Lock()

    def part(self, sight: Sight, mark: Hashable, cut: Callable[[], T]) -> T:
        """What `cut` answered for this sight and this state of the whole, asked once however many wait for it."""
        with self._lock:
            if mark != self._mark:
                self._known.clear()
                self._mark = mark
            if sight not in self._known:
                self._known[sight] = cut()
            self._known.move_to_end(sight)
            while len(self._known) > 1 and self._is_too_much():
                self._known.popitem(last=False)
            return self._known[sight]

    def _is_too_much(self) -> bool:
        return len(self._known) > MOST_PARTS or sum(map(self._weight, self._known.values())) > MOST_ENTRIES


@dataclass(frozen=True, slots=True)
class VisibleWorkspace:
    """What somebody sees of the workspace's entries and users."""

    frame: pd.DataFrame
    users: tuple[UserRow, ...]
    mark: str


def visible_workspace(frame: pd.DataFrame, users: Sequence[UserRow], mark: str, sight: Sight) -> VisibleWorkspace:
    """The entries of an arranged frame, and the users, that `sight` sees; `users` are those that the frame names."""
    is_seen = np.array([sight.sees(row.customer) for row in users], np.bool_)
    seen = tuple(row for row, seen in zip(users, is_seen.tolist(), strict=True) if seen)
    return VisibleWorkspace(_cut(frame, is_seen, seen), seen, f"{mark} {_name(sight)}")


def _cut(frame: pd.DataFrame, is_seen: NDArray[np.bool_], seen: tuple[UserRow, ...]) -> pd.DataFrame:
    place = np.where(is_seen, np.cumsum(is_seen) - 1, -1).astype(np.int32)
    kept = place[codes(frame, "user")]
    rows = np.flatnonzero(kept >= 0)
    part = frame.take(rows)
    words = {name: part[name].cat.remove_unused_categories() for name in ("platform", "calendar")}
    return part.assign(**FrameUsers(seen).columns(kept[rows]), **words)


def _name(sight: Sight) -> str:
    """The same for the same customers, in every process."""
    return blake2b("\0".join(sorted(sight.customers or ())).encode(), digest_size=16).hexdigest()
