"""Entries as rows and back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from lib.domain import Attendee, Entry, comparable_uid
from lib.store.columns import digest, identity
from lib.store.rows import AnyRow


def columns_of(entry: Entry, own_answer: str | None) -> dict[str, Any]:
    """What a row of the table `entry` holds of `entry`: all that is not personal."""
    return {
        "id": entry.id,
        "ical_uid": entry.ical_uid,
        "uid": number_of(comparable_uid(entry.ical_uid)),
        "start_at": entry.start_time,
        "end_at": entry.end_time,
        "will_record": entry.will_record,
        "will_record_reason": entry.will_record_reason,
        "override_should_record": entry.override_should_record,
        "meeting_platform": entry.meeting_platform,
        "calendar_platform": entry.calendar_platform,
        "invites": ",".join(entry.invites),
        "bot_id": entry.bot_id,
        "is_external": entry.is_external,
        "is_hosted_by_me": entry.is_hosted_by_me,
        "is_recurring": entry.is_recurring,
        "visibility": entry.visibility,
        "own_answer": own_answer,
        "attendees": len(entry.attendees),
    }


def details_of(entry: Entry, ends_at: datetime) -> dict[str, Any]:
    """What a row of `entry_details` holds of `entry`: all that is personal."""
    return {
        "ends_at": ends_at,
        "title": entry.title,
        "organizer_email": entry.organizer_email,
        "attendees": orjson.dumps(entry.attendees).decode(),
    }


def hash_of(entry: Entry, own_answer: str | None) -> int:
    """64 bits of all that is kept of an entry. The order of its attendees means nothing: Recall documents none."""
    people = sorted(entry.attendees, key=_by_address) if len(entry.attendees) > 1 else entry.attendees
    return digest(orjson.dumps((replace(entry, attendees=tuple(people)), own_answer)))


def number_of(name: str | None) -> int:
    """64 bits of a comparable `ical_uid` or a `bot_id`, 0 for none: what frames group by in the place of long texts."""
    return digest(name.encode()) or 1 if name else 0


def with_stored_ids(entry: Entry) -> Entry:
    """The entry with its ids in the form that the store keeps (`lib.store.columns.identity`)."""
    bot_id = identity(entry.bot_id) if entry.bot_id else None
    return replace(entry, id=identity(entry.id), bot_id=bot_id)


def entry_of(row: AnyRow | Mapping[str, Any]) -> Entry:
    """The entry in a row of both tables; of one whose details were erased what is left."""
    kept = row if isinstance(row, Mapping) else row._mapping
    return Entry(
        id=kept["id"],
        will_record=kept["will_record"],
        start_time=kept["start_at"],
        end_time=kept["end_at"],
        title=kept["title"],
        override_should_record=kept["override_should_record"],
        will_record_reason=kept["will_record_reason"],
        meeting_platform=kept["meeting_platform"],
        calendar_platform=kept["calendar_platform"],
        invites=tuple(kept["invites"].split(",")) if kept["invites"] else (),
        bot_id=kept["bot_id"],
        is_external=kept["is_external"],
        is_hosted_by_me=kept["is_hosted_by_me"],
        is_recurring=kept["is_recurring"],
        organizer_email=kept["organizer_email"],
        attendees=tuple(Attendee(**person) for person in orjson.loads(kept["people"] or "[]")),
        ical_uid=kept["ical_uid"],
        visibility=kept["visibility"],
    )


def _by_address(person: Attendee) -> tuple[str, str, str]:
    return person.email or "", person.name or "", person.status or ""
