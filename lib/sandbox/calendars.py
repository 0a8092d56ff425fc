"""Which entries a user's calendars hold: those that the world made and those that the control route added."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from .decision import Facts
from .directory import Directory
from .entries import Entry, changed, entry_of
from .ids import Ids, Kind
from .ledger import Ledger
from .world.calls import Call, CallKey, Guest
from .world.users import Connection
from .world.world import World

RETENTION = timedelta(days=60)
HORIZON = timedelta(days=28)
FIRST_SYNC = timedelta(days=1)
"""How far back a calendar that comes by OAuth is read (contract 5)."""
ADDED = (1 << 24) - 1
"""The company number that the calls of added meetings carry."""
PLATFORM_NUMBERS = {"google": 0, "microsoft": 1}
_OTHER = 2


class Calendars:
    """Finds entries by user, by id and by call, all as the calendars are connected at an instant."""

    def __init__(self, world: World, ledger: Ledger, directory: Directory, ids: Ids) -> None:
        self._world = world
        self._ledger = ledger
        self._directory = directory
        self._ids = ids

    def of_user(self, user: int, now: datetime, after: datetime | None, before: datetime | None) -> Iterator[Entry]:
        """The user's entries that the API shows and that start within the bounds, in no promised order."""
        first, last = max(now - RETENTION, after or now - RETENTION), min(now + HORIZON, before or now + HORIZON)
        for connection in self._directory.connections(user, now):
            if connection.connected:
                yield from self._of_world(user, connection, first, last)
        for n, record in enumerate(self._ledger.added):
            if record["user"] == user:
                entry = self._added(n)
                if self._is_held(entry, now) and _within(entry, first, last):
                    yield entry

    def entry(self, id_: str, now: datetime) -> Entry | None:
        """The entry with this id, unless the calendar it was in is no longer connected or shows it no longer."""
        named = self._ids.read(Kind.MEETING, id_)
        if named is None:
            return None
        key = CallKey(*named[3:])
        candidates = self._added_as(key) if key.company == ADDED else self._entries(key)
        found = next((e for e in candidates if e.id == id_), None)
        shown = found and self._is_held(found, now) and _within(found, now - RETENTION, now + HORIZON)
        return found if shown else None

    def sharing(self, key: CallKey, calendar_platform: int) -> list[Entry]:
        """The entries that share a call on one calendar platform, connected still or not."""
        return [e for e in self._entries(key) if platform_number(e.calendar_platform) == calendar_platform]

    def add(self, user: int, connection: Connection, facts: dict[str, Any]) -> str:
        """Put a meeting into the user's calendar as it is connected; answers its id."""
        named = {"user": user, "calendar_platform": connection.platform}
        self._ledger.added.append(named | {"email": connection.email, "epoch": connection.epoch, "facts": facts})
        return self._added_id(len(self._ledger.added) - 1)

    def added_calls(self) -> dict[CallKey, set[int]]:
        """The calls of the added meetings, with the numbers of the calendar platforms they are on."""
        found: dict[CallKey, set[int]] = {}
        for n, record in enumerate(self._ledger.added):
            found.setdefault(self._added_key(n), set()).add(platform_number(record["calendar_platform"]))
        return found

    def touched_companies(self) -> set[int]:
        """The companies in whose diaries something stands that was written to, or that a written calendar reads."""
        users = {n for n in self._directory.written() if n < self._world.users}
        meetings = (self._ids.read(Kind.MEETING, id_) for id_ in {*self._ledger.overrides, *self._ledger.facts})
        calendars = (self._world.company_of_calendar(*calendar) for calendar in self._directory.calendars_written())
        found = {self._world.company_of_user(n) for n in users} | {named[3] for named in meetings if named}
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
                        id_ = self._id(user, connection.platform, connection.epoch, call.key)
                        entry = self._finished(entry_of(call, guest, id_, user, connection.epoch))
                        if _within(entry, first, last):
                            yield entry

    def _company_of(self, user: int, connection: Connection) -> int | None:
        """Where this mailbox is invited; an account that came by OAuth is looked up among all."""
        if connection.email is None:
            return None
        if user < self._world.users and connection in self._world.person(user).connections:
            return self._world.company_of_user(user)
        return self._world.company_of_calendar(connection.platform, connection.email)

    def _entries(self, key: CallKey) -> Iterator[Entry]:
        if key.company == ADDED:
            yield from (self._added(n) for n in range(len(self._ledger.added)) if self._added_key(n) == key)
            return
        call = self._world.call(key)
        for guest in call.guests if call else ():
            if call and guest.platform:
                yield from self._entries_of_guest(call, guest, guest.platform)

    def _entries_of_guest(self, call: Call, guest: Guest, platform: str) -> Iterator[Entry]:
        for user in self._directory.holders(call.key.company, guest):
            for epoch in self._directory.epochs(user, platform, guest.email):
                yield self._finished(entry_of(call, guest, self._id(user, platform, epoch, call.key), user, epoch))

    def _is_held(self, entry: Entry, at: datetime) -> bool:
        return self._directory.holds(entry.user, entry.calendar_platform, entry.email, entry.epoch, at)

    def _finished(self, entry: Entry) -> Entry:
        facts = self._ledger.facts.get(entry.id)
        return changed(entry, facts) if facts else entry

    def _id(self, user: int, platform: str, epoch: int, key: CallKey) -> str:
        return self._ids.make(Kind.MEETING, user, platform_number(platform), epoch, *key)

    def _added_as(self, key: CallKey) -> Iterator[Entry]:
        """The one added meeting with this number."""
        n = key.day << 16 | key.place
        if n < len(self._ledger.added):
            yield self._added(n)

    def _added(self, n: int) -> Entry:
        record = self._ledger.added[n]
        blank = Entry(
            id=self._added_id(n),
            user=record["user"],
            calendar_platform=record["calendar_platform"],
            email=record["email"],
            epoch=record["epoch"],
            call=self._added_key(n),
            on=date.min,
            facts=Facts(None, None),
        )
        return self._finished(changed(blank, record["facts"]))

    def _added_id(self, n: int) -> str:
        record = self._ledger.added[n]
        platform = platform_number(record["calendar_platform"])
        return self._ids.make(Kind.MEETING, record["user"], platform, record["epoch"], *_numbered(n))

    def _added_key(self, n: int) -> CallKey:
        """Added meetings with the same `ical_uid` and start are one call, named by the first of them."""
        wanted = self._group_of(n)
        first = next((m for m in range(n) if wanted and self._group_of(m) == wanted), n)
        return _numbered(first)

    def _group_of(self, n: int) -> tuple[str, datetime | None] | None:
        facts = self._ledger.added[n]["facts"] | self._ledger.facts.get(self._added_id(n), {})
        start = facts.get("start_time")
        uid = facts.get("ical_uid")
        return (uid, datetime.fromisoformat(start) if start else None) if uid else None


def platform_number(calendar_platform: str) -> int:
    """The number by which ids name a calendar platform."""
    return PLATFORM_NUMBERS.get(calendar_platform, _OTHER)


def _numbered(n: int) -> CallKey:
    return CallKey(ADDED, n >> 16, n & 0xFFFF)


def _within(entry: Entry, first: datetime, last: datetime) -> bool:
    if entry.deleted:
        return False
    start = entry.facts.start
    if start is not None:
        return first <= start <= last
    return entry.on == date.min or first.date() <= entry.on <= last.date()
