"""`python -m lib.sync run`: one pass after another, and at once when somebody asks for one."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.clock import Clock
from lib.errors import DeskError
from lib.store import Store, passes
from lib.store.freshness import SYNC_LEASE
from lib.store.leases import is_taken
from lib.store.passes import PassState
from lib.sync.full_pass import PassResult

LOOKS_EVERY_SECONDS = 0.5
"""How soon a request is noticed."""
AGAIN_AFTER = timedelta(seconds=15)
"""The pause after a pass that failed."""

log = logging.getLogger(__name__)


@dataclass
class PassLoop:
    """Runs `one_pass` whenever it is due: `every` after the end of the last one, or when somebody asked."""

    store: Store
    one_pass: Callable[[], PassResult]
    every: timedelta
    clock: Clock
    stop: threading.Event
    _not_before: datetime | None = None

    def run(self) -> None:
        """Run passes until `stop` is set. One that fails is logged in a sentence and followed by the next."""
        while not self.stop.is_set():
            try:
                if self._is_due():
                    _report(self.one_pass())
                    self._not_before = None
            except DeskError as problem:
                log.warning("%s", problem)
                self._not_before = self.clock() + AGAIN_AFTER
            except Exception:
                log.exception("the pass met a defect")
                self._not_before = self.clock() + AGAIN_AFTER
            self.stop.wait(LOOKS_EVERY_SECONDS)

    def _is_due(self) -> bool:
        now = self.clock()
        if self._not_before is not None and now < self._not_before <= now + AGAIN_AFTER:
            return False
        with self.store.read() as connection:
            last, asked = passes.latest(connection), passes.asked(connection)
            if is_taken(connection, SYNC_LEASE, now):
                return False
        if asked or last is None or last.state is PassState.RUNNING or last.ended_at is None:
            return True
        return not last.ended_at <= now < last.ended_at + self.every


def _report(done: PassResult) -> None:
    counts = done.counts
    users, failed = counts.get("users_done", 0), len(done.failures)
    log.info("pass %d: %s, %d users, %d not read, %.1f s", done.key, done.state.value, users, failed, done.seconds)
    if done.sentence:
        log.warning("%s", done.sentence)
