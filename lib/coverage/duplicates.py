"""Meetings that more than one bot was sent to, and the likely cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import codes, one_of_each, words
from lib.coverage.period_view import PeriodView


class DuplicateCause(StrEnum):
    """Why more than one bot was sent. Recall shares a bot among users of one calendar platform (contract 7.3)."""

    DUPLICATE_USER = "duplicate_user"
    """Two users with one mailbox: one person is listed twice."""
    MIXED_PLATFORMS = "mixed_platforms"
    """Each calendar platform sent one bot: between platforms none is shared."""
    DEDUPLICATION_OFF = "deduplication_off"
    """Users of one calendar platform did not share a bot."""


@dataclass(frozen=True, slots=True)
class DuplicateBots:
    """One meeting with more than one bot."""

    keys: tuple[int, ...]
    """Its entries that name a bot; the first of each bot comes first."""
    bots: int
    """How many different ones."""
    cause: DuplicateCause
    """The likely one."""


def duplicate_bots(view: PeriodView, mailboxes: Mapping[str, str]) -> tuple[DuplicateBots, ...]:
    """The view's meetings, whatever part, whose entries name more than one bot; latest first.

    Entries are those of one customer, so the bot of another account does not count. `mailboxes` says by Recall's id of
    the user which mailbox it is, in any spelling that two users share only if they share the mailbox.
    """
    entries = _of_several_bots(view)
    meeting, bot = entries["meeting"].to_numpy(), entries["bot"].to_numpy()
    place = np.cumsum(np.diff(meeting, prepend=-1) != 0) - 1
    is_first = np.zeros(len(entries), np.bool_)
    is_first[one_of_each(place, bot)] = True
    keys = entries["key"].to_numpy()[np.lexsort((~is_first, place))]
    each = np.split(keys, np.flatnonzero(np.diff(place)) + 1)
    causes = _causes(entries, place, bot, mailboxes)
    bots = np.bincount(place, weights=is_first).astype(int).tolist()
    found = [
        DuplicateBots(tuple(of.tolist()), count, cause) for of, count, cause in zip(each, bots, causes, strict=False)
    ]
    return tuple(reversed(found))


def _of_several_bots(view: PeriodView) -> pd.DataFrame:
    """The entries that name a bot, of the meetings whose entries name more than one."""
    entries = view.frame.iloc[view.rows]
    rows = np.flatnonzero(entries["bot"].to_numpy() != 0)
    meeting = view.entries.meeting[rows]
    numbers, bots = np.unique(meeting[one_of_each(meeting, entries["bot"].to_numpy()[rows])], return_counts=True)
    return entries.iloc[rows[np.isin(meeting, numbers[bots > 1])]]


def _causes(
    entries: pd.DataFrame, place: NDArray[np.intp], bot: NDArray[np.uint64], mailboxes: Mapping[str, str]
) -> list[DuplicateCause]:
    ids = words(entries, "user")
    persons = pd.factorize(np.array([mailboxes.get(user, user) for user in ids], object))[0]
    user = codes(entries, "user").astype(np.int64)
    person, calendar = [place, persons[user]], [place, codes(entries, "calendar")]
    duplicate = _in_any(place, _has_several(person, user) & _has_several(person, bot))
    unshared = _in_any(place, _has_several(calendar, bot))
    causes = np.where(duplicate, 0, np.where(unshared, 1, 2)).tolist()
    return [
        (DuplicateCause.DUPLICATE_USER, DuplicateCause.DEDUPLICATION_OFF, DuplicateCause.MIXED_PLATFORMS)[cause]
        for cause in causes
    ]


def _has_several(group: list[NDArray[Any]], value: NDArray[Any]) -> NDArray[np.bool_]:
    """Of each row, whether those that share all of `group` with it have more than one value."""
    several: NDArray[np.bool_] = pd.Series(value).groupby(group).transform("nunique").to_numpy() > 1
    return several


def _in_any(place: NDArray[np.intp], which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of each meeting, whether one of its entries is among `which`."""
    return np.bincount(place, weights=which) > 0
