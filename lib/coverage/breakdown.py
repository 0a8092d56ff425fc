"""Where meetings are missed: the numbers of each customer, team, user, platform and so on."""

from dataclasses import dataclass
from datetime import date, tzinfo

import numpy as np
from numpy.typing import NDArray

from lib.coverage.grid import OFF_BY_CHOICE
from lib.coverage.meetings import BASES, Meetings, in_states, named, tally
from lib.coverage.period import Bucket, starts_of
from lib.coverage.rates import Rates, counts_by_row
from lib.coverage.scope import Dimension, coded
from lib.coverage.state import MASKS
from lib.coverage.view import View, places, regrouped
from lib.coverage.view import view as look_at
from lib.recording.part import Part
from lib.recording.reasons import REASONS, Reason


@dataclass(frozen=True, slots=True)
class Group(Rates):
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


def where(view: View, dimension: Dimension | str) -> tuple[Group, ...]:
    """The groups that have a meeting in the view, most missed first, then by name; customers by what is actionable.

    A group counts the meetings that one of its entries belongs to, so a meeting of two users counts for both. Only
    customers add up to the whole. Entries without such a word are a group of their own, which comes last among equals.
    """
    codes, names = _groups(view, dimension)
    meetings, group = regrouped(view, codes)
    counts = tally(meetings.states, group, len(names))
    coming = [(counts @ MASKS[Part.UPCOMING][name]).tolist() for name in ("recordable", "missed")]
    reasons = _missed_for(meetings, group, len(names))
    rows = zip(names, *coming, _by_choice(reasons), *_main_reasons(reasons), strict=True)
    is_any = (counts.sum(axis=1) > 0).tolist()
    found = [Group(*row, **held) for row, held, any_ in zip(rows, counts_by_row(counts), is_any, strict=True) if any_]
    return tuple(sorted(found, key=_of_a_customer if dimension == Dimension.CUSTOMER else _most_missed))


def _most_missed(group: Group) -> tuple[int, bool, str]:
    return (-group.missed, group.name is None, group.name or "")


def _of_a_customer(group: Group) -> tuple[int, int, bool, str]:
    return (-group.actionable, *_most_missed(group))


def missed_over_time(
    view: View, dimension: Dimension | str, bucket: Bucket, zone: tzinfo
) -> tuple[tuple[date, ...], dict[str | None, tuple[int, ...]]]:
    """The first days of the buckets of the period, and how many held meetings of each every group missed."""
    days = starts_of(view.period, bucket, zone)
    codes, names = _groups(view, dimension)
    meetings, group = regrouped(view, codes)
    missed = np.flatnonzero(in_states(meetings, Part.ENDED, "missed"))
    buckets = np.searchsorted(places(meetings, days, zone), missed, side="right") - 1
    counts = np.bincount(group[missed] * np.intp(len(days)) + buckets, minlength=len(names) * len(days))
    rows = counts.reshape(len(names), len(days)).tolist()
    return days, {name: tuple(row) for name, row in zip(names, rows, strict=True) if any(row)}


def view_of(view: View, dimension: Dimension | str, name: str | None) -> View:
    """The view of one group alone: its figures are those of the group, and its rows those behind them."""
    codes, names = coded(view.frame, Dimension(dimension))
    wanted = [code for code, known in enumerate(names) if known == name]
    return look_at(view.frame.take(np.flatnonzero(np.isin(codes, wanted))), view.period, view.as_of)


def _groups(view: View, dimension: Dimension | str) -> tuple[NDArray[np.intp], list[str | None]]:
    return coded(view.frame.iloc[view.rows], Dimension(dimension))


def _missed_for(meetings: Meetings, group: NDArray[np.intp], groups: int) -> NDArray[np.int64]:
    """How many held meetings each group missed for each reason: by group, `REASONS`, `BASES`."""
    missed = np.flatnonzero(in_states(meetings, Part.ENDED, "missed"))
    shape = (groups, len(REASONS), len(BASES))
    reasons, inferred = named(meetings.reasons[missed]), meetings.inferred[missed].astype(np.int8)
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
