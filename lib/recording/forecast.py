"""What a change of preferences would do to the coming meetings: our estimate, beside Recall's decision of now. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from lib.domain import CalendarUser, Entry, Preferences, comparable_uid
from lib.recording.decision import Trace, trace

AHEAD_DAYS = 14


def forecast_end(as_of: datetime, zone: ZoneInfo) -> datetime:
    """The end of the day, in `zone`, that is `AHEAD_DAYS` after that of `as_of`."""
    return datetime.combine(as_of.astimezone(zone).date() + timedelta(days=AHEAD_DAYS + 1), time(), zone)


@dataclass(frozen=True, slots=True)
class Forecast:
    """One coming meeting of a user under other preferences: Recall's decision now, and ours after the change.

    `entry` is the first of the meeting's entries: a user with two calendars may have it twice.
    """

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


def coming_meetings(entries: Iterable[Entry], as_of: datetime, until: datetime) -> tuple[tuple[Entry, ...], ...]:
    """The recordable meetings that start after `as_of` and before `until`, soonest first, each as its entries."""
    meetings: dict[tuple[datetime, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if _may_be_recorded(entry) and entry.start_time and as_of < entry.start_time < until:
            meetings[entry.start_time, comparable_uid(entry.ical_uid) or entry.id].append(entry)
    return tuple(tuple(meetings[key]) for key in sorted(meetings))


def _may_be_recorded(entry: Entry) -> bool:
    """Whether a coming entry looks recordable, or has Recall's decision or a bot, which is better evidence."""
    return entry.looks_recordable or entry.will_record or entry.bot_id is not None


def forecast(
    entries: Iterable[Entry], user: CalendarUser, as_of: datetime, until: datetime, preferences: Preferences
) -> tuple[Forecast, ...]:
    """What becomes of each coming meeting under `preferences`; it is recorded if any of its entries is.

    Where our rule cannot tell, because the calendar does not say what would decide, Recall's decision of now stands.
    """
    return tuple(_one(meeting, user, as_of, preferences) for meeting in coming_meetings(entries, as_of, until))


def forecast_agreement(
    entries: Iterable[Entry], user: CalendarUser, as_of: datetime, until: datetime
) -> tuple[int, int]:
    """(agreeing, judged): for how many coming entries our rule and Recall's `will_record` say the same."""
    pairs = [
        (trace(entry, user, as_of).verdict, entry.will_record)
        for meeting in coming_meetings(entries, as_of, until)
        for entry in meeting
    ]
    judged = [(ours, recalls) for ours, recalls in pairs if ours is not None]
    return sum(1 for ours, recalls in judged if ours == recalls), len(judged)


def _one(meeting: Sequence[Entry], user: CalendarUser, as_of: datetime, preferences: Preferences) -> Forecast:
    paths = [trace(entry, user, as_of, preferences=preferences) for entry in meeting]
    afters = [
        entry.will_record if path.verdict is None else path.verdict for entry, path in zip(meeting, paths, strict=True)
    ]
    deciding = next((path for path, after in zip(paths, afters, strict=True) if after), paths[0])
    return Forecast(meeting[0], any(entry.will_record for entry in meeting), any(afters), deciding)
