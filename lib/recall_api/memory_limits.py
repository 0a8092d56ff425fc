"""Memory limits: how long a list of Recall's may be, and how many long ones this process holds at the same time.

The memory that an answer takes depends on its bytes and, where it consists of many small values, on their number: an
empty object is two bytes of the answer, and many times that here.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import BoundedSemaphore

from lib.recall_api.allow_list import Endpoint

BYTES_OF_A_THING = 16
"""The least that each value of an answer counts."""
SIDE_BY_SIDE = ((1_000_000, 4), (8_000_000, 1))
"""Of lists longer than so many bytes, so many are held at the same time; the others wait."""


class MemoryLimits:
    """The memory limits of one process."""

    def __init__(self) -> None:
        self._doors = tuple((longer_than, BoundedSemaphore(number)) for longer_than, number in SIDE_BY_SIDE)

    def of(self, endpoint: Endpoint) -> "MemoryBudget":
        """A budget for one call, or for a list with all its pages."""
        return MemoryBudget(endpoint.most_bytes, endpoint.most_rows, self._doors)


class MemoryBudget:
    """What one list may take; what it took is freed at the end of a `with` block."""

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
        """Whether so many more bytes fit."""
        return self._bytes + length <= self._most_bytes

    def take(self, piece: bytes, waiting: Callable[[], AbstractContextManager[None]] = nullcontext) -> bool:
        """Take up the next piece of an answer; returns whether it fits. May wait, within `waiting`, for other lists."""
        self._bytes += weight(piece)
        while self._passed < len(self._doors) and self._bytes > self._doors[self._passed][0]:
            with waiting():
                self._doors[self._passed][1].acquire()
            self._passed += 1
        return self._bytes <= self._most_bytes

    def give_back(self, taken: int) -> None:
        """Give back what an answer took that broke off."""
        self._bytes -= taken

    def take_rows(self, number: int) -> bool:
        """Take up so many more rows; returns whether they fit."""
        self._rows += number
        return self._rows <= self._most_rows


def weight(piece: bytes) -> int:
    """How much a piece of an answer counts."""
    things = piece.count(b",") + piece.count(b"{") + piece.count(b"[")
    return max(len(piece), things * BYTES_OF_A_THING)
