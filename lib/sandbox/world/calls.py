"""Calls: what the organiser of an event made, before it is an entry of anybody's calendar."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from .links import Link

_MICROSOFT_UID = "040000008200E00074C5B7101A82E008"
"""The sixteen bytes with which every uid of Microsoft's begins; the four after them are a date or zeros."""
_NO_DATE = "0" * 8


class CallKey(NamedTuple):
    """The lasting name of a call: company, absolute day (ordinal), and its number in that day."""

    company: int
    day: int
    number: int


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest of a call. `platform` is that of the mailbox, None outside the company."""

    email: str
    name: str | None
    status: str
    platform: str | None = None
    seat: int | None = None
    dated_uid: bool = False
    """Whether this mailbox shows the date of the occurrence in the uid (see `dated_uid`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a call and its entries in calendars have in common."""

    on: date
    title: str | None = None
    description: str | None = None
    link: Link | None = None
    ical_uid: str | None = None
    platform_id: str | None = None
    organizer_email: str | None = None
    guests: tuple[Guest, ...] = ()
    visibility: str | None = None
    never_booked: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    """Raw fields that an answer has over and above the others, or in their place."""
    omit: tuple[str, ...] = ()
    """Fields that an answer leaves out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Event):
    """One occurrence of an event. `external` is None where the guest list is hidden."""

    key: CallKey
    start: datetime | None
    end: datetime | None
    external: bool | None = False
    recurring: bool | None = False


def google_uid(number: int) -> str:
    """The uid of an event in Google's form, equal for all occurrences of a series."""
    return f"{number:013x}@google.com"


def microsoft_uid(number: int) -> str:
    """The uid of an event in Microsoft's form, without the date of an occurrence (contract N7)."""
    return f"{_MICROSOFT_UID}{_NO_DATE}{number:016X}"


def dated_uid(uid: str, on: date) -> str:
    """The uid as some mailboxes show it: in Microsoft's form with the date of the occurrence, in others unchanged."""
    undated = _MICROSOFT_UID + _NO_DATE
    if not uid.startswith(undated):
        return uid
    return f"{_MICROSOFT_UID}{on.year:04X}{on.month:02X}{on.day:02X}{uid.removeprefix(undated)}"
