"""What is hidden by calendars that cannot be seen: how many meetings their users usually have. An estimate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import TIME, codes, instants, one_of_each, words
from lib.coverage.numbers import utc_instant

WINDOW = timedelta(weeks=4)
"""What is usual is taken from the four weeks before a calendar was last seen."""
LEAST = timedelta(weeks=1)
"""A user known for less than this has no usual week."""

_WEEK = np.timedelta64(7 * 86_400, "s")


@dataclass(frozen=True, slots=True)
class HiddenUser:
    """A user whose calendar is lost or was not read."""

    user: str
    """Recall's id."""
    usual_a_week: float | None
    """Recordable meetings a week; None, no data, where the user was known for less than a week before."""


@dataclass(frozen=True, slots=True)
class HiddenMeetings:
    """All of them, most meetings a week first, those without data last."""

    users: tuple[HiddenUser, ...]
    usual_a_week: float
    """Together. A meeting that several of them share counts once."""

    def about(self, days: int) -> int:
        """About how many meetings of the next days are not seen: the usual week's share, rounded."""
        return round(self.usual_a_week * days / 7)


def hidden_meetings(frame: pd.DataFrame, since: Mapping[str, datetime | None], as_of: datetime) -> HiddenMeetings:
    """How many recordable meetings a week the users in `since` usually have.

    `since` says by Recall's id until when each calendar was seen (aware); None, or a time after `as_of`: until `as_of`.
    Usual is how many recordable meetings of the user start in the four weeks before that time, divided by four, or by
    the weeks from the user's first known entry on where these are less than four but at least one. `frame` holds all
    entries in scope, arranged.
    """
    ids = sorted(since)
    until = np.array([utc_instant(min(since[user] or as_of, as_of)) for user in ids], TIME)
    place, rows = _rows_of(frame, ids)
    start = instants(frame, "start")[rows]
    weeks = _weeks(place, start, until)
    from_ = (until - np.timedelta64(WINDOW)).astype(TIME)
    in_window = (start < until[place]) & (start >= from_[place]) & (weeks[place] > 0)
    counted = in_window & frame["recordable"].to_numpy()[rows]
    meeting, place = frame["meeting"].to_numpy()[rows][counted], place[counted]
    usual = np.bincount(place[one_of_each(place, meeting)], minlength=len(ids)) / np.maximum(weeks, 1)
    rates = [week if known else None for week, known in zip(usual.tolist(), weeks > 0, strict=True)]
    users = sorted(map(HiddenUser, ids, rates), key=_most_first)
    return HiddenMeetings(tuple(users), _together(meeting, 1 / weeks[place]))


def _most_first(user: HiddenUser) -> tuple[float, str]:
    return (-user.usual_a_week if user.usual_a_week is not None else 1.0, user.user)


def _rows_of(frame: pd.DataFrame, ids: list[str]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The place in `ids` of the user of each row that is of one of them, and these rows, by start."""
    places = {user: place for place, user in enumerate(ids)}
    of_code = np.array([*(places.get(user, -1) for user in words(frame, "user")), -1], np.intp)
    found = of_code[codes(frame, "user")]
    rows = np.flatnonzero(found >= 0)
    return found[rows], rows


def _weeks(
    place: NDArray[np.intp], start: NDArray[np.datetime64], until: NDArray[np.datetime64]
) -> NDArray[np.float64]:
    """How many of the four weeks before `until` each user is known for; 0 for less than one."""
    first = np.full(len(until), np.datetime64("NaT"), TIME)
    known, at = np.unique(place, return_index=True)
    first[known] = start[at]
    weeks = np.where(np.isnat(first), 0, (until - first) / _WEEK)
    return np.where(weeks < LEAST / timedelta(weeks=1), 0, np.minimum(weeks, WINDOW / timedelta(weeks=1)))


def _together(meeting: NDArray[np.int32], weight: NDArray[np.float64]) -> float:
    """The sum of weights, of each meeting once: the greatest."""
    order = np.argsort(meeting, kind="stable")
    first = np.flatnonzero(np.diff(meeting[order], prepend=-1))
    return float(np.maximum.reduceat(weight[order], first).sum())
