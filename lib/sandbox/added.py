"""Meetings that the control route added, kept in the ledger as facts."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from .decision import Facts
from .drags import Drags, Dressed
from .entries import Entry, changed
from .ids import Ids, Kind
from .ledger import Ledger
from .platforms import platform_number
from .world.calls import CallKey
from .world.users import Connection

ADDED = (1 << 24) - 1
"""The company number that the calls of added meetings carry."""


class AddedMeetings:
    """Added meetings with the same `ical_uid` and start are one call, named by the first of them."""

    def __init__(self, ledger: Ledger, ids: Ids, drags: Drags) -> None:
        self._ledger = ledger
        self._ids = ids
        self._drags = drags
        self._known_calls: tuple[dict[CallKey, list[int]], dict[int, CallKey]] | None = None

    def add(self, user: int, connection: Connection, facts: dict[str, Any]) -> str:
        """Put a meeting into the user's calendar as it is connected; answers its id."""
        named = {"user": user, "calendar_platform": connection.platform}
        self._ledger.added.append(named | {"email": connection.email, "epoch": connection.epoch, "facts": facts})
        self._known_calls = None
        return self._id(len(self._ledger.added) - 1)

    def change(self, id_: str, facts: dict[str, Any]) -> None:
        """Set facts of any meeting, added or not."""
        self._ledger.facts.setdefault(id_, {}).update(facts)
        self._known_calls = None

    def of_user(self, user: int) -> Iterator[Entry]:
        """The meetings added to this user's calendars."""
        return (self._entry(n) for n, record in enumerate(self._ledger.added) if record["user"] == user)

    def named(self, key: CallKey) -> Iterator[Entry]:
        """The meeting whose id carries this key; there is at most one."""
        n = key.day << 16 | key.place
        if n < len(self._ledger.added):
            yield self._entry(n)

    def sharing(self, key: CallKey, occurrence: int) -> Iterator[Entry]:
        """The meetings that are this call, as they were in this occurrence."""
        found = (self._drags.then(self._id(n), self._dressed(n), occurrence) for n in self._calls()[0].get(key, ()))
        return (entry for entry in found if entry)

    def calls(self) -> dict[CallKey, set[int]]:
        """The calls, with the numbers of the calendar platforms that they are on."""
        return {key: {self._platform(n) for n in of} for key, of in self._calls()[0].items()}

    def _calls(self) -> tuple[dict[CallKey, list[int]], dict[int, CallKey]]:
        """The meetings of each call, and the call of each meeting."""
        if self._known_calls is None:
            groups: dict[object, list[int]] = {}
            for n in range(len(self._ledger.added)):
                groups.setdefault(self._group(n), []).append(n)
            members = {_numbered(of[0]): of for of in groups.values()}
            self._known_calls = members, {n: key for key, of in members.items() for n in of}
        return self._known_calls

    def _group(self, n: int) -> object:
        facts = self._ledger.added[n]["facts"] | self._drags.facts_at_first(self._id(n))
        uid, start = facts.get("ical_uid"), facts.get("start_time")
        return (uid, datetime.fromisoformat(start) if start else None) if uid else n

    def _entry(self, n: int) -> Entry:
        return self._drags.now(self._id(n), self._dressed(n))

    def _dressed(self, n: int) -> Dressed:
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
        return lambda facts: changed(blank, record["facts"] | (facts or {}))

    def _id(self, n: int) -> str:
        record = self._ledger.added[n]
        return self._ids.make(Kind.MEETING, record["user"], self._platform(n), record["epoch"], *_numbered(n))

    def _platform(self, n: int) -> int:
        return platform_number(self._ledger.added[n]["calendar_platform"])


def _numbered(n: int) -> CallKey:
    return CallKey(ADDED, n >> 16, n & 0xFFFF)
