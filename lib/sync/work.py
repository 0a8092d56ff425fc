"""A pass at work: what its stages share, and the one way in which they write."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from lib.clock import Clock
from lib.errors import (
    DeskError,
    RecallKeyRefused,
    RecallLimited,
    RecallOutOfCredit,
    RecallUnreachable,
    StoreError,
    SyncStopped,
)
from lib.recall_api import Recall
from lib.store import Store, Transaction, passes
from lib.sync.lease import require

IN_A_ROW = 10
"""So many reads in a row without an answer: Recall as a whole does not answer, not for one user alone."""


@dataclass
class Work:
    """One pass in this process."""

    store: Store
    recall: Recall
    clock: Clock
    holder: str
    stop: threading.Event
    threads: int
    key: int
    begun_at: datetime
    stage: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    """As they stand in the store."""

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
            require(connection, self.holder)
            yield connection, counts
            passes.progress(connection, self.key, stage=self.stage, counts=counts)
        self.counts = counts

    def begin_stage(self, stage: str, **counts: int) -> None:
        """Say what comes now, and how much of it. Raises `SyncStopped`."""
        self.go_on()
        self.stage = stage
        with self.write() as (_, now):
            now.update(dict.fromkeys(counts, 0))
            for name, number in counts.items():
                now[name] = number

    def go_on(self) -> None:
        """Raises `SyncStopped` when this process is to end."""
        if self.stop.is_set():
            raise SyncStopped


@dataclass
class Refusals:
    """Tells a Recall that refuses everything from one that refuses a user."""

    patience: int = IN_A_ROW
    _in_a_row: int = 0

    def note(self, error: Exception | None) -> DeskError | None:
        """What came of one read. Answers the error when there is no point in asking on, whoever was asked for."""
        if isinstance(error, RecallKeyRefused | RecallOutOfCredit | StoreError | SyncStopped):
            return error
        if not isinstance(error, RecallUnreachable | RecallLimited):
            self._in_a_row = 0
            return None
        self._in_a_row += 1
        return error if self._in_a_row >= self.patience else None
