"""What a frame says of single entries that nobody watched: the pages that show them judge no workspace."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lib.coverage.basis import Unknown
from lib.coverage.columns import codes, words


@dataclass(frozen=True, slots=True)
class Unwatched:
    """An entry that was not seen before its start and has no bot."""

    reason: str
    """A key of the catalogue: that of the rules first seen where they may explain it."""
    outcome: str
    """A word of `lib.recording.display.Outcome`."""
    unknown: Unknown
    """Why it has no cause; `Unknown.NO` where the rules first seen give one."""

    @property
    def inferred(self) -> bool:
        """Its reason is that of the rules first seen."""
        return self.unknown is Unknown.NO


def unwatched(frame: pd.DataFrame, keys: Collection[int]) -> Mapping[int, Unwatched]:
    """Those of the entries with these keys of which a frame says so (`lib.coverage.basis.with_first_rules`), by key."""
    wanted = frame["key"].isin(np.fromiter(keys, np.int64, len(keys))).to_numpy()
    rows = np.flatnonzero(wanted & (frame["inferred"].to_numpy() | (frame["unknown"].to_numpy() != Unknown.NO)))
    some = frame.iloc[rows]
    reasons, outcomes = words(some, "reason"), words(some, "outcome")
    columns = some["key"], codes(some, "reason"), codes(some, "outcome"), some["unknown"]
    told = zip(*(column.tolist() for column in columns), strict=True)
    return {key: Unwatched(reasons[reason], outcomes[outcome], Unknown(why)) for key, reason, outcome, why in told}
