"""Selects the users and meetings of the demo's events from the store, the same ones in every run."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from lib.domain import Entry, Preferences
from lib.recording.overrides import plan_override
from lib.recording.presets import Preset, preset_of
from lib.store import Store, entries, users
from lib.store.users import UserRow

Condition = Callable[[UserRow], bool]
_FROM, _TO = timedelta(days=1), timedelta(days=6)
"""How far ahead upcoming meetings are: far enough to be read before, near enough to count in every figure soon."""
_HELD_WITHIN = timedelta(days=2)
_HELD_BEFORE = timedelta(hours=4)
"""Bots of meetings that started earlier are final."""
_SAME_START = timedelta(seconds=1)


class Selection:
    """Gives each role in the story a user. Nobody has two roles while there are others."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ids: dict[str, str] = {}
        """Recall's ids of users by role."""

    def user(self, role: str, preferred: Condition = lambda row: True) -> UserRow:
        """The user of a role, as the store knows them now; for a new role, a `preferred` user if there is one.

        Raises `LookupError` if there is no user at all.
        """
        if role not in self._ids:
            self._ids[role] = self._pick(preferred).user.id
        with self._store.read() as connection:
            found = users.find(connection, self._ids[role])
        if found is None:
            raise LookupError(role)
        return found

    def candidates(self) -> tuple[UserRow, ...]:
        """Users of a customer with a single, connected calendar of their own; one of each customer in turn."""
        with self._store.read() as connection:
            listed = [row for row in users.everyone(connection) if row.vanished_at is None]
        mailboxes = Counter(each.email for row in listed for each in row.user.connections)
        fit = [row for row in listed if _is_candidate(row) and mailboxes[row.user.connections[0].email] == 1]
        return _one_of_each_in_turn(fit)

    def candidate(self, number: int) -> UserRow:
        """One of the candidates, over and over. The first few are of different customers, the largest first.

        Raises `LookupError` if there are none.
        """
        candidates = self.candidates()
        if not candidates:
            raise LookupError("nobody")
        return candidates[number % len(candidates)]

    def customers(self) -> tuple[str, ...]:
        """The customers of the candidates, the largest first."""
        sizes = Counter(row.customer for row in self.candidates() if row.customer)
        return tuple(name for name, _ in sizes.most_common())

    def upcoming(self, row: UserRow, now: datetime, ahead: timedelta = _TO) -> tuple[Entry, ...]:
        """Meetings of the next days, from tomorrow on, whose override can be set."""
        with self._store.read() as connection:
            kept = entries.of_user(connection, row.user.id, after=now + _FROM, before=now + ahead)
        there = [stored.entry for stored in kept if stored.removed_at is None]
        return tuple(each for each in there if plan_override(each, None, now).problem is None)

    def held(self, row: UserRow, now: datetime) -> tuple[Entry, ...]:
        """Meetings of the last two days that had a bot."""
        with self._store.read() as connection:
            kept = entries.of_user(connection, row.user.id, after=now - _HELD_WITHIN, before=now - _HELD_BEFORE)
        return tuple(stored.entry for stored in kept if stored.removed_at is None and stored.entry.bot_id)

    def shared(self, row: UserRow, entry: Entry) -> tuple[Entry, ...]:
        """The entries of the same call in the calendars of all colleagues, including this user."""
        start = entry.start_time
        if start is None or entry.ical_uid is None:
            return (entry,)
        with self._store.read() as connection:
            kept = [
                stored
                for each in users.everyone(connection)
                if each.customer == row.customer and each.user.connected and each.vanished_at is None
                for stored in entries.of_user(connection, each.user.id, after=start, before=start + _SAME_START)
            ]
        return tuple(s.entry for s in kept if s.removed_at is None and s.entry.ical_uid == entry.ical_uid)

    def _pick(self, preferred: Condition) -> UserRow:
        taken = set(self._ids.values())
        candidates = self.candidates()
        free = [row for row in candidates if row.user.id not in taken] or list(candidates)
        if not free:
            raise LookupError("nobody")
        return next((row for row in free if preferred(row)), free[0])


def _is_candidate(row: UserRow) -> bool:
    calendars = row.user.connections
    alone = len(calendars) == 1 and calendars[0].connected and calendars[0].email is not None
    return alone and row.customer is not None and row.user.external_id is not None


def _one_of_each_in_turn(rows: list[UserRow]) -> tuple[UserRow, ...]:
    """The first of each customer, the largest first, then the second of each, and so on."""
    sizes, seen = Counter(row.customer for row in rows), Counter[str | None]()
    places: list[tuple[int, int, int]] = []
    for row in rows:
        places.append((seen[row.customer], -sizes[row.customer], row.key))
        seen[row.customer] += 1
    return tuple(row for _, row in sorted(zip(places, rows, strict=True), key=lambda each: each[0]))


def has_preset(preset: Preset, row: UserRow) -> bool:
    """Whether the user's preferences are this documented preset."""
    return preset_of(row.user.preferences or Preferences()) is preset
