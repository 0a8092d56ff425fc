"""The entries of users' calendars: those of the world and those that were added."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

from .decision import Facts
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
ADDED = (1 << 24) - 1
"""The company number in the keys of added calls."""


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
        if key.company == ADDED:
            return list(self.added.sharing(key, occurrence))
        found = (self.drags.then(id_, make, occurrence) for id_, make in self._rows(key))
        return [entry for entry in found if entry]

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
            id_ = self._ids.make(IdKind.MEETING, user, platform_number(guest.platform or ""), epoch, *call.key)
            known = self._cached_rows[key] = id_, partial(with_facts, entry_of(call, guest, id_, user, epoch))
        return known


def _exists(entry: Entry, now: datetime) -> bool:
    return entry.deleted_at is None or now < entry.deleted_at


def _within(entry: Entry, first: datetime, last: datetime) -> bool:
    start = entry.facts.start
    if start is not None:
        return first <= start <= last
    return entry.on == date.min or first.date() <= entry.on <= last.date()


class AddedMeetings:
    """Finds added meetings. Those with the same `ical_uid` and start are one call, named after the first of them."""

    def __init__(self, ledger: Ledger, ids: Ids, drags: Drags) -> None:
        self._ledger = ledger
        self._ids = ids
        self._drags = drags
        self._cached_calls: tuple[dict[CallKey, list[int]], dict[int, CallKey]] | None = None

    def add(self, user: int, connection: Connection, facts: dict[str, Any]) -> str:
        """Add a meeting to the user's calendar at this connection; answers its id."""
        calendar = {"calendar_platform": connection.platform, "email": connection.email, "epoch": connection.epoch}
        self._ledger.added.append({"user": user, **calendar, "facts": facts})
        self._cached_calls = None
        return self._id(len(self._ledger.added) - 1)

    def change(self, id_: str, facts: dict[str, Any]) -> None:
        """Set facts of any meeting, also of the world's own."""
        self._ledger.facts.setdefault(id_, {}).update(facts)
        self._cached_calls = None

    def of_user(self, user: int) -> Iterator[Entry]:
        """The meetings added to this user's calendars."""
        return (self._entry(n) for n, record in enumerate(self._ledger.added) if record["user"] == user)

    def named(self, key: CallKey) -> Iterator[Entry]:
        """The meeting with this key in its id; there is at most one."""
        n = key.day << 16 | key.number
        if n < len(self._ledger.added):
            yield self._entry(n)

    def sharing(self, key: CallKey, occurrence: int) -> Iterator[Entry]:
        """The meetings of this call, as they were in this occurrence."""
        found = (self._drags.then(self._id(n), self._factory(n), occurrence) for n in self._calls()[0].get(key, ()))
        return (entry for entry in found if entry)

    def calls(self) -> dict[CallKey, set[int]]:
        """The calls, with the numbers of their calendar platforms."""
        return {key: {self._platform(n) for n in of} for key, of in self._calls()[0].items()}

    def _calls(self) -> tuple[dict[CallKey, list[int]], dict[int, CallKey]]:
        """The meetings of each call, and the call of each meeting."""
        if self._cached_calls is None:
            groups: dict[object, list[int]] = {}
            for n in range(len(self._ledger.added)):
                groups.setdefault(self._group(n), []).append(n)
            members = {_own_key(of[0]): of for of in groups.values()}
            self._cached_calls = members, {n: key for key, of in members.items() for n in of}
        return self._cached_calls

    def _group(self, n: int) -> object:
        facts = self._ledger.added[n]["facts"] | self._drags.facts_at_first(self._id(n))
        uid, start = facts.get("ical_uid"), facts.get("start_time")
        return (uid, datetime.fromisoformat(start) if start else None) if uid else n

    def _entry(self, n: int) -> Entry:
        return self._drags.now(self._id(n), self._factory(n))

    def _factory(self, n: int) -> EntryWithFacts:
        record = self._ledger.added[n]
        blank = Entry(
            id=self._id(n),
            user=record["user"],
            calendar_platform=record["calendar_platform"],
            email=record["email"],
            epoch=record["epoch"],
            call=self._calls()[1][n],
            on=date.min,
            facts=Facts(None, None),
        )
        return lambda facts: with_facts(blank, record["facts"] | (facts or {}))

    def _id(self, n: int) -> str:
        record = self._ledger.added[n]
        return self._ids.make(IdKind.MEETING, record["user"], self._platform(n), record["epoch"], *_own_key(n))

    def _platform(self, n: int) -> int:
        return platform_number(self._ledger.added[n]["calendar_platform"])


def _own_key(n: int) -> CallKey:
    return CallKey(ADDED, n >> 16, n & 0xFFFF)
