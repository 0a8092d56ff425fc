"""The workspace's directory of calendar users, as they are now and as they were at any instant."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from .entries import Entry
from .ledger import Ledger, Timeline
from .world.calls import Guest
from .world.users import Connection, InitialUser, Preferences
from .world.world import World


class Directory:
    """The world's users with what was written. A user is named by a number, which is never used twice."""

    def __init__(self, world: World, ledger: Ledger) -> None:
        self._world = world
        self._ledger = ledger
        self._numbers = {world.external_id(n): n for n in range(world.users)}
        self._numbers |= {user.external_id: user.number for user in ledger.created}
        for number in (*ledger.external_ids, *ledger.deleted):
            self._forget(number)
        self._numbers |= {text: n for n, text in ledger.external_ids.items() if n not in ledger.deleted}
        self._holders: dict[tuple[str, str], set[int]] = defaultdict(set)
        for user in ledger.created:
            self._hold(user.number, user.connections)
        for number, of in ledger.connections.items():
            self._hold(number, tuple(c for t in of.values() for _, c in t.changes if c))

    def numbers(self) -> Iterator[int]:
        """All users that exist, in order of creation."""
        everybody = range(self._world.users + len(self._ledger.created))
        return (n for n in everybody if n not in self._ledger.deleted)

    def number_of(self, external_id: str | None) -> int | None:
        """The user with exactly this external id; None if there is none."""
        return self._numbers.get(external_id) if external_id is not None else None

    def exists(self, number: int, at: datetime | None = None) -> bool:
        """Whether there is such a user, now or at the given instant."""
        if not 0 <= number < self._world.users + len(self._ledger.created):
            return False
        deleted_at = self._ledger.deleted.get(number)
        return deleted_at is None or (at is not None and at < deleted_at)

    def external_id(self, number: int) -> str | None:
        """The integrator's current id of the user."""
        return self._ledger.external_ids.get(number, self.initial(number).external_id)

    def initial(self, number: int) -> InitialUser:
        """The user as it was in the beginning."""
        if number < self._world.users:
            return self._world.user(number)
        return self._ledger.created[number - self._world.users]

    def preferences(self, number: int, at: datetime) -> Preferences:
        """The user's preferences at this instant."""
        written = self._ledger.preferences.get(number)
        return written.at(at) if written else self.initial(number).preferences

    def connections(self, number: int, at: datetime) -> list[Connection]:
        """The user's calendars at this instant, connected or not."""
        first = self.initial(number).connections
        written = self._ledger.connections.get(number, {})
        platforms = dict.fromkeys([c.platform for c in first] + list(written))
        found = (self.connection(number, platform, at) for platform in platforms)
        return [c for c in found if c]

    def connection(self, number: int, platform: str, at: datetime) -> Connection | None:
        """The user's calendar at one provider at this instant."""
        written = self._ledger.connections.get(number, {}).get(platform)
        if written:
            return written.at(at)
        return next((c for c in self.initial(number).connections if c.platform == platform), None)

    def epochs(self, number: int, platform: str, email: str) -> set[int]:
        """The epochs of the connection in which its calendar had this address."""
        written = self._ledger.connections.get(number, {}).get(platform)
        states = [written.first, *(c for _, c in written.changes)] if written else self.initial(number).connections
        return {c.epoch for c in states if c and c.platform == platform and c.email == email}

    def connects(self, entry: Entry, at: datetime) -> bool:
        """Whether the entry's user existed at this instant with exactly the entry's calendar connected."""
        connection = self.connection(entry.user, entry.calendar_platform, at)
        if connection is None or not connection.connected or not self.exists(entry.user, at):
            return False
        return (connection.email, connection.epoch) == (entry.email, entry.epoch)

    def holders(self, company: int, guest: Guest) -> list[int]:
        """The users who have or once had this guest's mailbox connected."""
        given = self._world.holders(company, guest.seat) if guest.seat is not None else ()
        return sorted({*given, *self._holders.get((guest.platform or "", guest.email), ())})

    def written(self) -> set[int]:
        """The users whose preferences, connections or existence were changed."""
        return {*self._ledger.preferences, *self._ledger.connections, *self._ledger.deleted}

    def calendars_written(self) -> set[tuple[str, str]]:
        """Platform and address of all calendars that were connected since the beginning."""
        return set(self._holders)

    def create(
        self, external_id: str | None, connections: tuple[Connection, ...] = (), preferences: Preferences | None = None
    ) -> int:
        """Add a user; answers its number."""
        number = self._world.users + len(self._ledger.created)
        self._ledger.created.append(InitialUser(number, external_id, connections, preferences or Preferences()))
        self._hold(number, connections)
        if external_id is not None:
            self._numbers[external_id] = number
        return number

    def rename(self, number: int, external_id: str) -> None:
        """Give the user another external id, which frees the old one."""
        self._forget(number)
        self._ledger.external_ids[number] = external_id
        self._numbers[external_id] = number

    def delete(self, number: int, at: datetime) -> None:
        """Delete the user from this instant on, which frees its external id."""
        self._ledger.deleted[number] = at
        self._forget(number)

    def set_preferences(self, number: int, at: datetime, preferences: Preferences) -> None:
        """Set the user's preferences from this instant on."""
        first = self.initial(number).preferences
        self._ledger.preferences.setdefault(number, Timeline(first, [])).set(at, preferences)

    def set_connection(self, number: int, at: datetime, connection: Connection) -> None:
        """Set the user's calendar at this provider from this instant on."""
        of = self._ledger.connections.setdefault(number, {})
        if connection.platform not in of:
            of[connection.platform] = Timeline(self.connection(number, connection.platform, at), [])
        of[connection.platform].set(at, connection)
        self._hold(number, (connection,))

    def connect(self, number: int, at: datetime, platform: str, email: str) -> None:
        """Connect this account. The previous account goes on as it was; another one clears the data (contract 4.6)."""
        current = self.connection(number, platform, at)
        if current and current.email == email:
            renewed = replace(current, connected=True)
        else:
            renewed = Connection(platform, True, email, current.epoch + 1 if current else 0, since=at)
        self.set_connection(number, at, renewed)

    def disconnect(self, number: int, at: datetime, platform: str) -> None:
        """Remove the calendar and clear its data: the next connection starts empty."""
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
