"""Repeatable randomness: a generator per key, so that anything can be made alone, in any order and on any day."""

import random
from bisect import bisect
from collections.abc import Iterable
from hashlib import blake2b
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")
Key = str | int | None


def hash_of(*key: Key) -> int:
    """A 64-bit number that depends on the key alone."""
    return int.from_bytes(blake2b(repr(key).encode(), digest_size=8).digest())


def generator(*key: Key) -> random.Random:
    """A generator that gives the same numbers for the same key, in every process and on every day."""
    return random.Random(hash_of(*key))  # noqa: S311 - repeatable on purpose, guards nothing


def fraction(*key: Key) -> float:
    """A number from 0 (included) to 1 (excluded) that depends on the key alone."""
    return hash_of(*key) / 2**64


class WeightedChoice(Generic[T]):
    """Options that are chosen in proportion to their weights."""

    def __init__(self, weighted: Iterable[tuple[T, float]]) -> None:
        options, weights = zip(*weighted, strict=True)
        self._options: tuple[T, ...] = options
        self._cumulative = tuple(accumulate(weights))

    @staticmethod
    def of_words(text: str) -> "WeightedChoice[str]":
        """A choice of words, each with its weight after it: `zoom 20, webex 2`."""
        pairs = (pair.split() for pair in text.split(","))
        return WeightedChoice((word, float(weight)) for word, weight in pairs)

    def at(self, fraction_: float) -> T:
        """The option at this fraction, from 0 (included) to 1 (excluded), of the total weight."""
        return self._options[bisect(self._cumulative, fraction_ * self._cumulative[-1])]

    def pick(self, rng: random.Random) -> T:
        """One of the options, drawn from the generator."""
        return self.at(rng.random())
