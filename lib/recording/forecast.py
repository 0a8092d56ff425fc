"""What a change of preferences would do to the coming meetings: our estimate, beside Recall's decision of now. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.domain import CalendarUser, Entry, Preferences
from lib.recording.decision import Trace, trace

AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Forecast:
    """One coming entry under other preferences: Recall's decision now, and ours after the change."""

    entry: Entry
    now: bool
    after: bool
    trace: Trace

    @property
    def is_gain(self) -> bool:
        """It would be recorded, and is not going to be now."""
        return self.after and not self.now

    @property
    def is_loss(self) -> bool:
        """It would no longer be recorded."""
        return self.now and not self.after


def coming(entries: Iterable[Entry], as_of: datetime, ahead: timedelta = AHEAD) -> tuple[Entry, ...]:
    """Recordable entries that start after `as_of` and within `ahead`, soonest first."""
    found = [e for e in entries if e.is_recordable and e.start_time and as_of < e.start_time <= as_of + ahead]
    return tuple(sorted(found, key=lambda e: (e.start_time or as_of, e.id)))


def forecast(
    entries: Iterable[Entry], user: CalendarUser, as_of: datetime, preferences: Preferences
) -> tuple[Forecast, ...]:
    """What becomes of each of the coming entries under `preferences`.

    Where our rule cannot tell, because the calendar does not say what would decide, Recall's decision of now stands.
    """
    return tuple(_one(entry, user, as_of, preferences) for entry in coming(entries, as_of))


def agreement(entries: Iterable[Entry], user: CalendarUser, as_of: datetime) -> tuple[int, int]:
    """(agreeing, judged): on how many of the coming entries our rule and Recall's `will_record` say the same."""
    verdicts = [(trace(e, user, as_of).verdict, e.will_record) for e in coming(entries, as_of)]
    judged = [(ours, recalls) for ours, recalls in verdicts if ours is not None]
    return sum(1 for ours, recalls in judged if ours == recalls), len(judged)


def _one(entry: Entry, user: CalendarUser, as_of: datetime, preferences: Preferences) -> Forecast:
    path = trace(entry, user, as_of, preferences=preferences)
    after = entry.will_record if path.verdict is None else path.verdict
    return Forecast(entry, entry.will_record, after, path)
