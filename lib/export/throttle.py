"""Gathers the rows of a file slowly enough that whoever clicks meanwhile does not notice.

A thread of Python's that only computes makes every other one wait for its turn at each step. One that pauses for a
moment every few milliseconds leaves them theirs: others were measured to take a half longer, and not three times as
long.
"""

from collections.abc import Iterable, Iterator
from time import perf_counter, sleep
from typing import TypeVar

T = TypeVar("T")

WORKS_SECONDS, PAUSES_SECONDS = 0.002, 0.001


def throttled(rows: Iterable[T]) -> Iterator[T]:
    """The rows as they are, with a pause now and then. A short table knows none."""
    began = perf_counter()
    for row in rows:
        yield row
        if perf_counter() - began >= WORKS_SECONDS:
            sleep(PAUSES_SECONDS)
            began = perf_counter()
