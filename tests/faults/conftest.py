"""One dashboard on a workspace that was read once, driven by its own protocol; what is broken heals after each test."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from lib.domain import CalendarUser
from lib.recall_api import open_recall
from lib.staff.demo import PASSWORD, add_demo_staff
from lib.store import migrate, open_store
from lib.store.leases import new_holder
from lib.store.passes import PassState
from lib.sync.full_pass import run_pass
from tests.running import Sandbox, free_port, ready_for_a_test, running, running_sandbox
from tests.websocket_client import Tab, connect, sign_in

KEPT_SECONDS, PINGS_EVERY = 4, 3
"""How long a session without a connection is kept here (120 s), and how often a silent one is pinged (20 s)."""
WAITS_FOR_THE_STORE = 0.1
"""Seconds that a write waits for another process, which are five otherwise."""

Open = Callable[..., Tab]


@dataclass(frozen=True)
class Served:
    """A dashboard that runs, the sandbox behind it, and the file of its store."""

    url: str
    port: int
    sandbox: Sandbox
    file: Path
    log: Path
    users: tuple[CalendarUser, ...]
    cookie: Mapping[str, str]
    """An editor's session."""


@pytest.fixture(scope="package")
def served_by_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder, port = tmp_path_factory.mktemp("faults"), free_port()
    with ExitStack() as stack:
        sandbox = stack.enter_context(running_sandbox(folder, users=12, meetings=12))
        users = _read_once(sandbox, folder / "sandbox.db")
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        command += ["--server.disconnectedSessionTTL", str(KEPT_SECONDS)]
        command += ["--server.websocketPingInterval", str(PINGS_EVERY)]
        store = f"sqlite:///{folder / 'sandbox.db'}?timeout={WAITS_FOR_THE_STORE}"
        settings = {"DATA_DIR": str(folder), "SANDBOX_PORT": str(sandbox.port), "DATABASE_URL": store}
        url, log = f"http://127.0.0.1:{port}", folder / "dashboard.log"
        stack.enter_context(running(command, log, f"{url}/healthz", settings))
        cookie = sign_in(url, "editor", PASSWORD)
        yield Served(url, port, sandbox, folder / "sandbox.db", log, users, cookie)


@pytest.fixture
def served(served_by_all: Served) -> Iterator[Served]:
    """The dashboard, whole; no page of it may break during a test."""
    before = len(served_by_all.log.read_text())
    with ready_for_a_test(served_by_all.sandbox):
        yield served_by_all
    assert "Traceback" not in served_by_all.log.read_text()[before:]


@pytest.fixture
def open_tab(served: Served) -> Iterator[Open]:
    """Open a page in an editor's new tab, drawn once: `open_tab("users", user=id)`."""
    opened: list[Tab] = []

    def open_page(page: str, **query: str) -> Tab:
        words = "&".join(f"{name}={value}" for name, value in query.items())
        tab = connect(served.url, cookie=served.cookie, path=page, query=words)
        opened.append(tab)
        tab.rerun()
        return tab

    yield open_page
    for tab in opened:
        tab.close()


def _read_once(sandbox: Sandbox, file: Path) -> tuple[CalendarUser, ...]:
    """Fill a store as the sync does; answers the users who have a calendar that can be read."""
    url = f"sqlite:///{file}"
    migrate(url)
    store = open_store(url, recall_base_url="http://127.0.0.1")
    try:
        add_demo_staff(store)
        with open_recall(sandbox.url, SecretStr(sandbox.key)) as recall:
            assert run_pass(store, recall, holder=new_holder()).state is PassState.COMPLETE
            return tuple(user for user in recall.list_users() if user.external_id and user.connected)
    finally:
        store.close()
