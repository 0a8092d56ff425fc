"""Entries made meetings: plain arrays, one value a meeting, with what the design's section 2 says of it as a whole."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import TIME, Instants, instants, reason_codes
from lib.coverage.meeting_state import MASKS, PARTS, STATES, states_of
from lib.recording.reason import Basis
from lib.recording.reasons import REASON_KEYS
from lib.recording.time_part import TimePart

NO_REASON = -1
BASES = (Basis.OBSERVED, Basis.INFERRED)
_UNCLASSIFIED = REASON_KEYS.index("unclassified")


@dataclass(frozen=True, slots=True)
class Meetings:
    """Meetings by their start. Row `n` of every array is one meeting."""

    bounds: NDArray[np.intp]
    """Where its entries begin among the entries, and at the end, one more value, how many entries there are."""
    starts: Instants
    states: NDArray[np.int8]
    """Places in `lib.coverage.meeting_state.STATES`."""
    reasons: NDArray[np.int8]
    """Places in `REASON_KEYS`: the reason of the entry that got furthest. -1: none of them names one."""
    inferred: NDArray[np.bool_]
    """Whether that reason is one of the rules first seen, of every such entry."""

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def entries(self) -> NDArray[np.intp]:
        """How many entries each has."""
        return np.diff(self.bounds)


@dataclass(frozen=True, slots=True)
class Entries:
    """What of some rows of a frame makes meetings: plain arrays, without copies where the rows are a slice."""

    meeting: NDArray[Any]
    start: Instants
    end: Instants
    bits: NDArray[np.uint16]
    rank: NDArray[np.int8]
    inferred: NDArray[np.bool_]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "Entries":
        """All rows of an arranged frame or of a part of one."""
        plain = {name: frame[name].to_numpy() for name in ("meeting", "bits", "rank", "inferred")}
        return cls(start=instants(frame, "start"), end=instants(frame, "end"), **plain)

    def take(self, rows: NDArray[np.intp], meeting: NDArray[Any]) -> "Entries":
        """The rows at these places, with other numbers of meetings."""
        return Entries(meeting, self.start[rows], self.end[rows], self.bits[rows], self.rank[rows], self.inferred[rows])


def meetings_of(entries: Entries, as_of: np.datetime64) -> Meetings:
    """The meetings of entries that stand by start and meeting, as of `as_of` (UTC, without a zone).

    A meeting has a flag if any of its entries has it, and ends with the latest of them. Three are conditions on the
    whole:

    - `unsettled`: none of its entries is recorded, and the bot of one could not be read or is not final;
    - `did_not_happen`: not recorded, not unsettled, and the bots of all its booked entries met nobody;
    - its reason is that of the entry that got furthest; of two that got as far the one that was observed.

    Upcoming: start after `as_of`. In progress: started, and the latest end is after it. Ended: the rest.
    """
    first = np.flatnonzero(_begins(entries.meeting))
    starts = entries.start[first]
    ends = np.maximum.reduceat(entries.end.view(np.int64), first)  # as a number, NaT is the least of all
    part = (ends > as_of.astype(TIME).view(np.int64)).view(np.uint8)
    part[np.searchsorted(starts, as_of, side="right") :] = PARTS.index(TimePart.UPCOMING)
    furthest = np.maximum.reduceat(entries.rank.astype(np.int16) * 2 + ~entries.inferred, first)
    return Meetings(
        bounds=np.append(first, len(entries.meeting)),
        starts=starts,
        states=states_of(part, np.bitwise_or.reduceat(entries.bits, first)),
        reasons=reason_codes((furthest // 2).astype(np.int8)),
        inferred=furthest % 2 == 0,
    )


def in_states(meetings: Meetings, part: TimePart, figure: str) -> NDArray[np.bool_]:
    """Which meetings a figure of a part counts (`lib.coverage.meeting_state.FIGURES`)."""
    counted: NDArray[np.bool_] = MASKS[part][figure][meetings.states] > 0
    return counted


def tally(states: NDArray[np.int8], groups: NDArray[Any] | None = None, count: int = 1) -> NDArray[np.int64]:
    """How many meetings of each of `count` groups are in each state: groups down, `STATES` across.

    Without `groups` all are in one, group 0.
    """
    cells = states if groups is None else groups.astype(np.int64) * len(STATES) + states
    return np.bincount(cells, minlength=count * len(STATES)).reshape(count, len(STATES))


def tally_reasons(meetings: Meetings) -> NDArray[np.int64]:
    """How many meetings are in each state for each reason, observed and inferred: by `STATES`, `REASON_KEYS`, `BASES`.

    A meeting whose entries name no reason is counted as unclassified, never left out.
    """
    shape = (len(STATES), len(REASON_KEYS), len(BASES))
    cells = np.ravel_multi_index(
        (meetings.states, or_unclassified(meetings.reasons), meetings.inferred.astype(np.int8)), shape
    )
    return np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape)


def or_unclassified(reasons: NDArray[np.int8]) -> NDArray[np.int8]:
    """Reasons, with unclassified where none is named."""
    return np.where(reasons == NO_REASON, np.int8(_UNCLASSIFIED), reasons)


def _begins(meeting: NDArray[Any]) -> NDArray[np.bool_]:
    """Which rows are the first of their meeting."""
    begins = np.ones(len(meeting), np.bool_)
    np.not_equal(meeting[1:], meeting[:-1], out=begins[1:])
    return begins
