"""Chance that can be repeated: a generator per key, so that anything may be made alone, in any order, on any day."""

import random
from bisect import bisect
from collections.abc import Iterable
from hashlib import blake2b
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")
Key = str | int | None


def number_from(*key: Key) -> int:
    """A 64-bit number that depends on nothing but the key."""
    return int.from_bytes(blake2b(repr(key).encode(), digest_size=8).digest())


def dice(*key: Key) -> random.Random:
    """A generator that throws the same numbers for the same key, in every process and on every day."""
    return random.Random(number_from(*key))  # noqa: S311 - repeatable on purpose, guards nothing


def share(*key: Key) -> float:
    """One number from 0 (included) to 1 (excluded) for the key."""
    return number_from(*key) / 2**64


class Odds(Generic[T]):
    """Things that turn up in proportion to their weights."""

    def __init__(self, weighted: Iterable[tuple[T, float]]) -> None:
        things, weights = zip(*weighted, strict=True)
        self._things: tuple[T, ...] = things
        self._upto = tuple(accumulate(weights))

    def at(self, share_: float) -> T:
        """The thing at this share, from 0 (included) to 1 (excluded), of all weights together."""
        return self._things[bisect(self._upto, share_ * self._upto[-1])]

    def pick(self, rng: random.Random) -> T:
        """One of them."""
        return self.at(rng.random())
