"""A whole workspace for pages: a real sandbox, and one real pass of the sync over it in a store file.

A test module imports the fixtures that it uses: `from tests.pages.filled import filled, filled_desk, open_filled`.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from types import SimpleNamespace

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.customer.sight import EVERYTHING
from lib.queries import WorkspaceSnapshot
from lib.recall_api import open_recall
from lib.staff import sessions
from lib.staff.demo import add_demo_staff
from lib.store import migrate, open_store
from lib.store.leases import new_holder
from lib.store.passes import PassState
from lib.sync.full_pass import run_pass
from tests.pages.conftest import PAGES, SCRIPT, TIMEOUT_SECONDS, Open
from tests.running import Sandbox, running_sandbox

SANDBOX_STORE = "sandbox.db"
FORMULA = '=HYPERLINK("https://evil.test","Sign in again")'
PICTURE = "![x](https://evil.test/x.png) [Sign in again](https://evil.test)"
HOSTILE_CUSTOMER, UNSET_CUSTOMER = "hostile.example", "unset.example"


@dataclass(frozen=True)
class Filled:
    """A workspace that was read: its sandbox, still running, and the folder with its store and the demo accounts."""

    sandbox: Sandbox
    folder: Path
    hostile_user: str
    """Recall's id of the one user of `HOSTILE_CUSTOMER`, whose meetings are called as `FORMULA` and `PICTURE`."""


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder = tmp_path_factory.mktemp("filled")
    with running_sandbox(folder, users=25, meetings=60) as sandbox:
        sandbox.control("POST", "settings/", {"booking_lag_seconds": 0})
        hostile = _add_hostile(sandbox)
        _add_unset(sandbox)
        _add_declining(sandbox)
        _read_all(sandbox, folder / SANDBOX_STORE)
        yield Filled(sandbox, folder, hostile)


@pytest.fixture
def filled_desk(filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Filled]:
    """A desk of this process on a copy of the filled store, which the test may write to."""
    shutil.copy(filled.folder / SANDBOX_STORE, tmp_path / SANDBOX_STORE)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SANDBOX_PORT", str(filled.sandbox.port))
    for name in ("RECALL_API_KEY", "RECALL_BASE_URL", "DATABASE_URL", "REPORT_TIME_ZONE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    desk.cache_clear()
    yield filled
    desk().close()
    desk.cache_clear()


@pytest.fixture
def open_filled(filled_desk: Filled, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page of the filled workspace as somebody and run it once: `open_filled("viewer", "coverage", period="7")`.

    The workspace is loaded before, so that the page is whole at its first run.
    """

    def open_as(name: str, page: str, **query: str) -> AppTest:
        cookie = sessions.redeem(desk().store, sessions.mint_ticket(desk().store, name))
        # AppTest has no browser, so the one thing it cannot send is handed in where Streamlit would keep it.
        sent = SimpleNamespace(cookies={"coverage_desk_session": cookie}, headers={}, remote_ip="127.0.0.1")
        monkeypatch.setattr("streamlit.runtime.context._get_client_context", lambda: sent)
        app = AppTest.from_file(str(SCRIPT), default_timeout=TIMEOUT_SECONDS)
        app.context = {"timezone": "Europe/Berlin"}
        for key, value in query.items():
            app.query_params[key] = value
        loaded()
        return app.switch_page(str(PAGES / f"{page}.py")).run()

    return open_as


def _add_hostile(sandbox: Sandbox) -> str:
    user = sandbox.add_user("hostile", email=f"=cmd@{HOSTILE_CUSTOMER}", preferences={"record_external": True})
    for title, hours in ((FORMULA, 2), (PICTURE, 3), (FORMULA, -30), (PICTURE, -50)):
        sandbox.add_meeting(user["id"], title=title, is_external=hours < 0, start_in_seconds=hours * 3600)
    found: str = user["id"]
    return found


def _add_unset(sandbox: Sandbox) -> None:
    """Somebody for whom nothing was ever set, with external meetings that no bot will join."""
    user = sandbox.add_user("unset", email=f"somebody@{UNSET_CUSTOMER}")
    for hours in (30, 5, 100):
        sandbox.add_meeting(user["id"], title="Partner call", is_external=True, start_in_seconds=hours * 3600)


def _add_declining(sandbox: Sandbox) -> None:
    """Somebody who wants no external meeting recorded, and has one on every day on which this may run."""
    user = sandbox.add_user("declining", email="somebody@declining.example", preferences={"record_internal": True})
    sandbox.add_meeting(user["id"], title="Partner call", is_external=True, start_in_seconds=50 * 3600)


def _read_all(sandbox: Sandbox, file: Path) -> None:
    url = f"sqlite:///{file}"
    migrate(url)
    store = open_store(url, recall_base_url="http://127.0.0.1")
    add_demo_staff(store)
    with open_recall(sandbox.url, SecretStr(sandbox.key)) as recall:
        done = run_pass(store, recall, holder=new_holder())
    assert done.state is PassState.COMPLETE
    store.close()


def loaded() -> WorkspaceSnapshot:
    """The workspace as pages know it, once it was loaded: the first question alone may be answered before that."""
    known = desk().workspace.snapshot(EVERYTHING)
    for _ in range(200):
        if known.looked:
            return known
        sleep(0.05)
        known = desk().workspace.snapshot(EVERYTHING)
    raise AssertionError("the workspace is not loaded")
