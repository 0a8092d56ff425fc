"""What setting an override would do: whether it changes anything, comes too late, or needs a reason. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lib.domain import CalendarUser, Entry, comparable_uid
from lib.recording.decision import trace
from lib.recording.reasons import reason_of

BOTS_JOIN_BEFORE = timedelta(minutes=2)
"""Contract 7.1."""
MAY_NOT_TAKE_WITHIN = timedelta(minutes=10)
"""A scheduled bot needs more notice than that (contract 3.9)."""
REASON_AT_MOST = 300
OVERRIDE_LABELS: Mapping[bool | None, str] = {None: "Follows rules", True: "Record", False: "Don't record"}
"""What each value of `override_should_record` is called wherever it is shown."""

LIFTS = "This lifts somebody's \"Don't record\". Type why."
IS_PRIVATE = "The organiser marked this meeting as {visibility}. Type why it is to be recorded."

_NOBODY = CalendarUser("", None)


class OverrideEffect(StrEnum):
    """What setting an override on one entry of a selection comes to."""

    CHANGES = "changes"
    NEEDS_TICK = "needs a tick"
    """It needs a reason, so that a selection leaves it out unless it is ticked by itself."""
    ALREADY_SET = "already set"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class PlannedOverride:
    """What setting the override of one entry would do."""

    entry: Entry
    is_change: bool
    """Whether the entry has another override now."""
    problem: str | None = None
    """Why the entry cannot be recorded under any override, so that nothing is set."""
    warning: str | None = None
    """Why the override may come too late."""
    needs_reason: str | None = None
    """Why a reason must be typed."""

    @property
    def effect(self) -> OverrideEffect:
        """What it comes to where the entry is one of a selection."""
        if self.problem is not None:
            return OverrideEffect.IMPOSSIBLE
        if not self.is_change:
            return OverrideEffect.ALREADY_SET
        return OverrideEffect.CHANGES if self.needs_reason is None else OverrideEffect.NEEDS_TICK


def plan_override(entry: Entry, wanted: bool | None, as_of: datetime) -> PlannedOverride:
    """What giving `entry` the override `wanted` would do. None hands it back to the rules; False does not."""
    return PlannedOverride(
        entry,
        is_change=entry.override_should_record is not wanted,
        problem=_problem(entry, as_of),
        warning=_warning(entry, as_of),
        needs_reason=_needs_reason(entry, wanted),
    )


def series_of(entry: Entry, entries: Iterable[Entry], as_of: datetime) -> tuple[Entry, ...]:
    """The coming occurrences of the series that `entry` belongs to, of one user's `entries`, soonest first.

    An override does not spread to other occurrences (contract 3.9). Recall knows those of the next four weeks; what
    comes into sight later follows the rules.
    """
    coming = (e for e in entries if e.start_time is not None and e.start_time > as_of and _is_same_series(e, entry))
    return tuple(sorted(coming, key=lambda e: (e.start_time or as_of, e.id)))


def problem_with_reason(why: str | None) -> str | None:
    """What must be corrected about a typed reason, as a sentence, or None."""
    if not (why or "").strip():
        return "Type why: it is kept with the change."
    if len(why or "") > REASON_AT_MOST:
        return f"The reason has {len(why or '')} characters. Use at most {REASON_AT_MOST}."
    return None


def _problem(entry: Entry, as_of: datetime) -> str | None:
    found = trace(entry, _NOBODY, as_of, override=True)
    return reason_of(found.rule).why_coming if found.verdict is False else None


def _warning(entry: Entry, as_of: datetime) -> str | None:
    if entry.start_time is None or entry.start_time - as_of > MAY_NOT_TAKE_WITHIN:
        return None
    if entry.start_time <= as_of:
        return "It has begun. A bot that is in the call may stay, and one that is not may not come."
    if entry.start_time - as_of <= BOTS_JOIN_BEFORE:
        return "Bots join two minutes before the start, so this may come too late."
    return "It begins within ten minutes, so this may come too late."


def _needs_reason(entry: Entry, wanted: bool | None) -> str | None:
    if entry.override_should_record is False and wanted is not False:
        return LIFTS
    if wanted and entry.override_should_record is not True and entry.is_private:
        return IS_PRIVATE.format(visibility=(entry.visibility or "").strip().casefold())
    return None


def _is_same_series(one: Entry, other: Entry) -> bool:
    uid = comparable_uid(other.ical_uid)
    return one.id == other.id if uid is None else comparable_uid(one.ical_uid) == uid
