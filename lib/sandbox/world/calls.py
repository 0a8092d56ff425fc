"""What is shared: a call as its organiser made it, before anybody's calendar shows it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from .links import Link


class CallKey(NamedTuple):
    """Names a call for ever: company, absolute day (ordinal), and its place in that day."""

    company: int
    day: int
    place: int


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody invited. `platform` is where the mailbox is, None outside the company."""

    email: str
    name: str | None
    status: str
    platform: str | None = None
    seat: int | None = None
    dated_uid: bool = False
    """Whether this mailbox names the occurrence's date in the uid (see `uids.dated`)."""


@dataclass(frozen=True, slots=True)
class Call:
    """One occurrence of an event. `external` is None where the guest list is hidden."""

    key: CallKey
    on: date
    start: datetime | None
    end: datetime | None
    title: str | None
    description: str | None
    link: Link | None
    ical_uid: str
    platform_id: str
    organizer_email: str | None
    guests: tuple[Guest, ...]
    external: bool | None = False
    recurring: bool | None = False
    visibility: str | None = None
    never_booked: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    omit: tuple[str, ...] = ()
