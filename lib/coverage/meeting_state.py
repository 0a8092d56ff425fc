"""The states a meeting can be in, and which of them each figure counts (design, section 2).

A meeting is in exactly one state, so every figure is a number of meetings in some of them, and the rows behind a figure
are those of the meetings in the same states.
"""

from collections.abc import Callable, Mapping
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lib.coverage.columns import FLAGS, MET_SOMEBODY
from lib.recording.time_part import TimePart

PARTS = (TimePart.ENDED, TimePart.IN_PROGRESS, TimePart.UPCOMING)


class MeetingState(NamedTuple):
    """What matters of a meeting. What does not matter in its part, or after what stands before it, is False."""

    part: TimePart
    recordable: bool = False
    """With a usable link and not whole-day: the only ones that rates count."""
    unsettled: bool = False
    """Ended, not recorded, and the bot of a booked entry could not be read or is not final."""
    did_not_happen: bool = False
    """Ended, not recorded, settled, booked, and the bots of all booked entries met nobody."""
    will_record: bool = False
    """Upcoming, and Recall has decided to record one of its entries."""
    booked: bool = False
    """Upcoming or in progress, and one of its entries names a bot."""
    asked: bool = False
    """Held, and booked, or decided to be recorded when last seen before its start."""
    recorded: bool = False
    """Held or in progress, and a bot recorded or has begun to."""
    partial: bool = False
    """Held, and a bot left by a limit, a removal or a crash."""
    empty: bool = False
    """Held, and a bot's recording holds nothing."""

    @property
    def held(self) -> bool:
        """Ended, recordable, and neither unsettled nor not happened."""
        return self.part is TimePart.ENDED and self.recordable and not (self.unsettled or self.did_not_happen)


Figures = Mapping[str, Callable[[MeetingState], bool]]

_ALWAYS: Figures = {
    "meetings": lambda state: True,
    "recordable": lambda state: state.recordable,
    "not_recordable": lambda state: not state.recordable,
}
FIGURES: Mapping[TimePart, Figures] = {
    TimePart.UPCOMING: {
        **_ALWAYS,
        "will_record": lambda state: state.will_record,
        "booked": lambda state: state.booked,
        "will_record_and_booked": lambda state: state.will_record and state.booked,
        "missed": lambda state: state.recordable and not state.booked,
    },
    TimePart.IN_PROGRESS: {
        **_ALWAYS,
        "booked": lambda state: state.booked,
        "recording": lambda state: state.recorded,
    },
    TimePart.ENDED: {
        **_ALWAYS,
        "unsettled": lambda state: state.unsettled,
        "did_not_happen": lambda state: state.did_not_happen,
        "in_no_rate": lambda state: state.unsettled or state.did_not_happen,
        "held": lambda state: state.held,
        "asked": lambda state: state.asked,
        "not_asked": lambda state: state.held and not state.asked,
        "recorded": lambda state: state.recorded,
        "not_delivered": lambda state: state.asked and not state.recorded,
        "partial": lambda state: state.partial,
        "empty": lambda state: state.empty,
        "in_part": lambda state: state.partial or state.empty,
        "missed": lambda state: state.held and not state.recorded,
    },
}
"""The figures of each part by name, as conditions on a meeting's state."""


def _state(part: TimePart, has: Mapping[str, bool], met_somebody: bool) -> MeetingState:
    if not has["recordable"]:
        return MeetingState(part)
    if part is TimePart.UPCOMING:
        return MeetingState(part, True, will_record=has["will_record"], booked=has["booked"])
    if part is TimePart.IN_PROGRESS:
        return MeetingState(part, True, booked=has["booked"], recorded=has["recorded"])
    if not has["recorded"] and has["unsettled"]:
        return MeetingState(part, True, unsettled=True)
    if not has["recorded"] and has["did_not_happen"] and not met_somebody:
        return MeetingState(part, True, did_not_happen=True)
    if not has["recorded"]:
        return MeetingState(part, True, asked=has["asked"])
    return MeetingState(part, True, asked=True, recorded=True, partial=has["partial"], empty=has["empty"])


def _states() -> list[MeetingState]:
    """The state for each part and each number of `bits` (lib.coverage.columns.bits_of)."""
    every = product(PARTS, range(2 ** (MET_SOMEBODY + 1)))
    return [
        _state(part, {name: bool(bits >> place & 1) for place, name in enumerate(FLAGS)}, bits >> MET_SOMEBODY & 1 == 1)
        for part, bits in every
    ]


_of_bits = _states()
STATES: tuple[MeetingState, ...] = tuple(dict.fromkeys(_of_bits))
"""All of them; a meeting's `state` is a place in here."""
_PLACES = np.array([STATES.index(state) for state in _of_bits], np.int8)


def states_of(part: NDArray[np.uint8], bits: NDArray[np.uint16]) -> NDArray[np.int8]:
    """The state of each meeting, from its part (a place in `PARTS`) and its bits."""
    states: NDArray[np.int8] = _PLACES[(part.astype(np.uint16) << np.uint16(MET_SOMEBODY + 1)) | bits]
    return states


def in_figure(part: TimePart, figure: str) -> NDArray[np.bool_]:
    """For each of `STATES`, whether a figure of a part counts it. Raises KeyError for a name that is no figure."""
    counts = FIGURES[part][figure]
    return np.array([state.part is part and counts(state) for state in STATES])


MASKS: Mapping[TimePart, Mapping[str, NDArray[np.int64]]] = {
    part: {name: in_figure(part, name).astype(np.int64) for name in FIGURES[part]} for part in PARTS
}
"""For each figure: 1 for the states that it counts, 0 for the others."""
