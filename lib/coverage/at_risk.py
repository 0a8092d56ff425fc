"""What is likely to be missed in the next days, while something can still be done about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import NO_UID
from lib.coverage.drilldown import MeetingRows, meeting_rows
from lib.coverage.frame_order import customer_codes
from lib.coverage.grid import OFF_BY_CHOICE
from lib.coverage.meetings import Entries, in_states, meetings_of, or_unclassified
from lib.coverage.numbers import utc_instant
from lib.coverage.period import Period
from lib.coverage.period_view import PeriodView, view_period
from lib.recording.reason import Reason
from lib.recording.reasons import REASONS
from lib.recording.time_part import TimePart

DAYS = (1, 3, 7)
"""How far ahead people look."""


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Meetings of the next days that will be missed, or that are likely to be; soonest first."""

    unbooked: MeetingRows
    """External, recordable, not booked, and not so by choice: no bot will join them."""
    off_by_choice: MeetingRows
    """External, recordable and not booked, because rules or people said no (setup gaps are not choices)."""
    repeating: MeetingRows
    """Booked, but its series' last two held occurrences were asked for and not recorded, both for one reason."""
    repeating_reasons: tuple[Reason, ...]
    """The reason of each of `repeating`."""


def at_risk(frame: pd.DataFrame, as_of: datetime, days: int) -> AtRisk:
    """Look at the meetings that start after `as_of`, up to `days` times 24 hours later.

    A meeting is external if any of its entries is; like every other property it comes from the entries in `frame`.
    """
    coming = view_period(frame, Period(as_of, as_of + timedelta(days=days)), as_of)
    missed = in_states(coming.meetings, TimePart.UPCOMING, "missed") & _is_external(coming)
    by_choice = OFF_BY_CHOICE[or_unclassified(coming.meetings.reasons)]
    repeating, reasons = _repeating(coming)
    return AtRisk(_listed(coming, missed & ~by_choice), _listed(coming, missed & by_choice), repeating, reasons)


def _listed(coming: PeriodView, counted: NDArray[np.bool_]) -> MeetingRows:
    return meeting_rows(coming.frame, coming.rows.start, coming.meetings, counted)


def _is_external(coming: PeriodView) -> NDArray[np.bool_]:
    external = coming.frame["external"].to_numpy()[coming.rows] == 1
    first = coming.meetings.bounds[:-1]
    return np.logical_or.reduceat(external, first)


def _repeating(coming: PeriodView) -> tuple[MeetingRows, tuple[Reason, ...]]:
    """A series is what one customer has under one `ical_uid`. Occurrences that are unsettled, did not happen or could
    not be recorded say nothing and are passed over."""
    owner, uid = customer_codes(coming.frame), coming.frame["uid"].to_numpy()
    first = coming.rows.start + coming.meetings.bounds[:-1]
    booked = in_states(coming.meetings, TimePart.UPCOMING, "booked") & (uid[first] != NO_UID)
    rows = np.flatnonzero(pd.Series(uid[: coming.rows.start]).isin(uid[first[booked]]).to_numpy())
    past = meetings_of(Entries.of(coming.frame.iloc[rows]), utc_instant(coming.as_of))
    held = np.flatnonzero(in_states(past, TimePart.ENDED, "held"))
    begins = rows[past.bounds[held]]
    series = _series(np.concatenate((owner[begins], owner[first])), np.concatenate((uid[begins], uid[first])))
    failed = np.where(in_states(past, TimePart.ENDED, "not_delivered"), or_unclassified(past.reasons), -1)[held]
    last_two = _last_two(series[: len(held)], failed, int(series.max(initial=-1)) + 1)
    reasons = last_two[series[len(held) :]]
    counted = booked & (reasons >= 0)
    return _listed(coming, counted), tuple(REASONS[code] for code in reasons[counted].tolist())


def _series(owner: NDArray[np.int64], uid: NDArray[np.uint64]) -> NDArray[np.intp]:
    """A number from 0 up for each pair of them."""
    return np.asarray(pd.Series(owner).groupby([owner, uid]).ngroup(), np.intp)


def _last_two(series: NDArray[np.intp], failed: NDArray[np.int8], count: int) -> NDArray[np.int8]:
    """The reason that both last occurrences of each series failed for, -1 for none. Occurrences come by start."""
    order = np.argsort(series, kind="stable")
    series, failed = series[order], failed[order]
    last = np.flatnonzero(np.diff(series, append=-1))
    last = last[(last > 0) & (series[last - 1] == series[last]) & (failed[last - 1] == failed[last])]
    found = np.full(count, -1, np.int8)
    found[series[last]] = failed[last]
    return found
