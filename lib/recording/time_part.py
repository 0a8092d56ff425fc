"""Where an entry stands in time, and what was seen of it before it began."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lib.domain import Entry, Preferences
from lib.recording.decision import UNSET, Unset


class TimePart(StrEnum):
    """Where an entry stands at `as_of`: it starts later; has started and not ended; has ended; has no start."""

    UPCOMING = "upcoming"
    IN_PROGRESS = "in_progress"
    ENDED = "ended"
    WITHOUT_START = "without_start"


@dataclass(frozen=True, slots=True)
class LastSeen:
    """What was seen of an entry and its user the last time before the entry began."""

    will_record: bool
    preferences: Preferences | None
    override: bool | Unset | None = UNSET
    """`override_should_record`; UNSET where only that of now is known."""


@dataclass(frozen=True, slots=True)
class FirstSeen:
    """What held at the read that first showed an entry: the rules that are told of a past that nobody watched."""

    preferences: Preferences | None
    override: bool | None


def part_of(entry: Entry, as_of: datetime) -> TimePart:
    """Upcoming: start after `as_of`. In progress: started, not ended. Ended: the rest (design, section 2)."""
    if entry.start_time is None:
        return TimePart.WITHOUT_START
    if entry.start_time > as_of:
        return TimePart.UPCOMING
    return TimePart.IN_PROGRESS if entry.ends_at is not None and entry.ends_at > as_of else TimePart.ENDED
