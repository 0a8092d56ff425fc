"""Calendar entries: a row of one user's calendar, made from a shared call and changed by the control route's facts."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from .decision import Facts
from .randomness import hash_of
from .world.calls import Call, CallKey, Event, Guest, dated_uid
from .world.links import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Event):
    """What Recall calls a calendar meeting. `call` names the event it shares with entries of other calendars."""

    id: str
    user: int
    calendar_platform: str
    email: str | None
    """The mailbox it is in."""
    epoch: int
    """How often the data of that connection had been cleared before."""
    call: CallKey
    facts: Facts
    deleted_at: datetime | None = None
    """When the organiser deleted the event: it is no longer shown, but what happened before stays."""
    occurrence: int = 0
    """The number of the drag that brought it to its start, 0 for none (see `drags`)."""
    dragged_at: datetime | None = None
    """When that drag was."""
    kept_bot: str | None = None
    """The bot of an earlier occurrence that the row goes on naming; then no other is booked."""


def entry_of(call: Call, guest: Guest, id_: str, user: int, epoch: int) -> Entry:
    """The entry of a call in the calendar of one of its guests."""
    shared: dict[str, Any] = {each.name: getattr(call, each.name) for each in fields(Event)}
    if guest.dated_uid:
        shared["ical_uid"] = dated_uid(call.ical_uid or "", call.on)
    return Entry(
        **shared,
        id=id_,
        user=user,
        calendar_platform=guest.platform or "",
        email=guest.email,
        epoch=epoch,
        call=call.key,
        facts=Facts(
            start=call.start,
            end=call.end,
            has_link=call.link is not None,
            external=call.external,
            hosted=guest.email == call.organizer_email,
            recurring=call.recurring,
            status=guest.status,
        ),
    )


_PLAIN = ("title", "description", "ical_uid", "platform_id", "organizer_email", "visibility", "never_booked", "extra")
_DECISIVE = {
    "is_external": "external",
    "is_hosted_by_me": "hosted",
    "is_recurring": "recurring",
    "my_status": "status",
    "cancelled": "cancelled",
}
_TIMES = {"start_time": "start", "end_time": "end"}
CHANGEABLE = frozenset({*_PLAIN, *_DECISIVE, *_TIMES, "link", "attendees", "omit", "deleted_at"})


def with_facts(entry: Entry, facts: dict[str, Any] | None) -> Entry:
    """The entry with these facts set, named as in `CHANGEABLE`; times are ISO 8601 text or None."""
    if not facts:
        return entry
    values = {name: facts[name] for name in _PLAIN if name in facts}
    values |= {name: read(facts[name]) for name, read in _READ.items() if name in facts}
    decisive = {field: facts[name] for name, field in _DECISIVE.items() if name in facts}
    decisive |= {field: _time(facts[name]) for name, field in _TIMES.items() if name in facts}
    entry = replace(entry, **values, facts=replace(entry.facts, **decisive))
    if "link" in facts:
        link = Link(facts["link"], hash_of(entry.ical_uid or entry.id)) if facts["link"] else None
        entry = replace(entry, link=link, facts=replace(entry.facts, has_link=link is not None))
    if "attendees" in facts:
        guests = (Guest(a["email"], a.get("name"), a.get("status", "accepted")) for a in facts["attendees"])
        entry = replace(entry, guests=tuple(guests))
    if "my_status" in facts:
        entry = replace(entry, guests=tuple(_answered(g, entry) for g in entry.guests))
    return entry


def _answered(guest: Guest, entry: Entry) -> Guest:
    mine = guest.email == entry.email and entry.facts.status is not None
    return replace(guest, status=entry.facts.status or "") if mine else guest


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


_READ: dict[str, Callable[[Any], Any]] = {"omit": tuple, "deleted_at": _time}
"""How facts of other types are read from JSON."""
