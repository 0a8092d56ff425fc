"""The numbers, defined once: what is counted, over what, and what "no data" means (design, section 2).

All counts are meetings unless they are named entries. Everything is split at `as_of`, the start of the last complete
pass, not at the time of looking. Coverage is a lower bound: without a bot nobody knows whether a meeting took place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.frame import TIME, instants
from lib.coverage.meetings import NO_REASON, meetings_of
from lib.recording.part import Part
from lib.recording.reasons import REASON_KEYS, REASONS, Reason

Mask: TypeAlias = NDArray[np.bool_]

_UNCLASSIFIED = REASON_KEYS.index("unclassified")


@dataclass(frozen=True, slots=True)
class Rate:
    """A share that keeps its fraction, because it is never shown without it."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None, "no data", where there is nothing to take a share of."""
        return self.numerator / self.denominator if self.denominator else None


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
class Ended:
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
    held: int
    """Held = recordable - unsettled - did not happen. Without a bot nobody knows, so those count as held."""
    asked: int
    """Held, and booked, or decided to be recorded when last seen before its start. Not seen then: by its bot alone."""
    recorded: int
    """Held, and a bot recorded, in part or empty recordings included."""
    partial: int
    """Recorded, and a bot left by a limit, a removal or a crash."""
    empty: int
    """Recorded, and a bot's recording holds nothing."""

    @property
    def coverage(self) -> Rate:
        """Coverage = recorded / held = Reach x Delivery. No data: no meeting was held."""
        return Rate(self.recorded, self.held)

    @property
    def reach(self) -> Rate:
        """Reach = asked / held: how wide the rules are. No data: no meeting was held."""
        return Rate(self.asked, self.held)

    @property
    def delivery(self) -> Rate:
        """Delivery = recorded / asked: how well we do what the rules ask. No data: nothing held was asked for."""
        return Rate(self.recorded, self.asked)

    @property
    def missed(self) -> int:
        """Held and not recorded. Each carries one reason."""
        return self.held - self.recorded


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Meetings of one part missed for one reason: that of the entry that got furthest. They add up to `missed`."""

    part: Part
    reason: Reason
    meetings: int


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

    def reasons_of(self, part: Part) -> tuple[ReasonCount, ...]:
        """The reasons of one part; they add up to its `missed`."""
        return tuple(count for count in self.reasons if count.part is part)


def numbers(frame: pd.DataFrame, from_: datetime, to: datetime, as_of: datetime) -> Numbers:
    """Count the meetings of an arranged frame (`lib.coverage.frame`) that start from `from_` on and before `to`.

    All times are aware, and `as_of` is the one that the entries were judged by. A range that is empty or reversed
    counts nothing. Numbers of part of the entries, such as one customer's, are those of `frame[mask]`: properties then
    come from those entries alone.
    """
    starts = instants(frame, "start")
    first, last = np.searchsorted(starts, [_instant(from_), _instant(to)])
    meetings = meetings_of(frame.iloc[first:last])
    coming, running, over = _parts(meetings, _instant(as_of))
    return Numbers(
        as_of=as_of,
        from_=from_,
        to=to,
        upcoming=_upcoming(meetings, coming),
        in_progress=_in_progress(meetings, running),
        ended=_ended(meetings, over),
        reasons=(
            *_reasons(Part.UPCOMING, meetings, coming & _has(meetings, "recordable") & ~_has(meetings, "booked")),
            *_reasons(Part.ENDED, meetings, _held(meetings, over) & ~_has(meetings, "recorded")),
        ),
        without_start=int(np.isnat(starts).sum()),
    )


def _instant(moment: datetime) -> np.datetime64:
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")


def _parts(meetings: pd.DataFrame, as_of: np.datetime64) -> tuple[Mask, Mask, Mask]:
    """Which are upcoming, in progress, ended."""
    coming = meetings["start"].to_numpy(TIME) > as_of
    running = ~coming & (meetings["end"].to_numpy(TIME) > as_of)
    return coming, running, ~coming & ~running


def _upcoming(meetings: pd.DataFrame, part: Mask) -> Upcoming:
    counted = part & _has(meetings, "recordable")
    return Upcoming(
        entries=_entries(meetings, part),
        meetings=_count(part),
        recordable=_count(counted),
        will_record=_count(counted & _has(meetings, "will_record")),
        booked=_count(counted & _has(meetings, "booked")),
        will_record_and_booked=_count(counted & _has(meetings, "will_record") & _has(meetings, "booked")),
    )


def _in_progress(meetings: pd.DataFrame, part: Mask) -> InProgress:
    counted = part & _has(meetings, "recordable")
    return InProgress(
        entries=_entries(meetings, part),
        meetings=_count(part),
        recordable=_count(counted),
        booked=_count(counted & _has(meetings, "booked")),
        recording=_count(counted & _has(meetings, "recorded")),
    )


def _ended(meetings: pd.DataFrame, part: Mask) -> Ended:
    counted = part & _has(meetings, "recordable")
    held = _held(meetings, part)
    return Ended(
        entries=_entries(meetings, part),
        meetings=_count(part),
        recordable=_count(counted),
        unsettled=_count(counted & _has(meetings, "unsettled")),
        did_not_happen=_count(counted & _has(meetings, "did_not_happen")),
        held=_count(held),
        asked=_count(held & _has(meetings, "asked")),
        recorded=_count(held & _has(meetings, "recorded")),
        partial=_count(held & _has(meetings, "partial")),
        empty=_count(held & _has(meetings, "empty")),
    )


def _held(meetings: pd.DataFrame, part: Mask) -> Mask:
    in_no_rate = _has(meetings, "unsettled") | _has(meetings, "did_not_happen")
    return part & _has(meetings, "recordable") & ~in_no_rate


def _reasons(part: Part, meetings: pd.DataFrame, missed: Mask) -> Iterator[ReasonCount]:
    """The most frequent first. A miss whose rows name no reason is counted as unclassified, never left out."""
    codes = meetings["reason"].to_numpy()[missed]
    counts = np.bincount(np.where(codes == NO_REASON, _UNCLASSIFIED, codes), minlength=len(REASONS))
    for code in np.argsort(-counts, kind="stable"):
        if counts[code]:
            yield ReasonCount(part, REASONS[code], int(counts[code]))


def _entries(meetings: pd.DataFrame, part: Mask) -> int:
    return int(meetings["entries"].to_numpy()[part].sum())


def _has(meetings: pd.DataFrame, flag: str) -> Mask:
    return meetings[flag].to_numpy(np.bool_)


def _count(mask: Mask) -> int:
    return int(np.count_nonzero(mask))
