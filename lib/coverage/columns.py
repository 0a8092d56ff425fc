"""The columns of the frame of entries, and how to take plain arrays out of it.

One row is one entry of one user's calendar. A frame is made by `lib.coverage.frame.frame_of`, or by a loader that fills
these columns and calls `arrange`:

- `key` int64: the store's number of the entry; every figure leads back to its rows by it;
- `user`, `customer`, `team`, `platform`, `calendar`: categories of words (Recall's id of the user; the customer,
  missing for a user without one, who stands alone; the team; the meeting's platform; the calendar's platform);
- `external`, `hosted`, `recurring` int8: 1 yes, 0 no, -1 the calendar does not say;
- `uid`, `bot` uint64: 64 bits of the `ical_uid` and of the bot's id, 0 for none, so that long words need not stay;
- `start`, `end`: UTC, microseconds, NaT for none; `end` is `end_time`, else `start_time`;
- `by_rules`: a category of `BY_RULES`: what the rules first seen say of an entry that nobody watched, missing for one
  that was watched; `inferred`, a boolean: its reason is theirs; `unknown` int8: why it has none, a place of
  `lib.coverage.inferred_reasons.UnknownCause`;
- the booleans of `FLAGS`; `outcome`, `reason` and `owner` (who can act, by the sub-code where one decided): categories
  of `OUTCOMES`, `REASON_KEYS` and `OWNERS`, in their order.

`arrange` orders the rows and adds three columns that are worked out from these: `meeting` int32 (the number of the
meeting), `bits` uint16 (the flags as one number) and `rank` int8 (how far the entry got).
"""

from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.domain import ENTRY_FLAGS
from lib.recording.outcome import Outcome
from lib.recording.reason import Owner, ReasonClass
from lib.recording.reasons import REASON_KEYS, REASONS
from lib.recording.verdict import RECORD, UNSAID

FLAGS = tuple(name for name in ENTRY_FLAGS if name != "rule_mismatch")
"""The booleans of a `Verdict` that a meeting has if any of its entries has them."""

CATEGORIES = ("user", "customer", "team", "platform", "calendar")
TERNARY = ("external", "hosted", "recurring")
OUTCOMES: tuple[str, ...] = tuple(str(outcome) for outcome in Outcome)
BY_RULES: tuple[str, ...] = (*REASON_KEYS, RECORD, UNSAID)
OWNERS: tuple[str, ...] = tuple(str(owner) for owner in Owner)
DERIVED = ("meeting", "bits", "rank")

TIME = "datetime64[us]"
NO_UID = np.uint64(0)
MET_SOMEBODY = len(FLAGS)
"""The bit after those of `FLAGS`: booked, and its bot is not one that met nobody."""

Instants: TypeAlias = NDArray[np.datetime64]

_RANKS = sorted(range(len(REASONS)), key=lambda code: (REASONS[code].klass is not ReasonClass.NOT_RECORDABLE, code))
"""Codes of reasons by how far they got: the catalogue's order, but what makes an entry not recordable comes first."""
_RANK_OF_CODE: NDArray[np.int8] = np.array([0, *(1 + _RANKS.index(code) for code in range(len(REASONS)))], np.int8)
_CODE_OF_RANK: NDArray[np.int8] = np.array([-1, *_RANKS], np.int8)


def instants(frame: pd.DataFrame, column: str) -> Instants:
    """A column of times as a plain array in UTC. NaT sorts last and equals nothing, itself included."""
    return frame[column].to_numpy(dtype=TIME)


def codes(frame: pd.DataFrame, column: str) -> NDArray[Any]:
    """The codes of a column of categories, -1 for none."""
    return np.asarray(frame[column].array.codes)


def words(frame: pd.DataFrame, column: str) -> "pd.Index[Any]":
    """The categories of a column, in the order of their codes."""
    categories: pd.Index[Any] = frame[column].array.categories
    return categories


def bits_of(frame: pd.DataFrame) -> NDArray[np.uint16]:
    """The booleans of `FLAGS` as one number, from the lowest bit up, and above them `MET_SOMEBODY`."""
    bits = np.zeros(len(frame), np.uint16)
    for place, name in enumerate(FLAGS):
        bits |= frame[name].to_numpy(np.bool_).astype(np.uint16) << np.uint16(place)
    booked, nobody = (bits >> FLAGS.index(name) & 1 for name in ("booked", "did_not_happen"))
    return bits | (booked & ~nobody & 1).astype(np.uint16) << np.uint16(MET_SOMEBODY)


def rank_of(frame: pd.DataFrame) -> NDArray[np.int8]:
    """How far an entry got, by its reason; 0 without one.

    Reasons stand in the catalogue in the order that a meeting passes them. What makes an entry not recordable counts as
    the least, so that a recordable meeting never carries it.
    """
    ranks: NDArray[np.int8] = _RANK_OF_CODE[codes(frame, "reason") + 1]
    return ranks


def reason_codes(ranks: NDArray[np.int8]) -> NDArray[np.int8]:
    """The places in `REASON_KEYS` of ranks, -1 for none."""
    return _CODE_OF_RANK[ranks]


def one_of_each(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.intp]:
    """The places of the first row of each different pair, in the order of the pairs."""
    order = np.lexsort((second, first))
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (np.diff(first[order]) != 0) | (np.diff(second[order]) != 0)
    return order[begins]
