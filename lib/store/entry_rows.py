"""Entries as rows and back."""

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import orjson

from lib.domain import Attendee, Entry, comparable_uid
from lib.store.columns import digest, identity
from lib.store.rows import AnyRow, from_row
from lib.store.tables.workspace import entry as table

_SHARED = tuple(each.name for each in fields(Entry) if each.name in table.columns)
"""What a row has under the same name."""


def columns_of(entry: Entry, own_answer: str | None) -> dict[str, Any]:
    """What a row of the table `entry` holds of `entry`: all that is not personal."""
    return {name: getattr(entry, name) for name in _SHARED} | {
        "uid": number_of(comparable_uid(entry.ical_uid)),
        "start_at": entry.start_time,
        "end_at": entry.end_time,
        "invites": ",".join(entry.invites),
        "own_answer": own_answer,
        "attendees": len(entry.attendees),
    }


def details_of(entry: Entry, ends_at: datetime) -> dict[str, Any]:
    """What a row of `entry_details` holds of `entry`: all that is personal."""
    return {
        "ends_at": ends_at,
        "title": entry.title,
        "organizer_email": entry.organizer_email,
        "attendees": entry.attendees,
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


def entry_of(row: AnyRow) -> Entry:
    """The entry in a row of both tables; of one whose details were erased what is left."""
    return from_row(
        Entry,
        row,
        start_time=row.start_at,
        end_time=row.end_at,
        invites=tuple(row.invites.split(",")) if row.invites else (),
        attendees=tuple(Attendee(**person) for person in row.people or ()),
    )


def _by_address(person: Attendee) -> tuple[str, str, str]:
    return person.email or "", person.name or "", person.status or ""
