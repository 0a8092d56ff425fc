"""Private and confidential meetings, without what is personal of them: all that leaves this package is masked here."""

from collections.abc import Iterable
from dataclasses import replace

from lib.domain import Attendee, Connection, Entry, addresses_of
from lib.store.entries import StoredEntry

PRIVATE_MEETING = "Private meeting"
"""Stands for the title of one."""


def mask(stored: StoredEntry, own: Iterable[Connection] = ()) -> StoredEntry:
    """The entry as pages may have it. Of a private one the title is `PRIVATE_MEETING`, also where there was none, and
    nobody is named but the holder of the calendars `own`, by whose answer some rules go. One that was erased stays so.
    """
    if stored.erased or not stored.entry.is_private:
        return stored
    return replace(stored, entry=_masked(stored.entry, addresses_of(own)))


def _masked(entry: Entry, own: frozenset[str]) -> Entry:
    answers = (Attendee(p.email, status=p.status) for p in entry.attendees if p.email and p.email.casefold() in own)
    return replace(entry, title=PRIVATE_MEETING, organizer_email=None, attendees=tuple(answers))
