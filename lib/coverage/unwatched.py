"""What a frame says of single entries that nobody watched: the pages that show them judge no workspace."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lib.coverage.columns import codes, words
from lib.coverage.inferred_reasons import UnknownCause


@dataclass(frozen=True, slots=True)
class UnwatchedEntry:
    """An entry that was not seen before its start and has no bot."""

    reason: str
    """A key of the catalogue: that of the rules first seen where they may explain it."""
    outcome: str
    """A word of `lib.recording.outcome.Outcome`."""
    unknown: UnknownCause
    """Why it has no cause; `UnknownCause.NO` where the rules first seen give one."""

    @property
    def inferred(self) -> bool:
        """Its reason is that of the rules first seen."""
        return self.unknown is UnknownCause.NO


def unwatched_entries(frame: pd.DataFrame, keys: Collection[int]) -> Mapping[int, UnwatchedEntry]:
    """The unwatched ones among the entries with these keys, by key."""
    wanted = frame["key"].isin(np.fromiter(keys, np.int64, len(keys))).to_numpy()
    rows = np.flatnonzero(wanted & (frame["inferred"].to_numpy() | (frame["unknown"].to_numpy() != UnknownCause.NO)))
    some = frame.iloc[rows]
    reasons, outcomes = words(some, "reason"), words(some, "outcome")
    columns = some["key"], codes(some, "reason"), codes(some, "outcome"), some["unknown"]
    told = zip(*(column.tolist() for column in columns), strict=True)
    return {
        key: UnwatchedEntry(reasons[reason], outcomes[outcome], UnknownCause(why)) for key, reason, outcome, why in told
    }
