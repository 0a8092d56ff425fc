"""Calendar entries: a row of one user's calendar, made from a shared call and changed by the control route's facts."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from .decision import Facts
from .randomness import hash_of
from .world.calls import Call, CallKey, Guest, dated_uid
from .world.links import Link


@dataclass(frozen=True, slots=True)
class Entry:
    """What Recall calls a calendar meeting. `call` names the event it shares with entries of other calendars."""

    id: str
    user: int
    calendar_platform: str
    email: str | None
    """The mailbox it is in."""
    epoch: int
    """How often the data of that connection had been cleared before."""
    call: CallKey
    on: date
    facts: Facts
    title: str | None = None
    description: str | None = None
    link: Link | None = None
    ical_uid: str | None = None
    platform_id: str | None = None
    organizer_email: str | None = None
    guests: tuple[Guest, ...] = ()
    visibility: str | None = None
    never_booked: bool = False
    deleted_at: datetime | None = None
    """When the organiser deleted the event: it is no longer shown, but what happened before stays."""
    occurrence: int = 0
    """The number of the drag that brought it to its start, 0 for none (see `drags`)."""
    dragged_at: datetime | None = None
    """When that drag was."""
    kept_bot: str | None = None
    """The bot of an earlier occurrence that the row goes on naming; then no other is booked."""
    extra: dict[str, Any] = field(default_factory=dict)
    omit: tuple[str, ...] = ()


def entry_of(call: Call, guest: Guest, id_: str, user: int, epoch: int) -> Entry:
    """The entry of a call in the calendar of one of its guests."""
    return Entry(
        id=id_,
        user=user,
        calendar_platform=guest.platform or "",
        email=guest.email,
        epoch=epoch,
        call=call.key,
        on=call.on,
        facts=Facts(
            start=call.start,
            end=call.end,
            has_link=call.link is not None,
            external=call.external,
            hosted=guest.email == call.organizer_email,
            recurring=call.recurring,
            status=guest.status,
        ),
        title=call.title,
        description=call.description,
        link=call.link,
        ical_uid=dated_uid(call.ical_uid, call.on) if guest.dated_uid else call.ical_uid,
        platform_id=call.platform_id,
        organizer_email=call.organizer_email,
        guests=call.guests,
        visibility=call.visibility,
        never_booked=call.never_booked,
        extra=call.extra,
        omit=call.omit,
    )


_PLAIN = ("title", "description", "ical_uid", "platform_id", "organizer_email", "visibility", "never_booked", "extra")
_OF_FACTS = {
    "is_external": "external",
    "is_hosted_by_me": "hosted",
    "is_recurring": "recurring",
    "my_status": "status",
    "cancelled": "cancelled",
}
_TIMES = {"start_time": "start", "end_time": "end"}
CHANGEABLE = frozenset({*_PLAIN, *_OF_FACTS, *_TIMES, "link", "attendees", "omit", "deleted_at"})


def with_facts(entry: Entry, facts: dict[str, Any] | None) -> Entry:
    """The entry with these facts set, named as in `CHANGEABLE`; times are ISO 8601 text or None."""
    if not facts:
        return entry
    entry = replace(entry, **{name: facts[name] for name in _PLAIN if name in facts})
    entry = replace(entry, facts=_changed_facts(entry.facts, facts))
    if "link" in facts:
        link = Link(facts["link"], hash_of(entry.ical_uid or entry.id)) if facts["link"] else None
        entry = replace(entry, link=link, facts=replace(entry.facts, has_link=link is not None))
    if "attendees" in facts:
        entry = replace(entry, guests=tuple(_guest(a) for a in facts["attendees"]))
    if "my_status" in facts:
        entry = replace(entry, guests=tuple(_answered(g, entry) for g in entry.guests))
    if "deleted_at" in facts:
        entry = replace(entry, deleted_at=_time(facts["deleted_at"]))
    return replace(entry, omit=tuple(facts["omit"])) if "omit" in facts else entry


def _changed_facts(old: Facts, facts: dict[str, Any]) -> Facts:
    values: dict[str, Any] = {field_: facts[name] for name, field_ in _OF_FACTS.items() if name in facts}
    values |= {field_: _time(facts[name]) for name, field_ in _TIMES.items() if name in facts}
    return replace(old, **values)


def _answered(guest: Guest, entry: Entry) -> Guest:
    mine = guest.email == entry.email and entry.facts.status is not None
    return replace(guest, status=entry.facts.status or "") if mine else guest


def _guest(attendee: dict[str, Any]) -> Guest:
    return Guest(attendee["email"], attendee.get("name"), attendee.get("status", "accepted"))


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
