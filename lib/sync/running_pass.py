"""A pass at work: what its stages share, and the one way in which they write."""

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
from lib.sync.slow_calendars import SLOW_AFTER_SECONDS
from lib.sync.worker_pool import Finished

T = TypeVar("T")
R = TypeVar("R")

FAILURES_IN_A_ROW = 10
"""So many reads in a row without an answer: Recall as a whole does not answer, not for one user alone."""


@dataclass
class RunningPass:
    """One pass in this process."""

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
    """As they stand in the store."""
    slow_after: float = SLOW_AFTER_SECONDS
    """So many seconds of Recall's over one user's meetings make a slow user."""

    def __post_init__(self) -> None:
        self._minted_before = self.recall.tokens_minted - self.counts["tokens_minted"]

    @property
    def tokens_minted(self) -> int:
        """In this pass, by this process and by those that it was taken up from."""
        return self.recall.tokens_minted - self._minted_before

    def now(self) -> datetime:
        """The time, never before the pass began: what it did is told from what was done earlier by that."""
        return max(self.clock(), self.begun_at)

    @contextmanager
    def write(self) -> Iterator[tuple[Transaction, "Counter[str]"]]:
        """One transaction of the pass. What is done with the counts is kept with it, or lost with it.

        Raises `SyncBusy` when another process has the lease, and then nothing is written.
        """
        counts = Counter(self.counts)
        with self.store.write() as connection:
            self.lease.require(connection)
            yield connection, counts
            passes.progress(connection, self.key, stage=self.stage, counts=counts)
        self.counts = counts

    def begin_stage(self, stage: str, **counts: int) -> None:
        """Say what comes now, and how much of it. Raises `SyncStopped`."""
        self.raise_if_stopped()
        self.stage = stage
        with self.write() as (_, now):
            for name, number in counts.items():
                now[name] = number

    def raise_if_stopped(self) -> None:
        """Raises `SyncStopped` when this process is to end."""
        if self.stop.is_set():
            raise SyncStopped


@dataclass
class CircuitBreaker:
    """Tells a Recall that refuses everything from one that refuses a user."""

    patience: int = FAILURES_IN_A_ROW
    problem: DeskError | None = None
    """Why there is no point in asking on, whoever is asked for."""
    _in_a_row: int = 0

    def note(self, error: Exception | None) -> bool:
        """What came of one read. Answers whether it was the last that makes sense.

        One that Recall was too slow for says nothing of the others (contract N1): it neither counts nor ends a row.
        """
        if isinstance(error, RecallSlow):
            return self.problem is not None
        lacks_an_answer = isinstance(error, RecallUnreachable | RecallLimited)
        self._in_a_row = self._in_a_row + 1 if lacks_an_answer else 0
        ends_all = isinstance(error, RecallKeyRefused | RecallOutOfCredit | StoreError | SyncStopped)
        if isinstance(error, DeskError) and (ends_all or self._in_a_row >= self.patience):
            self.problem = error
        return self.problem is not None

    def conclusive(self, batch: Sequence[Finished[T, R]]) -> list[Finished[T, R]]:
        """What a batch says of the items asked for: of one that was in vain nothing, once Recall refuses all."""
        return [done for done in batch if self.problem is None or done.error is None]
