"""Where meetings are missed: the numbers of each customer, team, user, platform and so on."""

from dataclasses import dataclass
from datetime import date, tzinfo

import numpy as np
from numpy.typing import NDArray

from lib.coverage.grid import OFF_BY_CHOICE
from lib.coverage.meeting_state import MASKS
from lib.coverage.meetings import BASES, Meetings, in_states, or_unclassified, tally
from lib.coverage.period import Bucket, starts_of
from lib.coverage.period_view import PeriodView, bucket_edges, regroup
from lib.coverage.period_view import view_period as look_at
from lib.coverage.rates import Rates, counts_by_row
from lib.coverage.scope import Dimension, group_codes
from lib.recording.reason import Reason
from lib.recording.reasons import REASONS
from lib.recording.time_part import TimePart


@dataclass(frozen=True, slots=True)
class BreakdownGroup(Rates):
    """The meetings of one group, with the properties of that group's entries alone."""

    name: str | None
    """Text from outside; None: the entries without such a word."""
    upcoming: int
    """Recordable and coming."""
    upcoming_missed: int
    """Of these, those that no bot is booked for."""
    by_choice: int
    """Of its missed meetings, those that rules or people excluded: nobody has to act on them."""
    main_reason: Reason | None
    """Why most of its held meetings were missed; the one that got less far where two are as frequent."""
    main_is_inferred: bool
    """Most of those rest on the rules first seen."""

    @property
    def actionable(self) -> int:
        """Missed for a reason that somebody can act on, or for one that nobody knows: what customers are ranked by."""
        return self.missed - self.by_choice


def breakdown(view: PeriodView, dimension: Dimension | str) -> tuple[BreakdownGroup, ...]:
    """The groups that have a meeting in the view, most missed first, then by name; customers by what is actionable.

    A group counts the meetings that one of its entries belongs to, so a meeting of two users counts for both. Only
    customers add up to the whole. Entries without such a word are a group of their own, which comes last among equals.
    """
    codes, names = _groups(view, dimension)
    meetings, group = regroup(view, codes)
    counts = tally(meetings.states, group, len(names))
    coming = [(counts @ MASKS[TimePart.UPCOMING][name]).tolist() for name in ("recordable", "missed")]
    reasons = _missed_for(meetings, group, len(names))
    rows = zip(names, *coming, _by_choice(reasons), *_main_reasons(reasons), strict=True)
    is_any = (counts.sum(axis=1) > 0).tolist()
    found = [
        BreakdownGroup(*row, **held)
        for row, held, any_ in zip(rows, counts_by_row(counts), is_any, strict=True)
        if any_
    ]
    return tuple(sorted(found, key=_of_a_customer if dimension == Dimension.CUSTOMER else _most_missed))


def _most_missed(group: BreakdownGroup) -> tuple[int, bool, str]:
    return (-group.missed, group.name is None, group.name or "")


def _of_a_customer(group: BreakdownGroup) -> tuple[int, int, bool, str]:
    return (-group.actionable, *_most_missed(group))


def missed_over_time(
    view: PeriodView, dimension: Dimension | str, bucket: Bucket, zone: tzinfo
) -> tuple[tuple[date, ...], dict[str | None, tuple[int, ...]]]:
    """The first days of the buckets of the period, and how many held meetings of each every group missed."""
    days = starts_of(view.period, bucket, zone)
    codes, names = _groups(view, dimension)
    meetings, group = regroup(view, codes)
    missed = np.flatnonzero(in_states(meetings, TimePart.ENDED, "missed"))
    buckets = np.searchsorted(bucket_edges(meetings, days, zone), missed, side="right") - 1
    counts = np.bincount(group[missed] * np.intp(len(days)) + buckets, minlength=len(names) * len(days))
    rows = counts.reshape(len(names), len(days)).tolist()
    return days, {name: tuple(row) for name, row in zip(names, rows, strict=True) if any(row)}


def group_view(view: PeriodView, dimension: Dimension | str, name: str | None) -> PeriodView:
    """The view of one group alone: its figures are those of the group, and its rows those behind them."""
    codes, names = group_codes(view.frame, Dimension(dimension))
    wanted = [code for code, known in enumerate(names) if known == name]
    return look_at(view.frame.take(np.flatnonzero(np.isin(codes, wanted))), view.period, view.as_of)


def _groups(view: PeriodView, dimension: Dimension | str) -> tuple[NDArray[np.intp], list[str | None]]:
    return group_codes(view.frame.iloc[view.rows], Dimension(dimension))


def _missed_for(meetings: Meetings, group: NDArray[np.intp], groups: int) -> NDArray[np.int64]:
    """How many held meetings each group missed for each reason: by group, `REASONS`, `BASES`."""
    missed = np.flatnonzero(in_states(meetings, TimePart.ENDED, "missed"))
    shape = (groups, len(REASONS), len(BASES))
    reasons, inferred = or_unclassified(meetings.reasons[missed]), meetings.inferred[missed].astype(np.int8)
    cells = np.ravel_multi_index((group[missed], reasons, inferred), shape)
    return np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape)


def _by_choice(reasons: NDArray[np.int64]) -> list[int]:
    found: list[int] = (reasons.sum(axis=2) @ OFF_BY_CHOICE).tolist()
    return found


def _main_reasons(reasons: NDArray[np.int64]) -> tuple[list[Reason | None], list[bool]]:
    """The main one of each group, and whether most of it is inferred."""
    counts = reasons.sum(axis=2)
    most = counts.argmax(axis=1)
    observed, inferred = (reasons[np.arange(len(most)), most, basis] for basis in range(len(BASES)))
    named_ones = [
        REASONS[code] if count else None for code, count in zip(most.tolist(), counts.max(axis=1), strict=True)
    ]
    return named_ones, (inferred > observed).tolist()
