"""A file of 50,000 rows, taken while somebody else clicks."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter
from urllib.request import Request, urlopen

from streamlit.proto.DownloadButton_pb2 import DownloadButton

from bench.large import user_id
from bench.people import ALONE_PAUSE, ALONE_SECONDS, crowd, work_alone
from bench.person import Person
from bench.serving import serving
from bench.table import Row, pair, single
from lib.clock import utc_now
from lib.store import Store, events
from lib.store.events import EventKind
from tests.websocket_client import connect

ROWS, ENTRIES, USERS = 50_000, 50_000, 500
MOST_TIMES = 1.2
FILES = 4
"""Of each kind, one after the other: enough clicks meanwhile to compare."""
KINDS = ("XLSX", "CSV")


def measure_exporting(folder: Path) -> list[Row]:
    """Click alone; then click while Activity is taken along as a file, first one kind, then the other."""
    with serving(folder / "exporting", ENTRIES, USERS, fill=_fill) as served:
        first, *others = crowd(served.url, [user_id(n) for n in range(USERS)], 1 + len(KINDS))
        work_alone(first, ALONE_SECONDS)
        rows = [row for kind, person in zip(KINDS, others, strict=True) for row in _beside(first, person, kind)]
        return rows


def take_along(person: Person, kind: str) -> tuple[float, int]:
    """Have Activity made into a file and get it; answers seconds and bytes."""
    with connect(person.url, cookie=person.cookie, path="activity") as tab:
        tab.rerun()
        began = perf_counter()
        place = tab.file(tab.labelled(DownloadButton, kind).deferred_file_id, timeout=300)
        cookie = "; ".join(f"{name}={value}" for name, value in person.cookie.items())
        with urlopen(Request(f"{person.url}{place}", headers={"Cookie": cookie}), timeout=60) as answer:  # noqa: S310
            size = len(answer.read())
    return perf_counter() - began, size


def _beside(alone: Person, person: Person, kind: str) -> Iterator[Row]:
    ends = Event()
    clicking = Thread(target=person.work, args=(ALONE_PAUSE, ends))
    clicking.start()
    try:
        taken = [take_along(alone, kind) for _ in range(FILES)]
    finally:
        ends.set()
        clicking.join()
    name = f"a click while {ROWS:,} rows are taken along as {kind}, beside alone"
    yield pair(name, person.milliseconds, alone.milliseconds, most=MOST_TIMES)
    yield single(f"the {kind} itself, {taken[0][1] / 1e6:.1f} MB", median(seconds for seconds, _ in taken), "s")


def _fill(store: Store) -> None:
    """As many sign-ins as a file may have rows."""
    now = utc_now()
    with store.write() as connection:
        for number in range(ROWS):
            events.add(connection, EventKind.SIGNED_IN, "viewer", now=now - timedelta(seconds=number))
