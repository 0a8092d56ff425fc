"""The dashboard as a process of its own, without anything behind it: its routes need no Recall."""

import http.client
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from lib.staff import accounts, sessions
from lib.staff.permissions import Role
from lib.store import Store, migrate, open_store
from tests.running import free_port, running

RECALL = "http://127.0.0.1:9"
"""Nobody listens there."""
KEY = "a-key-that-must-not-be-seen"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes


@dataclass(frozen=True)
class Server:
    """A dashboard that runs, and the store behind it."""

    port: int
    store: Store
    file: Path
    log: Path

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """One request with just these headers, whatever their sense; `_` in a name is `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body or None, named)
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def ticket(self) -> str:
        """A ticket as the sign-in mints it."""
        return sessions.mint_ticket(self.store, "vera")


def environment(file: Path) -> dict[str, str]:
    """Settings that no `.env` of the person who runs the tests can change."""
    recall = {"RECALL_API_KEY": KEY, "RECALL_BASE_URL": RECALL}
    return {**recall, "DATABASE_URL": f"sqlite:///{file}", "DATA_DIR": str(file.parent)}


def command(port: int, app: str = "app.py") -> list[str]:
    return [sys.executable, "-m", "streamlit", "run", app, "--server.port", str(port)]


@contextmanager
def serving(folder: Path, app: str = "app.py", **settings: str) -> Iterator[Server]:
    """A dashboard on a store with one viewer; `settings` are more of its environment."""
    file, log, port = folder / "desk.db", folder / "dashboard.log", free_port()
    migrate(f"sqlite:///{file}")
    store = open_store(f"sqlite:///{file}", recall_base_url=RECALL)
    accounts.add(store, "vera", role=Role.VIEWER, display="Vera Lind", password="a good password")
    try:
        with running(command(port, app), log, f"http://127.0.0.1:{port}/healthz", environment(file) | settings):
            yield Server(port, store, file, log)
    finally:
        store.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Shared by all tests that leave its store whole."""
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield server
