"""A running pass: what its stages share, the one way in which they write, and when they give up."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from lib.clock import Clock
from lib.errors import (
    DeskError,
    RecallKeyRefused,
    RecallLimited,
    RecallOutOfCredit,
    RecallSlow,
    RecallUnreachable,
    StoreError,
    SyncStopped,
)
from lib.recall_api import Recall
from lib.store import Store, Transaction, passes
from lib.store.leases import HeldLease
from lib.sync.user_meetings import SLOW_AFTER_SECONDS
from lib.sync.worker_pool import Finished

T = TypeVar("T")
R = TypeVar("R")

FAILURES_IN_A_ROW = 10
"""After so many reads in a row without an answer it is Recall as a whole that does not answer."""


@dataclass
class RunningPass:
    """One pass, as this process runs it."""

    store: Store
    recall: Recall
    clock: Clock
    lease: HeldLease
    stop: threading.Event
    threads: int
    key: int
    begun_at: datetime
    stage: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    """As the store has them."""
    slow_after: float = SLOW_AFTER_SECONDS
    """A user is slow when Recall takes more seconds than this over their meetings."""

    def __post_init__(self) -> None:
        self._minted_before = self.recall.tokens_minted - self.counts["tokens_minted"]

    @property
    def tokens_minted(self) -> int:
        """Tokens minted in this pass, by this process and by those that began it."""
        return self.recall.tokens_minted - self._minted_before

    def now(self) -> datetime:
        """The current time, never before the pass began, so that what it did is later than what was done before it."""
        return max(self.clock(), self.begun_at)

    @contextmanager
    def write(self) -> Iterator[tuple[Transaction, "Counter[str]"]]:
        """Open one transaction of the pass. Changes of the counts are committed, or lost, with it.

        Raises `SyncBusy` when another process has the lease, and then nothing is written.
        """
        counts = Counter(self.counts)
        with self.store.write() as connection:
            self.lease.require(connection)
            yield connection, counts
            passes.progress(connection, self.key, stage=self.stage, counts=counts)
        self.counts = counts

    def begin_stage(self, stage: str, **counts: int) -> None:
        """Record which stage begins, and how much it has to do. Raises `SyncStopped`."""
        self.raise_if_stopped()
        self.stage = stage
        with self.write() as (_, now):
            for name, number in counts.items():
                now[name] = number

    def raise_if_stopped(self) -> None:
        """Raise `SyncStopped` when this process is to end."""
        if self.stop.is_set():
            raise SyncStopped


@dataclass
class CircuitBreaker:
    """Opens, and so ends all reading, when Recall as a whole refuses or does not answer, not for one item alone."""

    threshold: int = FAILURES_IN_A_ROW
    problem: DeskError | None = None
    """Why it opened; None while it is closed."""
    _in_a_row: int = 0

    def record(self, error: Exception | None) -> bool:
        """Count the outcome of one read; returns whether the breaker is open.

        A read that Recall was too slow for says nothing about others (contract N1), so it is not counted.
        """
        if isinstance(error, RecallSlow):
            return self.problem is not None
        lacks_an_answer = isinstance(error, RecallUnreachable | RecallLimited)
        self._in_a_row = self._in_a_row + 1 if lacks_an_answer else 0
        ends_all = isinstance(error, RecallKeyRefused | RecallOutOfCredit | StoreError | SyncStopped)
        if isinstance(error, DeskError) and (ends_all or self._in_a_row >= self.threshold):
            self.problem = error
        return self.problem is not None

    def conclusive(self, batch: Sequence[Finished[T, R]]) -> list[Finished[T, R]]:
        """The results that say something about their items: once the breaker is open, failures do not."""
        return [done for done in batch if self.problem is None or done.error is None]
