"""Events that were dragged to another start: the occurrence they left keeps its bot, the one they came to gets its own.

An occurrence has the number of the drag that made it, over the whole workspace (0: no drag did), so that those who were
dragged together share the number, and with it a bot. A changed start that is no drag is a correction and moves the
bot's life along; it makes no occurrence.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from .entries import Entry
from .ledger import Ledger
from .world.calls import CallKey

Dressed = Callable[[dict[str, Any] | None], Entry]
"""Makes one meeting's entry with the facts given put over it."""


class Drags:
    """Keeps what was dragged, and answers what an entry was in each of its occurrences."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._numbers: dict[str, list[int]] = {}
        for n, drag in enumerate(ledger.drags, 1):
            self._note(n, drag)

    def add(self, at: datetime, call: CallKey, ids: Iterable[str], kept: dict[str, str | None]) -> None:
        """From this instant on these meetings are another occurrence; their rows go on naming the bots in `kept`."""
        was = {id_: dict(self._ledger.facts.get(id_, {})) for id_ in ids}
        drag = {"at": at.isoformat(), "call": list(call), "was": was, "kept": kept}
        self._ledger.drags.append(drag)
        self._note(len(self._ledger.drags), drag)

    def now(self, id_: str, dressed: Dressed) -> Entry:
        """The meeting as it is in its latest occurrence."""
        numbers = self._numbers.get(id_)
        entry = dressed(self._ledger.facts.get(id_))
        return self._come(entry, numbers[-1]) if numbers else entry

    def then(self, id_: str, dressed: Dressed, occurrence: int) -> Entry | None:
        """The meeting as it was in this occurrence: taken away, as if deleted, at the instant of the next drag."""
        numbers = [0, *self._numbers.get(id_, ())]
        if occurrence not in numbers:
            return None
        if occurrence == numbers[-1]:
            return self.now(id_, dressed)
        following = self._ledger.drags[numbers[numbers.index(occurrence) + 1] - 1]
        left = replace(dressed(following["was"][id_]), deleted_at=datetime.fromisoformat(following["at"]))
        return self._come(left, occurrence) if occurrence else left

    def facts_at_first(self, id_: str) -> dict[str, Any]:
        """The facts that were changed before the first drag: they say which call the meeting belongs to, for ever."""
        numbers = self._numbers.get(id_)
        found: dict[str, Any] = (
            self._ledger.drags[numbers[0] - 1]["was"][id_] if numbers else self._ledger.facts.get(id_, {})
        )
        return found

    def occurrences(self) -> Iterator[tuple[int, CallKey]]:
        """The number of each occurrence that a drag made, the latest first, and its call."""
        return ((n, CallKey(*self._ledger.drags[n - 1]["call"])) for n in range(len(self._ledger.drags), 0, -1))

    def _come(self, entry: Entry, number: int) -> Entry:
        drag = self._ledger.drags[number - 1]
        at, kept = datetime.fromisoformat(drag["at"]), drag["kept"].get(entry.id)
        return replace(entry, occurrence=number, came_at=at, kept_bot=kept)

    def _note(self, number: int, drag: dict[str, Any]) -> None:
        for id_ in drag["was"]:
            self._numbers.setdefault(id_, []).append(number)
