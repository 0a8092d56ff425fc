"""Meetings added by the control route, kept in the ledger as facts."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from .decision import Facts
from .drags import Drags, EntryWithFacts
from .entries import Entry, with_facts
from .ids import IdKind, Ids, platform_number
from .ledger import Ledger
from .world.calls import CallKey
from .world.users import Connection

ADDED = (1 << 24) - 1
"""The company number in the keys of added calls."""


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
