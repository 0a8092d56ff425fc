"""The calendar users of the workspace, as they are now and as they were at any instant."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from .ledger import Ledger
from .timeline import Timeline
from .world.calls import Guest
from .world.users import Connection, Person, Preferences
from .world.world import World


class Directory:
    """Joins the world's users with what was written. Users are named by number; a number is never used twice."""

    def __init__(self, world: World, ledger: Ledger) -> None:
        self._world = world
        self._ledger = ledger
        self._numbers = {world.external_id(n): n for n in range(world.users)}
        self._numbers |= {person.external_id: person.number for person in ledger.created}
        for number in (*ledger.external_ids, *ledger.deleted):
            self._forget(number)
        self._numbers |= {text: n for n, text in ledger.external_ids.items() if n not in ledger.deleted}
        self._holders: dict[tuple[str, str], set[int]] = defaultdict(set)
        for person in ledger.created:
            self._hold(person.number, person.connections)
        for number, of in ledger.connections.items():
            self._hold(number, tuple(c for t in of.values() for _, c in t.changes if c))

    def numbers(self) -> Iterator[int]:
        """All users that exist, in the order in which they came."""
        everybody = range(self._world.users + len(self._ledger.created))
        return (n for n in everybody if n not in self._ledger.deleted)

    def number_of(self, external_id: str | None) -> int | None:
        """The user with exactly this external id."""
        return self._numbers.get(external_id) if external_id is not None else None

    def exists(self, number: int, at: datetime | None = None) -> bool:
        """Whether there is such a user, now or at the instant given."""
        if not 0 <= number < self._world.users + len(self._ledger.created):
            return False
        deleted_at = self._ledger.deleted.get(number)
        return deleted_at is None or (at is not None and at < deleted_at)

    def external_id(self, number: int) -> str | None:
        """The integrator's id of the user as it is now."""
        return self._ledger.external_ids.get(number, self.person(number).external_id)

    def person(self, number: int) -> Person:
        """The user as it began."""
        if number < self._world.users:
            return self._world.person(number)
        return self._ledger.created[number - self._world.users]

    def preferences(self, number: int, at: datetime) -> Preferences:
        """What the user wanted at this instant."""
        written = self._ledger.preferences.get(number)
        return written.at(at) if written else self.person(number).preferences

    def connections(self, number: int, at: datetime) -> list[Connection]:
        """The user's calendars at this instant, connected or not."""
        first = self.person(number).connections
        written = self._ledger.connections.get(number)
        if not written:
            return list(first)
        platforms = dict.fromkeys([c.platform for c in first] + list(written))
        found = (self.connection(number, platform, at) for platform in platforms)
        return [c for c in found if c]

    def connection(self, number: int, platform: str, at: datetime) -> Connection | None:
        """The user's calendar at one provider at this instant."""
        written = self._ledger.connections.get(number, {}).get(platform)
        if written:
            return written.at(at)
        return next((c for c in self.person(number).connections if c.platform == platform), None)

    def epochs(self, number: int, platform: str, email: str) -> set[int]:
        """The epochs in which this address was the user's calendar at this provider."""
        written = self._ledger.connections.get(number, {}).get(platform)
        states = [written.first, *(c for _, c in written.changes)] if written else self.person(number).connections
        return {c.epoch for c in states if c and c.platform == platform and c.email == email}

    def holds(self, number: int, platform: str, email: str | None, epoch: int, at: datetime) -> bool:
        """Whether the user existed at this instant with exactly this calendar connected."""
        connection = self.connection(number, platform, at)
        same = (
            connection is not None and connection.connected and (connection.email, connection.epoch) == (email, epoch)
        )
        return same and self.exists(number, at)

    def holders(self, company: int, guest: Guest) -> list[int]:
        """The users who have, or ever had, this guest's mailbox connected."""
        given = self._world.holders(company, guest.seat) if guest.seat is not None else ()
        return sorted({*given, *self._holders.get((guest.platform or "", guest.email), ())})

    def written(self) -> set[int]:
        """The users of whom anything was written."""
        return {*self._ledger.preferences, *self._ledger.connections, *self._ledger.deleted}

    def calendars_written(self) -> set[tuple[str, str]]:
        """Platform and address of all calendars that did not come with the world."""
        return set(self._holders)

    def create(
        self, external_id: str | None, connections: tuple[Connection, ...] = (), wants: Preferences | None = None
    ) -> int:
        """Add a user; answers its number."""
        number = self._world.users + len(self._ledger.created)
        self._ledger.created.append(Person(number, external_id, connections, wants or Preferences()))
        self._hold(number, connections)
        if external_id is not None:
            self._numbers[external_id] = number
        return number

    def rename(self, number: int, external_id: str) -> None:
        """Give the user another external id: the old one then belongs to nobody."""
        self._forget(number)
        self._ledger.external_ids[number] = external_id
        self._numbers[external_id] = number

    def delete(self, number: int, at: datetime) -> None:
        """The user is gone from this instant on; a new one may take its external id."""
        self._ledger.deleted[number] = at
        self._forget(number)

    def set_preferences(self, number: int, at: datetime, wants: Preferences) -> None:
        """From this instant on the user wants this."""
        timeline = self._ledger.preferences.setdefault(number, Timeline(self.person(number).preferences))
        timeline.set(at, wants)

    def set_connection(self, number: int, at: datetime, connection: Connection) -> None:
        """From this instant on the user's calendar at this provider is as given."""
        of = self._ledger.connections.setdefault(number, {})
        if connection.platform not in of:
            of[connection.platform] = Timeline(self.connection(number, connection.platform, at))
        of[connection.platform].set(at, connection)
        self._hold(number, (connection,))

    def connect(self, number: int, at: datetime, platform: str, email: str) -> None:
        """Connect this account. The same as before goes on where it stopped; another clears the data (contract 4.6)."""
        current = self.connection(number, platform, at)
        if current and current.email == email:
            renewed = replace(current, connected=True)
        else:
            renewed = Connection(platform, True, email, current.epoch + 1 if current else 0, since=at)
        self.set_connection(number, at, renewed)

    def disconnect(self, number: int, at: datetime, platform: str) -> None:
        """Remove the calendar and clear its data: what is connected next starts anew."""
        current = self.connection(number, platform, at)
        if current and (current.connected or current.email):
            gone = replace(current, connected=False, email=None, epoch=current.epoch + 1, since=None)
            self.set_connection(number, at, gone)

    def _hold(self, number: int, connections: tuple[Connection, ...]) -> None:
        for connection in connections:
            if connection.email:
                self._holders[connection.platform, connection.email].add(number)

    def _forget(self, number: int) -> None:
        for external_id in [text for text, n in self._numbers.items() if n == number]:
            del self._numbers[external_id]
