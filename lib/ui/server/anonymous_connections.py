"""Connections of clients that are not signed in, limited per address and in all. Pure.

A new connection is always admitted, or a full server would keep staff from signing in. Another one is dropped for it:
the one longest silent of the address that has most. Connections of staff who are signed in are not counted.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

MOST_OF_AN_ADDRESS = 30
MOST = 120


@dataclass(eq=False, frozen=True, slots=True)
class AnonymousConnection:
    """One connection."""

    address: str
    drop: Callable[[], None]
    """Ends it."""


class AnonymousConnections:
    """All of this process."""

    def __init__(self, *, of_an_address: int = MOST_OF_AN_ADDRESS, in_all: int = MOST):
        self._of_an_address, self._in_all = of_an_address, in_all
        self._there: dict[AnonymousConnection, None] = {}
        """The longest silent comes first."""

    def __len__(self) -> int:
        return len(self._there)

    def admit(self, newcomer: AnonymousConnection) -> None:
        """Count `newcomer`, and drop another one where it is one too many."""
        crowds = Counter(each.address for each in self._there)
        if crowds[newcomer.address] >= self._of_an_address:
            self._drop_of({newcomer.address})
        elif len(self._there) >= self._in_all:
            most = max(crowds.values())
            self._drop_of({address for address, number in crowds.items() if number == most})
        self._there[newcomer] = None

    def note_activity(self, stranger: AnonymousConnection) -> None:
        """It sent something."""
        if stranger in self._there:
            del self._there[stranger]
            self._there[stranger] = None

    def remove(self, stranger: AnonymousConnection) -> None:
        """It closed, or its user signed in."""
        self._there.pop(stranger, None)

    def _drop_of(self, addresses: set[str]) -> None:
        longest_silent = next(each for each in self._there if each.address in addresses)
        del self._there[longest_silent]
        longest_silent.drop()
