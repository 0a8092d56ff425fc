"""How much of what Recall answers this process holds at once: so much of one list, and few long ones side by side.

What an answer takes while it is read and understood goes by its letters, and where it is made of many small things by
their number: an empty object is two letters of it, and many times as much of ours.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import BoundedSemaphore

from lib.recall_api.allow_list import Endpoint

BYTES_OF_A_THING = 16
"""What each value of an answer counts at least; what people write is longer."""
SIDE_BY_SIDE = ((1_000_000, 4), (8_000_000, 1))
"""Of lists that are longer than so many bytes so many are held at the same time; the others wait."""


class MemoryLimits:
    """Those of one process."""

    def __init__(self) -> None:
        self._doors = tuple((longer_than, BoundedSemaphore(number)) for longer_than, number in SIDE_BY_SIDE)

    def of(self, endpoint: Endpoint) -> "MemoryBudget":
        """For one call, or for a list with all its pages."""
        return MemoryBudget(endpoint.most_bytes, endpoint.most_rows, self._doors)


class MemoryBudget:
    """What one list may take. In a `with` block: what it took is free again behind it."""

    def __init__(self, most_bytes: int, most_rows: int, doors: tuple[tuple[int, BoundedSemaphore], ...]):
        self._most_bytes, self._most_rows, self._doors = most_bytes, most_rows, doors
        self._bytes = self._rows = self._passed = 0

    def __enter__(self) -> "MemoryBudget":
        return self

    def __exit__(self, *_: object) -> None:
        for _longer_than, door in self._doors[: self._passed]:
            door.release()
        self._passed = 0

    def has(self, length: int) -> bool:
        """Whether there is room for so many bytes more."""
        return self._bytes + length <= self._most_bytes

    def take(self, piece: bytes, waiting: Callable[[], AbstractContextManager[None]] = nullcontext) -> bool:
        """Whether there is room for the next piece of an answer. May wait, within `waiting`, for others to be done."""
        self._bytes += weight(piece)
        while self._passed < len(self._doors) and self._bytes > self._doors[self._passed][0]:
            with waiting():
                self._doors[self._passed][1].acquire()
            self._passed += 1
        return self._bytes <= self._most_bytes

    def give_back(self, taken: int) -> None:
        """An answer came to nothing, and is asked for again."""
        self._bytes -= taken

    def take_rows(self, number: int) -> bool:
        """Whether there is room for so many rows more."""
        self._rows += number
        return self._rows <= self._most_rows


def weight(piece: bytes) -> int:
    """What a piece of an answer counts."""
    things = piece.count(b",") + piece.count(b"{") + piece.count(b"[")
    return max(len(piece), things * BYTES_OF_A_THING)
