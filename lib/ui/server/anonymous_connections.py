"""Who is connected and not signed in: so many of one address, so many in all. Pure.

A newcomer is always let in, or a full house would keep staff from signing in. Somebody else goes for it: of the address
that has most of them the one that was silent for longest. Whoever is signed in is not among them.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

MOST_OF_AN_ADDRESS = 30
MOST = 120


@dataclass(eq=False, frozen=True, slots=True)
class Stranger:
    """One connection."""

    address: str
    drop: Callable[[], None]
    """Ends it."""


class Strangers:
    """All of them in this process."""

    def __init__(self, *, of_an_address: int = MOST_OF_AN_ADDRESS, in_all: int = MOST):
        self._of_an_address, self._in_all = of_an_address, in_all
        self._there: dict[Stranger, None] = {}
        """Who was silent for longest comes first."""

    def __len__(self) -> int:
        return len(self._there)

    def let_in(self, newcomer: Stranger) -> None:
        """Take `newcomer` in; where the house is full, or its address has too many, another one goes."""
        crowds = Counter(each.address for each in self._there)
        if crowds[newcomer.address] >= self._of_an_address:
            self._drop_of({newcomer.address})
        elif len(self._there) >= self._in_all:
            most = max(crowds.values())
            self._drop_of({address for address, number in crowds.items() if number == most})
        self._there[newcomer] = None

    def heard(self, stranger: Stranger) -> None:
        """It said something."""
        if stranger in self._there:
            del self._there[stranger]
            self._there[stranger] = None

    def gone(self, stranger: Stranger) -> None:
        """It is no stranger any more, or no longer there."""
        self._there.pop(stranger, None)

    def _drop_of(self, addresses: set[str]) -> None:
        longest_silent = next(each for each in self._there if each.address in addresses)
        del self._there[longest_silent]
        longest_silent.drop()
