"""Graceful shutdown: changes under way are finished first, and no new ones begin."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from lib import logs
from lib.bootstrap import desk
from lib.writes import writes_in_flight

FINISHES_WITHIN_SECONDS = 20.0
LOOKS_EVERY_SECONDS = 0.1

Handler = Callable[[int, FrameType | None], Any]

log = logging.getLogger(__name__)


@contextmanager
def ends_gently() -> Iterator[None]:
    """While the block lasts, TERM first refuses new changes and waits for those under way, up to 20 seconds.

    `/healthz` answers 503 from then on, so that a proxy turns to another server; pages are served until the end. A
    second TERM ends the server at once. What was not finished even so is settled at the next start.
    """
    ends_server = signal.getsignal(signal.SIGTERM)
    if not callable(ends_server):
        yield
        return

    def on_term(number: int, frame: FrameType | None) -> None:
        if writes_in_flight.refuses:
            ends_server(number, frame)
            return
        writes_in_flight.refuse()
        threading.Thread(target=_finish, name="stopping").start()

    signal.signal(signal.SIGTERM, on_term)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, ends_server)


def _finish() -> None:
    """Wait, then send the signal again: only the main thread can end the server."""
    gives_up_at = time.monotonic() + FINISHES_WITHIN_SECONDS
    desk().batches.closing.set()  # none begins with another user
    ended = writes_in_flight.have_ended(FINISHES_WITHIN_SECONDS)
    while desk().batches.is_busy and time.monotonic() < gives_up_at:
        time.sleep(LOOKS_EVERY_SECONDS)
    if not ended:
        log.warning("changes were still under way after %d s; the next start settles them", FINISHES_WITHIN_SECONDS)
    logs.flush()
    os.kill(os.getpid(), signal.SIGTERM)
