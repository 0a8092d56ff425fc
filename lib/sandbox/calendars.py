"""The entries of users' calendars: those of the world and those that were added."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain

from .added_meetings import ADDED, AddedMeetings
from .directory import Directory
from .drags import Drags, EntryWithFacts
from .entries import Entry, entry_of, with_facts
from .ids import IdKind, Ids, platform_number
from .ledger import Ledger
from .world.calls import Call, CallKey, Guest
from .world.users import Connection
from .world.world import World

RETENTION = timedelta(days=60)
HORIZON = timedelta(days=30)
"""As far ahead as one production client sees (contract 5, CV); Recall's own pages say four weeks."""
FIRST_SYNC = timedelta(days=1)
"""How far back a calendar that is connected by OAuth is read (contract 5)."""
_CACHED_ROWS = 1 << 16


class Calendars:
    """Finds entries by user, by id and by call, as the calendars are connected at an instant."""

    def __init__(self, world: World, ledger: Ledger, directory: Directory, ids: Ids) -> None:
        self._world = world
        self._ledger = ledger
        self._directory = directory
        self._ids = ids
        self.drags = Drags(ledger)
        self._cached_rows: dict[object, tuple[str, EntryWithFacts]] = {}
        self.added = AddedMeetings(ledger, ids, self.drags)

    def of_user(self, user: int, now: datetime, after: datetime | None, before: datetime | None) -> Iterator[Entry]:
        """The user's entries that the API shows and that start within the bounds, in no particular order."""
        first, last = max(now - RETENTION, after or now - RETENTION), min(now + HORIZON, before or now + HORIZON)
        connected = (c for c in self._directory.connections(user, now) if c.connected)
        made = chain.from_iterable(self._of_world(user, c, first, last) for c in connected)
        added = (e for e in self.added.of_user(user) if self._directory.connects(e, now))
        for entry in chain(made, added):
            if _exists(entry, now) and _within(entry, first, last):
                yield entry

    def entry(self, id_: str, now: datetime) -> Entry | None:
        """The entry with this id; None if its calendar is no longer connected or no longer shows it."""
        numbers = self._ids.read(IdKind.MEETING, id_)
        if numbers is None:
            return None
        key = CallKey(*numbers[3:])
        candidates = self.added.named(key) if key.company == ADDED else self._entries(key)
        found = next((e for e in candidates if e.id == id_), None)
        if found is None or not self._directory.connects(found, now) or not _exists(found, now):
            return None
        return found if _within(found, now - RETENTION, now + HORIZON) else None

    def sharing(self, key: CallKey, occurrence: int = 0) -> list[Entry]:
        """The entries that share a call in one of its occurrences, whether still connected or not."""
        found = self.added.sharing(key, occurrence) if key.company == ADDED else self._entries_then(key, occurrence)
        return list(found)

    def touched_companies(self) -> set[int]:
        """The companies with a meeting or a user that was written to, or a calendar that was connected since."""
        users = {n for n in self._directory.written() if n < self._world.users}
        meetings = (self._ids.read(IdKind.MEETING, id_) for id_ in {*self._ledger.overrides, *self._ledger.facts})
        calendars = (self._world.company_of_calendar(*calendar) for calendar in self._directory.calendars_written())
        found = {self._world.company_of_user(n) for n in users} | {numbers[3] for numbers in meetings if numbers}
        return found | {company for company in calendars if company is not None}

    def _of_world(self, user: int, connection: Connection, first: datetime, last: datetime) -> Iterator[Entry]:
        company = self._company_of(user, connection)
        if company is None:
            return
        if connection.since:
            first = max(first, connection.since - FIRST_SYNC)
        for day in range(first.toordinal() - 1, last.toordinal() + 2):
            for call in self._world.calls(company, day):
                for guest in call.guests:
                    if guest.email == connection.email and guest.platform == connection.platform:
                        yield self.drags.now(*self._row(call, guest, user, connection.epoch))
        yield from self._moved_to(connection, user, company, range(first.toordinal() - 1, last.toordinal() + 2))

    def _moved_to(self, connection: Connection, user: int, company: int, days: range) -> Iterator[Entry]:
        """The user's meetings of other days with changed facts, which may have a start within these days now."""
        for id_ in self._ledger.facts:
            numbers = self._ids.read(IdKind.MEETING, id_)
            if numbers and numbers[0] == user and numbers[3] == company and numbers[4] not in days:
                of_calendar = (connection.platform, connection.email, connection.epoch)
                for entry in self._entries(CallKey(*numbers[3:])):
                    if entry.id == id_ and (entry.calendar_platform, entry.email, entry.epoch) == of_calendar:
                        yield entry

    def _company_of(self, user: int, connection: Connection) -> int | None:
        """The company at which this mailbox is invited; an account connected by OAuth is looked up among all."""
        if connection.email is None:
            return None
        if user < self._world.users and connection in self._world.user(user).connections:
            return self._world.company_of_user(user)
        return self._world.company_of_calendar(connection.platform, connection.email)

    def _entries(self, key: CallKey) -> Iterator[Entry]:
        return (self.drags.now(id_, make) for id_, make in self._rows(key))

    def _entries_then(self, key: CallKey, occurrence: int) -> Iterator[Entry]:
        found = (self.drags.then(id_, make, occurrence) for id_, make in self._rows(key))
        return (entry for entry in found if entry)

    def _rows(self, key: CallKey) -> Iterator[tuple[str, EntryWithFacts]]:
        """The rows of a call of the world in all calendars that have or once had it."""
        call = self._world.call(key)
        if call is None:
            return
        for guest in call.guests:
            if guest.platform:
                for user in self._directory.holders(key.company, guest):
                    for epoch in self._directory.epochs(user, guest.platform, guest.email):
                        yield self._row(call, guest, user, epoch)

    def _row(self, call: Call, guest: Guest, user: int, epoch: int) -> tuple[str, EntryWithFacts]:
        key = (call.key, guest.email, guest.platform, user, epoch)
        known = self._cached_rows.get(key)
        if known is None:
            if len(self._cached_rows) >= _CACHED_ROWS:
                self._cached_rows.clear()
            known = self._cached_rows[key] = self._make_row(call, guest, user, epoch)
        return known

    def _make_row(self, call: Call, guest: Guest, user: int, epoch: int) -> tuple[str, EntryWithFacts]:
        id_ = self._ids.make(IdKind.MEETING, user, platform_number(guest.platform or ""), epoch, *call.key)
        return id_, partial(with_facts, entry_of(call, guest, id_, user, epoch))


def _exists(entry: Entry, now: datetime) -> bool:
    return entry.deleted_at is None or now < entry.deleted_at


def _within(entry: Entry, first: datetime, last: datetime) -> bool:
    start = entry.facts.start
    if start is not None:
        return first <= start <= last
    return entry.on == date.min or first.date() <= entry.on <= last.date()
