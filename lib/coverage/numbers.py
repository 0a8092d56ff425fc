"""The numbers, defined once: what is counted, over what, and what "no data" means (design, section 2).

All counts are meetings unless they are named entries. Everything is split at `as_of`, the start of the last complete
pass, not at the time of looking. Coverage is a lower bound: without a bot nobody knows whether a meeting took place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import instants
from lib.coverage.meeting_state import MASKS, STATES
from lib.coverage.meetings import BASES, Entries, Meetings, meetings_of, tally_reasons
from lib.coverage.rates import Rate, Rates
from lib.recording.reason import Basis, Reason
from lib.recording.reasons import REASONS
from lib.recording.time_part import TimePart


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Meetings that start after `as_of`."""

    entries: int
    """Calendar entries of these meetings: one for each user that has the meeting."""
    meetings: int
    """All of them, those that no bot could join included."""
    recordable: int
    """With a usable link and not whole-day: the only ones that the figures below count."""
    will_record: int
    """Recordable, and Recall has decided to record: one of its entries has `will_record`."""
    booked: int
    """Recordable, and one of its entries names a bot, wanted or not."""
    will_record_and_booked: int
    """Recordable, decided and booked."""

    @property
    def planned(self) -> Rate:
        """Planned = will record / recordable. No data: nothing recordable is coming."""
        return Rate(self.will_record, self.recordable)

    @property
    def booked_rate(self) -> Rate:
        """Booked = (will record and booked) / will record. No data: nothing coming will be recorded."""
        return Rate(self.will_record_and_booked, self.will_record)

    @property
    def missed(self) -> int:
        """Recordable and not booked. Each carries one reason."""
        return self.recordable - self.booked


@dataclass(frozen=True, slots=True)
class InProgress:
    """Meetings that started at or before `as_of` and end after it: the latest end of their entries."""

    entries: int
    """Calendar entries of these meetings."""
    meetings: int
    """All of them."""
    recordable: int
    """With a usable link and not whole-day."""
    booked: int
    """Recordable, and one of its entries names a bot."""
    recording: int
    """Recordable, and a bot has begun to record."""


@dataclass(frozen=True, slots=True)
class Ended(Rates):
    """Meetings that are over at `as_of`: started, and the latest end of their entries is not after it."""

    entries: int
    """Calendar entries of these meetings."""
    meetings: int
    """All of them, those that no bot could join included."""
    recordable: int
    """With a usable link and not whole-day: the only ones that the figures below count."""
    unsettled: int
    """Recordable, not recorded, and the bot of a booked entry could not be read or is not final. In no rate."""
    did_not_happen: int
    """Recordable, not recorded, settled, booked, and the bots of all booked entries met nobody. In no rate."""
    partial: int
    """Recorded, and a bot left by a limit, a removal or a crash."""
    empty: int
    """Recorded, and a bot's recording holds nothing."""


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Meetings of one part missed for one reason on one basis: those of the entry that got furthest. They add up to
    `missed`."""

    part: TimePart
    reason: Reason
    meetings: int
    basis: Basis = Basis.OBSERVED


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers of a set of entries for one range of starts."""

    as_of: datetime
    from_: datetime
    to: datetime
    upcoming: Upcoming
    in_progress: InProgress
    ended: Ended
    reasons: tuple[ReasonCount, ...]
    """Upcoming first, then ended; the most frequent first."""
    without_start: int
    """Entries without a start. They are in no range, and are counted here whatever the range. No two of them can share
    a start, so each is a meeting of its own."""

    def reasons_of(self, part: TimePart) -> tuple[ReasonCount, ...]:
        """The reasons of one part; they add up to its `missed`."""
        return tuple(count for count in self.reasons if count.part is part)


def numbers(frame: pd.DataFrame, from_: datetime, to: datetime, as_of: datetime) -> Numbers:
    """Count the meetings of an arranged frame (`lib.coverage.columns`) that start from `from_` on and before `to`.

    All times are aware, and `as_of` is the one that the entries were judged by. A range that is empty or reversed
    counts nothing. Numbers of part of the entries, such as one customer's, are those of `frame[mask]`: properties then
    come from those entries alone.
    """
    rows = frame.iloc[rows_between(instants(frame, "start"), from_, to)]
    return numbers_of(meetings_of(Entries.of(rows), utc_instant(as_of)), from_, to, as_of, without_start(frame))


def numbers_of(meetings: Meetings, from_: datetime, to: datetime, as_of: datetime, without_start: int) -> Numbers:
    """The numbers of meetings that are known already, all of which start from `from_` on and before `to`."""
    reasons = tally_reasons(meetings)
    states = reasons.sum(axis=(1, 2))
    entries = np.bincount(meetings.states, weights=meetings.entries, minlength=len(STATES))
    return Numbers(
        as_of=as_of,
        from_=from_,
        to=to,
        upcoming=_counted(Upcoming, TimePart.UPCOMING, states, entries),
        in_progress=_counted(InProgress, TimePart.IN_PROGRESS, states, entries),
        ended=_counted(Ended, TimePart.ENDED, states, entries),
        reasons=(*_reasons(TimePart.UPCOMING, reasons), *_reasons(TimePart.ENDED, reasons)),
        without_start=without_start,
    )


def utc_instant(moment: datetime) -> np.datetime64:
    """A time in UTC, without a zone, as the frame's arrays hold it."""
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")


def rows_between(starts: NDArray[np.datetime64], from_: datetime, to: datetime) -> slice:
    """The rows that start from `from_` on and before `to`. Empty where the range is reversed."""
    first, last = np.searchsorted(starts, np.array([utc_instant(from_), utc_instant(to)]))
    return slice(int(first), max(int(first), int(last)))


def without_start(frame: pd.DataFrame) -> int:
    """How many entries have no start."""
    return int(np.isnat(instants(frame, "start")).sum())


_Counts = TypeVar("_Counts", Upcoming, InProgress, Ended)


def _counted(counts: type[_Counts], part: TimePart, meetings: NDArray[Any], entries: NDArray[Any]) -> _Counts:
    """The fields of `counts` are called as the figures of `lib.coverage.meeting_state.FIGURES`, but for `entries`."""
    masks = MASKS[part]
    found = {field.name: int(meetings @ masks[field.name]) for field in fields(counts) if field.name != "entries"}
    return counts(entries=int(entries @ masks["meetings"]), **found)


def _reasons(part: TimePart, reasons: NDArray[np.int64]) -> Iterator[ReasonCount]:
    """The most frequent first."""
    counts = np.tensordot(MASKS[part]["missed"], reasons, axes=1).ravel()
    for cell in np.argsort(-counts, kind="stable"):
        if counts[cell]:
            code, basis = divmod(int(cell), len(BASES))
            yield ReasonCount(part, REASONS[code], int(counts[cell]), BASES[basis])
