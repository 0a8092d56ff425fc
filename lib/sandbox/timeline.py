"""A value that changes, and what it was at any instant: the past keeps the rules that held then."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


class Timeline(Generic[T]):
    """What holds from the beginning, and each later change with the instant from which it holds."""

    def __init__(self, first: T, changes: Iterable[tuple[datetime, T]] = ()) -> None:
        self.first = first
        self.changes: list[tuple[datetime, T]] = list(changes)

    def at(self, when: datetime) -> T:
        """The value at this instant; a change holds from its own instant on."""
        if not self.changes:
            return self.first
        passed = bisect_right(self.changes, when, key=lambda change: change[0])
        return self.changes[passed - 1][1] if passed else self.first

    def set(self, when: datetime, value: T) -> None:
        """From this instant on it is `value`. What a clock since set back wrote for later instants is gone."""
        passed = bisect_right(self.changes, when, key=lambda change: change[0])
        self.changes[passed:] = [(when, value)]
