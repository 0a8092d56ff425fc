"""A dashboard alone, on a store filled beforehand; its Recall does not answer."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.large import RECALL, large_store
from lib.staff.demo import add_demo_staff
from lib.store import Store
from tests.running import free_port, running


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs."""

    url: str
    process_id: int
    log: Path


@contextmanager
def serving(
    folder: Path,
    entries: int,
    users: int,
    *,
    fill: Callable[[Store], object] = lambda store: None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Served]:
    """The dashboard on a store of so many entries and users, and what `fill` adds; `settings` of the environment."""
    folder.mkdir()
    store = large_store(folder / "desk.db", entries, users)
    add_demo_staff(store)
    fill(store)
    store.close()
    needed = {
        "RECALL_API_KEY": "bench",
        "RECALL_BASE_URL": RECALL,
        "DATABASE_URL": f"sqlite:///{folder / 'desk.db'}",
        "DATA_DIR": str(folder),
    }
    with streamlit("app.py", "healthz", folder / "desk.log", {**needed, **(settings or {})}) as served:
        yield served


@contextmanager
def streamlit(script: str, answers_at: str, log: Path, settings: Mapping[str, str]) -> Iterator[Served]:
    """A script of Streamlit's on a server of its own."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    with running(command, log, f"{url}/{answers_at}", settings) as process:
        yield Served(url, process.pid, log)
