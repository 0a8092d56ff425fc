"""Events that were dragged to another start: the old occurrence keeps its bot, the new one gets a bot of its own.

An occurrence has the number of the drag that made it, counted over the whole workspace (0: none), so that entries that
were dragged together share the number, and with it a bot. Any other new start is a correction: it makes no occurrence,
and moves the bot's lifecycle along.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from .entries import Entry
from .ledger import Ledger
from .world.calls import CallKey

EntryWithFacts = Callable[[dict[str, Any] | None], Entry]
"""Makes the entry of one meeting with the given facts set."""


class Drags:
    """Records drags, and answers what an entry was in each of its occurrences."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._numbers: dict[str, list[int]] = {}
        for n, drag in enumerate(ledger.drags, 1):
            self._index(n, drag)

    def add(self, at: datetime, call: CallKey, ids: Iterable[str], kept: dict[str, str | None]) -> None:
        """Make another occurrence of these meetings from now on; their rows go on naming the bots in `kept`."""
        was = {id_: dict(self._ledger.facts.get(id_, {})) for id_ in ids}
        drag = {"at": at.isoformat(), "call": list(call), "was": was, "kept": kept}
        self._ledger.drags.append(drag)
        self._index(len(self._ledger.drags), drag)

    def now(self, id_: str, make: EntryWithFacts) -> Entry:
        """The meeting as it is in its latest occurrence."""
        numbers = self._numbers.get(id_)
        entry = make(self._ledger.facts.get(id_))
        return self._arrived(entry, numbers[-1]) if numbers else entry

    def then(self, id_: str, make: EntryWithFacts, occurrence: int) -> Entry | None:
        """The meeting in this occurrence, if it has it; the next drag ends it as if the event was deleted."""
        numbers = [0, *self._numbers.get(id_, ())]
        if occurrence not in numbers:
            return None
        if occurrence == numbers[-1]:
            return self.now(id_, make)
        following = self._ledger.drags[numbers[numbers.index(occurrence) + 1] - 1]
        left = replace(make(following["was"][id_]), deleted_at=datetime.fromisoformat(following["at"]))
        return self._arrived(left, occurrence) if occurrence else left

    def facts_at_first(self, id_: str) -> dict[str, Any]:
        """The facts changed before the first drag: they decide for good which call the meeting belongs to."""
        numbers = self._numbers.get(id_)
        before = self._ledger.drags[numbers[0] - 1]["was"] if numbers else self._ledger.facts
        found: dict[str, Any] = before.get(id_, {})
        return found

    def occurrences(self) -> Iterator[tuple[int, CallKey]]:
        """The number and the call of each occurrence that a drag made, the latest first."""
        return ((n, CallKey(*self._ledger.drags[n - 1]["call"])) for n in range(len(self._ledger.drags), 0, -1))

    def _arrived(self, entry: Entry, number: int) -> Entry:
        drag = self._ledger.drags[number - 1]
        at, kept = datetime.fromisoformat(drag["at"]), drag["kept"].get(entry.id)
        return replace(entry, occurrence=number, dragged_at=at, kept_bot=kept)

    def _index(self, number: int, drag: dict[str, Any]) -> None:
        for id_ in drag["was"]:
            self._numbers.setdefault(id_, []).append(number)
