"""Of whom the demo's days tell, and of which meetings: chosen among what the store knows, the same in every run."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from lib.domain import Entry
from lib.recording.overrides import plan_overrides
from lib.store import Store, entries, users
from lib.store.users import UserRow

Wanted = Callable[[UserRow], bool]
TOMORROW, IN_DAYS = timedelta(days=1), timedelta(days=6)
"""Coming meetings that things happen to: far enough ahead to be seen before, near enough to be in every figure soon."""
LATELY = timedelta(days=2)
SETTLED = timedelta(hours=4)
A_MOMENT = timedelta(seconds=1)


class Cast:
    """Picks people for parts. Nobody has two parts while there are others."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._parts: dict[str, str] = {}

    def who(self, part: str, wanted: Wanted = lambda row: True) -> UserRow:
        """Who plays a part, as the store knows them now: whoever is `wanted` where there is such a one.

        Raises `LookupError` where there is nobody at all.
        """
        if part not in self._parts:
            self._parts[part] = self._pick(wanted).user.id
        with self._store.read() as connection:
            found = users.find(connection, self._parts[part])
        if found is None:
            raise LookupError(part)
        return found

    def everybody(self) -> tuple[UserRow, ...]:
        """Those with one calendar, connected and theirs alone, and with a customer: a colleague of each in turn."""
        with self._store.read() as connection:
            listed = [row for row in users.everyone(connection) if row.vanished_at is None]
        mailboxes = Counter(each.email for row in listed for each in row.user.connections)
        fit = [row for row in listed if _is_fit(row) and mailboxes[row.user.connections[0].email] == 1]
        return _in_turn(fit)

    def in_turn(self, number: int) -> UserRow:
        """One of `everybody`, over and over. The first few are of different customers, the largest first.

        Raises `LookupError` where there is nobody.
        """
        everybody = self.everybody()
        if not everybody:
            raise LookupError("nobody")
        return everybody[number % len(everybody)]

    def customers(self) -> tuple[str, ...]:
        """Those of `everybody`, the largest first."""
        sizes = Counter(row.customer for row in self.everybody() if row.customer)
        return tuple(name for name, _ in sizes.most_common())

    def coming(self, row: UserRow, now: datetime, ahead: timedelta = IN_DAYS) -> tuple[Entry, ...]:
        """Meetings of the next days, from tomorrow on, of which it can be chosen whether they are recorded."""
        with self._store.read() as connection:
            kept = entries.of_user(connection, row.user.id, after=now + TOMORROW, before=now + ahead)
        there = [stored.entry for stored in kept if stored.removed_at is None]
        return tuple(each.entry for each in plan_overrides(there, None, now) if each.problem is None)

    def held(self, row: UserRow, now: datetime) -> tuple[Entry, ...]:
        """Meetings of the two days before that had a bot."""
        with self._store.read() as connection:
            kept = entries.of_user(connection, row.user.id, after=now - LATELY, before=now - SETTLED)
        return tuple(stored.entry for stored in kept if stored.removed_at is None and stored.entry.bot_id)

    def shared(self, row: UserRow, entry: Entry) -> tuple[Entry, ...]:
        """The same call in the calendars of all colleagues, this one's among them."""
        start = entry.start_time
        if start is None or entry.ical_uid is None:
            return (entry,)
        with self._store.read() as connection:
            kept = [
                stored
                for each in users.everyone(connection)
                if each.customer == row.customer and each.user.connected and each.vanished_at is None
                for stored in entries.of_user(connection, each.user.id, after=start, before=start + A_MOMENT)
            ]
        return tuple(s.entry for s in kept if s.removed_at is None and s.entry.ical_uid == entry.ical_uid)

    def _pick(self, wanted: Wanted) -> UserRow:
        taken = set(self._parts.values())
        everybody = self.everybody()
        free = [row for row in everybody if row.user.id not in taken] or list(everybody)
        if not free:
            raise LookupError("nobody")
        return next((row for row in free if wanted(row)), free[0])


def _is_fit(row: UserRow) -> bool:
    calendars = row.user.connections
    alone = len(calendars) == 1 and calendars[0].connected and calendars[0].email is not None
    return alone and row.customer is not None and row.user.external_id is not None


def _in_turn(rows: list[UserRow]) -> tuple[UserRow, ...]:
    """The first of each customer, the largest first, then the second of each, and so on."""
    sizes, seen = Counter(row.customer for row in rows), Counter[str | None]()
    places: list[tuple[int, int, int]] = []
    for row in rows:
        places.append((seen[row.customer], -sizes[row.customer], row.key))
        seen[row.customer] += 1
    return tuple(row for _, row in sorted(zip(places, rows, strict=True), key=lambda each: each[0]))
