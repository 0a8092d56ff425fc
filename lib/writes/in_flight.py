"""The changes that this process is at, so that it can end between two of them and not in the middle of one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from lib.errors import ServerEnding


class InFlightWrites:
    """Counts changes while they are made. Safe for many threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._changes = 0
        self._refuses = False

    @property
    def refuses(self) -> bool:
        """Whether no change may begin any more."""
        return self._refuses

    @contextmanager
    def one(self) -> Iterator[None]:
        """A change, for as long as the block lasts. Raises `ServerEnding` once none may begin."""
        with self._changed:
            if self._refuses:
                raise ServerEnding
            self._changes += 1
        try:
            yield
        finally:
            with self._changed:
                self._changes -= 1
                self._changed.notify_all()

    def refuse(self) -> None:
        """Let no other change begin."""
        with self._changed:
            self._refuses = True

    def have_ended(self, within_seconds: float) -> bool:
        """Wait until none is under way; False when some still are after that time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._changes == 0, max(within_seconds, 0.0))


writes_in_flight = InFlightWrites()
"""Those of this process."""
