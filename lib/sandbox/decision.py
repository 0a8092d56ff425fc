"""The recording decision as documented (contract 6.1), in interpretation A of contract 6.3.

Prerequisites come first, then the override, then preferences. Reasons are sentences of no fixed form, like Recall's.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

RULES = ("record_external", "record_internal", "record_recurring", "record_non_host")
FILTERS = ("record_confirmed", "record_only_host")
FLAGS = RULES + FILTERS
_DAY, _CHANGE_OF_CLOCKS = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that decide. `external`, `hosted` and `recurring` are None where the calendar does not say."""

    start: datetime | None
    end: datetime | None
    has_link: bool = True
    external: bool | None = False
    hosted: bool | None = False
    recurring: bool | None = False
    status: str | None = None
    """The connected account's own answer to the invitation."""
    cancelled: bool = False


class Decision(NamedTuple):
    """Whether to record, and the reason as a sentence."""

    record: bool
    reason: str


def decide(facts: Facts, flags: AbstractSet[str], override: bool | None, now: datetime) -> Decision:
    """Decide for one entry at `now`; `flags` are the names of the preferences that are true."""
    obstacle = _obstacle(facts, now)
    if obstacle:
        return Decision(False, obstacle)
    if override is not None:
        return Decision(override, f"Recording was switched {'on' if override else 'off'} for this meeting.")
    return _by_preferences(facts, flags)


def is_whole_day(start: datetime | None, end: datetime | None) -> bool:
    """Whether start or end is missing, or they are whole days apart, give or take an hour for a change of clocks."""
    if start is None or end is None:
        return True
    days = round((end - start) / _DAY)
    return days >= 1 and abs(end - start - days * _DAY) <= _CHANGE_OF_CLOCKS


def _obstacle(facts: Facts, now: datetime) -> str | None:
    if not facts.has_link:
        return "The event does not contain a meeting link that we can join."
    if facts.end is None or is_whole_day(facts.start, facts.end):
        return "The event has no start and end time, so it is treated as an all-day event."
    if facts.cancelled:
        return "The event was cancelled."
    if facts.end <= now:
        return "The meeting is already over."
    return None


def _by_preferences(facts: Facts, flags: AbstractSet[str]) -> Decision:
    if flags.isdisjoint(RULES):
        return Decision(False, "None of the recording preferences that select meetings is enabled.")
    refusal = _external_or_internal(facts, flags) or _rules(facts, flags) or _filters(facts, flags)
    return Decision(False, refusal) if refusal else Decision(True, "The meeting matches the recording preferences.")


def _external_or_internal(facts: Facts, flags: AbstractSet[str]) -> str | None:
    wanted = {True: "record_external" in flags, False: "record_internal" in flags}
    if not any(wanted.values()):
        return None
    if facts.external is None:
        return "We could not tell whether the meeting has external attendees."
    if wanted[facts.external]:
        return None
    kind = "has external attendees" if facts.external else "has no external attendees"
    return f"The meeting {kind}, which the recording preferences leave out."


def _rules(facts: Facts, flags: AbstractSet[str]) -> str | None:
    if "record_non_host" in flags and facts.hosted:
        return "Only meetings hosted by somebody else are recorded, and this account is the host."
    if "record_recurring" in flags and not facts.recurring:
        return "Only recurring meetings are recorded, and this one is not."
    return None


def _filters(facts: Facts, flags: AbstractSet[str]) -> str | None:
    if "record_confirmed" in flags and facts.status != "accepted":
        return "Only accepted meetings are recorded, and this account has not accepted the invitation."
    if "record_only_host" in flags and not facts.hosted:
        return "Only meetings hosted by this account are recorded, and somebody else is the host."
    return None
