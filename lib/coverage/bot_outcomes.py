"""What became of the bots: the meetings that one was sent to, and of those that failed, whose side it was on.

All counts are meetings, as everywhere (design, section 2). A bot was sent to a meeting when one of its entries names
one. Of the ended, recordable meetings among them

    sent = unsettled + did not happen + came,  came = recorded + failed,

where `came` are the held ones: every bot is final, and one of them met somebody. Recorded here is the Coverage page's
Recorded to the last meeting, for nothing is recorded without a bot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.coverage.columns import FLAGS, OWNERS, codes, words
from lib.coverage.drilldown import MeetingRows, meeting_rows
from lib.coverage.meeting_state import MASKS
from lib.coverage.meetings import or_unclassified
from lib.coverage.period import Bucket, starts_of
from lib.coverage.period_view import PeriodView, bucket_edges
from lib.coverage.period_view import view_period as look_at
from lib.recording.reason import SIDES, Owner, Reason, Side, side_of
from lib.recording.reasons import REASONS, reason_of
from lib.recording.time_part import TimePart

_BOOKED = np.uint16(1 << FLAGS.index("booked"))
_IN_PART = np.uint16(1 << FLAGS.index("partial") | 1 << FLAGS.index("empty"))


@dataclass(frozen=True, slots=True)
class BotOutcomes:
    """What became of the bots of some ended, recordable meetings."""

    unsettled: int
    """A bot could not be read or is not final. In no rate."""
    did_not_happen: int
    """The bots met nobody. In no rate."""
    recorded: int
    """In part or empty recordings included."""
    in_part: int
    """Of the recorded: a bot left by a limit, a removal or a crash, or nothing usable was kept."""
    failed_on: Mapping[Side, int]
    """Came, and did not record; every side is there."""

    @property
    def failed(self) -> int:
        """Came, and did not record."""
        return sum(self.failed_on.values())

    @property
    def came(self) -> int:
        """Recorded or failed."""
        return self.recorded + self.failed

    @property
    def sent(self) -> int:
        """All of them."""
        return self.came + self.unsettled + self.did_not_happen


@dataclass(frozen=True, slots=True)
class FailureCount:
    """Meetings whose bots failed for one reason on one side. They add up to the failed."""

    reason: Reason
    side: Side
    meetings: int


@dataclass(frozen=True)
class BotMeetings:
    """The meetings of a view that a bot was sent to. Made by `bot_meetings`."""

    view: PeriodView
    """Of these meetings alone, with all of their entries."""

    def counts(self, figure: str) -> NDArray[np.bool_]:
        """Which meetings a figure of ended meetings counts (lib.coverage.meeting_state.FIGURES)."""
        counted: NDArray[np.bool_] = MASKS[TimePart.ENDED][figure][self.view.meetings.states] != 0
        return counted

    @cached_property
    def failed(self) -> NDArray[np.bool_]:
        """Which meetings were missed although a bot came."""
        return self.counts("missed")

    @cached_property
    def reasons(self) -> NDArray[np.int8]:
        """The reason of each meeting, a place in `REASONS`: that of the entry that got furthest."""
        return or_unclassified(self.view.meetings.reasons)

    @cached_property
    def sides(self) -> NDArray[np.int8]:
        """The side of each meeting, a place in `SIDES`, by the entry that got furthest; of those that failed."""
        rank, owner = self.view.entries.rank.astype(np.int64), codes(self.view.frame, "owner").astype(np.int64)
        furthest = _reduced(np.maximum, rank * (len(OWNERS) + 1) + owner + 1, self)
        return _SIDE_OF[self.reasons, furthest % (len(OWNERS) + 1)]

    @cached_property
    def platforms(self) -> tuple[NDArray[Any], list[str | None]]:
        """The platform of each meeting as a place in the names of all; the last, None, where none is known.

        It is that of the first entry with a bot, so that platforms add up to the whole.
        """
        names = words(self.view.frame, "platform")
        place = np.where(self._is_booked, np.arange(len(self._is_booked)), len(self._is_booked))
        found = codes(self.view.frame, "platform")[_reduced(np.minimum, place, self)]
        return np.where(found < 0, np.intp(len(names)), found), [*names, None]

    @cached_property
    def _is_booked(self) -> NDArray[np.bool_]:
        booked: NDArray[np.bool_] = (self.view.entries.bits & _BOOKED) != 0
        return booked

    def rows(self, which: NDArray[np.bool_]) -> MeetingRows:
        """The rows behind some of the meetings; `which` says for every one whether it is wanted."""
        return meeting_rows(self.view.frame, self.view.rows.start, self.view.meetings, which)

    @property
    def in_part(self) -> MeetingRows:
        """The rows behind what was recorded in part or empty, each meeting by the entry whose bot it was: another bot
        may have recorded all of it."""
        which = np.flatnonzero(self.counts("in_part"))[::-1]
        is_part = (self.view.entries.bits & _IN_PART) != 0
        place = np.where(is_part, np.arange(len(is_part)), len(is_part))
        rows = _reduced(np.minimum, place, self)[which] + self.view.rows.start
        return MeetingRows(self.view.frame["key"].to_numpy()[rows], self.view.meetings.entries[which], rows)


def bot_meetings(view: PeriodView) -> BotMeetings:
    """The meetings of a view that a bot was sent to, with all their entries, so that they count here as they do there.

    Vectorised: 90 days of a million entries take about a tenth of a second.
    """
    bits = view.entries.bits
    bounds = view.meetings.bounds
    booked = np.bitwise_or.reduceat(bits, bounds[:-1]) & _BOOKED
    rows = np.flatnonzero(np.repeat(booked != 0, view.meetings.entries))
    return BotMeetings(look_at(view.frame.take(rows + view.rows.start), view.period, view.as_of))


def bot_outcomes(bots: BotMeetings) -> BotOutcomes:
    """What became of all of them."""
    return _became(bots, np.zeros(len(bots.view.meetings), np.intp), 1)[0]


def outcomes_over_time(bots: BotMeetings, bucket: Bucket, zone: tzinfo) -> tuple[tuple[date, BotOutcomes], ...]:
    """What became of the bots of each bucket of the period, named by its first day, without gaps, earliest first."""
    days = starts_of(bots.view.period, bucket, zone)
    edges = bucket_edges(bots.view.meetings, days, zone)
    groups = np.repeat(np.arange(len(days), dtype=np.intp), np.diff(edges))
    return tuple(zip(days, _became(bots, groups, len(days)), strict=True))


def outcomes_by_platform(bots: BotMeetings) -> tuple[tuple[str | None, BotOutcomes], ...]:
    """What became of the bots on each meeting platform, most sent first, then by name. Names are from outside."""
    groups, names = bots.platforms
    found = zip(names, _became(bots, groups, len(names)), strict=True)
    return tuple(sorted((pair for pair in found if pair[1].sent), key=_most_sent))


def _most_sent(pair: tuple[str | None, BotOutcomes]) -> tuple[int, bool, str]:
    name, some = pair
    return (-some.sent, name is None, name or "")


def failures(bots: BotMeetings) -> tuple[FailureCount, ...]:
    """Why the bots failed, and on whose side; the most frequent first, then by reason as a meeting passes them."""
    cells = bots.reasons[bots.failed].astype(np.int64) * len(SIDES) + bots.sides[bots.failed]
    counts = np.bincount(cells, minlength=len(REASONS) * len(SIDES))
    order = np.argsort(-counts, kind="stable")
    found = [(divmod(int(cell), len(SIDES)), int(counts[cell])) for cell in order if counts[cell]]
    return tuple(FailureCount(REASONS[reason], SIDES[side], n) for (reason, side), n in found)


def on_side(bots: BotMeetings, side: Side) -> NDArray[np.bool_]:
    """Which meetings failed on a side."""
    found: NDArray[np.bool_] = bots.failed & (bots.sides == SIDES.index(side))
    return found


def for_reason(bots: BotMeetings, key: str) -> NDArray[np.bool_]:
    """Which meetings failed for the reason of this key."""
    found: NDArray[np.bool_] = bots.failed & (bots.reasons == REASONS.index(reason_of(key)))
    return found


def _became(bots: BotMeetings, groups: NDArray[np.intp], count: int) -> list[BotOutcomes]:
    def counted(which: NDArray[np.bool_]) -> list[int]:
        found: list[int] = np.bincount(groups[which], minlength=count).tolist()
        return found

    figures = [counted(bots.counts(name)) for name in ("unsettled", "did_not_happen", "recorded", "in_part")]
    sides = [counted(on_side(bots, side)) for side in SIDES]
    failed = [dict(zip(SIDES, row, strict=True)) for row in zip(*sides, strict=True)]
    return [BotOutcomes(*row) for row in zip(*figures, failed, strict=True)]


def _reduced(how: np.ufunc, values: NDArray[np.int64], bots: BotMeetings) -> NDArray[np.int64]:
    """`how` over the entries of each meeting."""
    first = bots.view.meetings.bounds[:-1]
    found: NDArray[np.int64] = how.reduceat(values, first)
    return found


_SIDE_OF = np.array(
    [[SIDES.index(side_of(reason, owner)) for owner in (None, *map(Owner, OWNERS))] for reason in REASONS], np.int8
)
"""The side for each reason and each owner, the first column for an owner that is not known."""
