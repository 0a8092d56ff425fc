"""The nouns, in Recall's own terms: frozen, without I/O. Field meanings: contract 3.2, 3.12 and 9.2."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

ENTRY_FLAGS = (
    "recordable",
    "will_record",
    "booked",
    "recorded",
    "partial",
    "empty",
    "unsettled",
    "did_not_happen",
    "asked",
    "rule_mismatch",
)
"""What an entry is judged to be or not to be (`lib.recording.outcome.Verdict`), declared once for all who keep or count
it. The store keeps it as bits in this order, from the lowest up, so new ones are added at the end."""

PREFERENCE_FLAGS = (
    "record_external",
    "record_internal",
    "record_recurring",
    "record_non_host",
    "record_confirmed",
    "record_only_host",
)
"""The six booleans of a user's recording preferences (contract 3.2). The last two are filters on top of the others."""

WHOLE_DAY = timedelta(hours=24)
CHANGE_OF_CLOCKS = timedelta(hours=1)
"""By so much may midnight and midnight be more or less than whole days apart (contract 17, N19)."""
NO_PLATFORM = "unknown"
"""What Recall may call the platform of a meeting that has no link it knows (contract 17, N8)."""
PRIVATE = frozenset({"private", "confidential"})
"""Visibilities of a meeting that is not everybody's business, of both calendar platforms (contract 3.12)."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Connection:
    """One calendar of a user. Absent, empty and `connected=False` mean the same (contract 3.2)."""

    platform: str
    connected: bool
    email: str | None = None
    let_go: bool = field(default=False, compare=False)
    """It was disconnected here, on purpose, and has not come back since. Recall does not say so: the store adds it."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a user wants recorded. A `False` flag is ignored by Recall; it does not mean the opposite (contract 6.1)."""

    record_external: bool = False
    record_internal: bool = False
    record_recurring: bool = False
    record_non_host: bool = False
    record_confirmed: bool = False
    record_only_host: bool = False
    bot_name: str | None = None

    @property
    def flags(self) -> dict[str, bool]:
        """All six flags by name, in the order of `PREFERENCE_FLAGS`."""
        return {name: getattr(self, name) for name in PREFERENCE_FLAGS}


@dataclass(frozen=True, slots=True)
class CalendarUser:
    """A calendar user. `id` is Recall's uuid; `external_id` is the integrator's id, the only one that mints tokens."""

    id: str
    external_id: str | None
    connections: tuple[Connection, ...] = ()
    preferences: Preferences | None = None

    @property
    def connected(self) -> tuple[Connection, ...]:
        """The calendars that Recall can read now."""
        return tuple(c for c in self.connections if c.connected)

    @property
    def lost(self) -> tuple[Connection, ...]:
        """Calendars that were connected once, for an address is known, and are not now, though nobody let them go."""
        return tuple(c for c in self.connections if not c.connected and c.email and not c.let_go)

    @property
    def let_go(self) -> tuple[Connection, ...]:
        """Calendars that were disconnected here, on purpose: nobody has to connect them again."""
        return tuple(c for c in self.connections if not c.connected and c.let_go)

    @property
    def email(self) -> str | None:
        """The address people know the user by: of the first connected calendar that has one, else of any."""
        known = [c.email for c in (*self.connected, *self.connections) if c.email]
        return known[0] if known else None

    @property
    def label(self) -> str:
        """What to call the user: its address, else its external id, else Recall's id. Outside text: never Markdown."""
        return self.email or self.external_id or self.id


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody invited. `status` is one of accepted, declined, tentative, not_available, or a word not yet known."""

    email: str | None
    name: str | None = None
    status: str | None = None
    is_organizer: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of one user's calendar: Recall's `CalendarMeeting`. Times are aware, in UTC. All text is from outside."""

    id: str
    will_record: bool
    start_time: datetime | None
    end_time: datetime | None
    title: str | None = None
    override_should_record: bool | None = None
    will_record_reason: str | None = None
    meeting_platform: str | None = None
    calendar_platform: str | None = None
    invites: tuple[str, ...] = ()
    """Names of the filled `*_invite` fields without the suffix, such as `zoom` or `meet`."""
    bot_id: str | None = None
    is_external: bool | None = None
    is_hosted_by_me: bool | None = None
    is_recurring: bool | None = None
    organizer_email: str | None = None
    attendees: tuple[Attendee, ...] = ()
    ical_uid: str | None = None
    visibility: str | None = None

    @property
    def is_private(self) -> bool:
        """Whether the calendar says that it is not everybody's business."""
        return is_private(self.visibility)

    @property
    def has_link(self) -> bool:
        """Whether there is a call to join: any invite is filled, or a meeting platform is named (design, section 2)."""
        return bool(self.invites) or (self.meeting_platform or NO_PLATFORM).casefold() != NO_PLATFORM

    @property
    def is_whole_day(self) -> bool:
        """Start or end missing, or 23 hours or more apart and within an hour of whole days (design, section 2).

        An all-day event has the midnights of its calendar's zone, which a change of clocks moves by an hour.
        """
        if self.start_time is None or self.end_time is None:
            return True
        length = self.end_time - self.start_time
        days = max(round(length / WHOLE_DAY), 1)
        return abs(length - days * WHOLE_DAY) <= CHANGE_OF_CLOCKS

    @property
    def looks_recordable(self) -> bool:
        """Has a usable link and is not whole-day. A bot, or Recall's decision, is better evidence than these looks."""
        return self.has_link and not self.is_whole_day

    @property
    def ends_at(self) -> datetime | None:
        """`end_time`, else `start_time`: what in-progress and ended are split by."""
        return self.end_time or self.start_time


def is_private(visibility: str | None) -> bool:
    """Whether a calendar's word for who may know of a meeting says that it is not everybody's business."""
    return (visibility or "").strip().casefold() in PRIVATE


_MICROSOFT_UID = re.compile("(040000008200e00074c5b7101a82e008)[0-9a-f]{8}([0-9a-f]*)")


def comparable_uid(ical_uid: str | None) -> str | None:
    """An `ical_uid` as meetings are told apart by it: case does not count, nor, in Microsoft's form, the date of the
    occurrence in its bytes 17 to 20, which some copies of one event have and others do not (contract 17, N7)."""
    if not ical_uid:
        return None
    plain = ical_uid.casefold()
    microsoft = _MICROSOFT_UID.fullmatch(plain)
    return f"{microsoft[1]}00000000{microsoft[2]}" if microsoft else plain


def addresses_of(connections: Iterable[Connection]) -> frozenset[str]:
    """The addresses of calendars, fit for comparing: case does not count."""
    return frozenset(connection.email.casefold() for connection in connections if connection.email)


def own_answer(entry: Entry, addresses: frozenset[str]) -> str | None:
    """The user's own answer to an invitation: of the attendee with one of the user's `addresses_of`.

    None where no such attendee is listed (contract 3.12).
    """
    answers = (person.status for person in entry.attendees if person.email and person.email.casefold() in addresses)
    return next((answer for answer in answers if answer), None)


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A step in a bot's life. `code` and `sub_code` are open lists (contract 9.3): unknown words are kept."""

    code: str
    created_at: datetime | None
    sub_code: str | None = None
    message: str | None = None
    recording_id: str | None = None
    """Of the recording that was made in it; API v1.10 says so (contract 17, N12)."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What a bot recorded, or was to. It has begun once `started_at` is filled or there is media of it."""

    id: str
    status: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    has_media: bool = False
    """A video can be had; API v1.10 says so, which names no times (contract 17, N12)."""


@dataclass(frozen=True, slots=True)
class BotEntry:
    """A calendar entry that a bot was sent for. A bot shared by several users has one for each (contract 7.3)."""

    entry_id: str
    user_id: str | None = None
    start_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot and what became of it. `status_changes` are in time order."""

    id: str
    status_changes: tuple[StatusChange, ...] = ()
    recordings: tuple[Recording, ...] = ()
    entries: tuple[BotEntry, ...] = ()
    bot_name: str | None = None
    join_at: datetime | None = None
    platform: str | None = None
    keeps_media: bool = True
    """False under Zero Data Retention: no media is then no sign of failure (contract 8.1)."""


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row that could not be read, as far as it says which one it is. Text from outside."""

    id: str | None = None
    ical_uid: str | None = None
    start_time: datetime | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """Rows that could be read, and those that could not: one broken row costs that row, never the page."""

    rows: tuple[T, ...]
    unreadable: tuple[UnreadableRow, ...] = ()
    odd: int = 0
    """Of `rows`, those with parts that could not be read and were left out."""
    complete: bool = True
    """False when Recall named a further page that could not be followed: what is missing may still exist."""

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)
