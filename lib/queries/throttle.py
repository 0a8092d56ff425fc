"""Clicks on "Read again": whoever asks for what was asked for a moment ago gets that."""

import threading
from datetime import datetime, timedelta

from lib.clock import Clock

AGAIN_AFTER = timedelta(seconds=2)
"""Nobody looks and decides to read anew in less; without it ten clicks a second would spend everybody's calls."""


class RefreshThrottle:
    """Thread-safe. Holds who was asked for within `AGAIN_AFTER`, whoever asked."""

    def __init__(self, clock: Clock):
        self._clock = clock
        self._lock = threading.Lock()
        self._asked: dict[str, datetime] = {}

    def is_first(self, key: str) -> bool:
        """Whether nobody asked for `key` a moment ago; from now on somebody did. A clock put back asks anew."""
        now = self._clock()
        with self._lock:
            self._asked = {name: at for name, at in self._asked.items() if timedelta(0) <= now - at < AGAIN_AFTER}
            if key in self._asked:
                return False
            self._asked[key] = now
            return True
