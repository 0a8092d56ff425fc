"""Entries made meetings: one row a meeting, with what the design's section 2 says of a meeting as a whole."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.frame import FLAGS, instants

NO_REASON = -1


def meetings_of(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a meeting, from an arranged frame of entries (`lib.coverage.frame.arrange`) or a part of one.

    A meeting has a flag if any of its entries has it, and ends with the latest of them. Three are conditions on the
    whole:

    - `unsettled`: none of its entries is recorded, and the bot of one could not be read or is not final;
    - `did_not_happen`: not recorded, not unsettled, and the bots of all its booked entries met nobody;
    - `reason` (a code of the frame's categories, -1 for none): that of the entry that got furthest.

    Columns: `start`, `end` (UTC), `entries`, the names of `FLAGS`, `reason`. The index is the frame's `meeting`.
    """
    meeting = frame["meeting"].to_numpy()
    first = np.flatnonzero(np.diff(meeting, prepend=-1))
    has = {name: _any(frame[name].to_numpy(), first) for name in FLAGS}
    other_bot = _any((frame["booked"] & ~frame["did_not_happen"]).to_numpy(), first)
    has["unsettled"] = has["unsettled"] & ~has["recorded"]
    has["did_not_happen"] = has["did_not_happen"] & ~other_bot  # a bot that recorded or is open is another one
    return pd.DataFrame(
        {
            "start": instants(frame, "start")[first],
            "end": _reduced(np.fmax, instants(frame, "end"), first),
            "entries": np.diff(first, append=len(meeting)).astype(np.int32),
            **has,
            "reason": _reduced(np.maximum, frame["reason"].cat.codes.to_numpy(), first),
        },
        index=pd.Index(meeting[first], name="meeting"),
    )


def _any(flag: NDArray[np.bool_], first: NDArray[np.intp]) -> NDArray[np.bool_]:
    return _reduced(np.logical_or, flag, first)


def _reduced(how: np.ufunc, values: NDArray[Any], first: NDArray[np.intp]) -> NDArray[Any]:
    """`how` over each run of rows that starts at `first`."""
    return how.reduceat(values, first) if len(first) else values[:0]
