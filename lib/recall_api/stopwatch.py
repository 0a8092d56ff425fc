"""How long Recall takes over somebody's meetings: its own time, without our waits for a budget and between tries."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from lib.recall_api.allow_list import LIST_MEETINGS, Endpoint


@dataclass(slots=True)
class Stopwatch:
    """`seconds` of all pages and tries so far."""

    seconds: float = 0.0


_running: ContextVar[Stopwatch | None] = ContextVar("running", default=None)


@contextmanager
def timing_meetings() -> Iterator[Stopwatch]:
    """Times the lists of meetings that this thread asks for in the block."""
    token = _running.set(watch := Stopwatch())
    try:
        yield watch
    finally:
        _running.reset(token)


def add_time(endpoint: Endpoint, seconds: float) -> None:
    """`endpoint` took so long over one try."""
    watch = _running.get()
    if watch is not None and endpoint is LIST_MEETINGS:
        watch.seconds += seconds
