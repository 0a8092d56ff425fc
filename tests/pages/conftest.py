"""Pages without a browser: the real script, store, client and sandbox; only the browser's cookie is handed in."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.customer.sight import EVERYTHING as EVERYBODY
from lib.staff import sessions
from lib.staff.demo import add_demo_staff
from lib.store import migrate, open_store
from tests.pages.seeing import said
from tests.running import Sandbox, ready_for_a_test, running_sandbox

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "lib" / "ui" / "entry" / "desk.py"
PAGES = ROOT / "pages"
TIMEOUT_SECONDS = 30
EVERYTHING = {"record_external": True, "record_internal": True}

Open = Callable[..., AppTest]
NewUser = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox"), users=25, meetings=20) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    with ready_for_a_test(running) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the demo accounts and nothing else, to copy."""
    file = tmp_path_factory.mktemp("desk") / "sandbox.db"
    url = f"sqlite:///{file}"
    migrate(url)
    store = open_store(url, recall_base_url="http://127.0.0.1")
    add_demo_staff(store)
    store.close()
    return file


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """Where the store is, with nothing read yet, and no `.env` of the person who runs the tests."""
    shutil.copy(made, tmp_path)
    return tmp_path


@pytest.fixture
def desk_here(sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A desk of this process that has read nothing yet."""
    monkeypatch.setenv("DATA_DIR", str(folder))
    monkeypatch.setenv("SANDBOX_PORT", str(sandbox.port))
    for name in ("RECALL_API_KEY", "RECALL_BASE_URL", "DATABASE_URL", "REPORT_TIME_ZONE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(folder)
    desk.cache_clear()
    yield
    desk().close()
    desk.cache_clear()


@pytest.fixture
def open_page(desk_here: None, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page as somebody (`None`: a stranger) and run it once."""

    def open_as(name: str | None, page: str = "users", cookies: dict[str, str] | None = None, **query: str) -> AppTest:
        sent = cookies or ({} if name is None else {"coverage_desk_session": _cookie_of(name)})
        # AppTest has no browser, so the one thing it cannot send is handed in where Streamlit would keep it.
        monkeypatch.setattr(
            "streamlit.runtime.context._get_client_context",
            lambda: SimpleNamespace(cookies=sent, headers={}, remote_ip="127.0.0.1"),
        )
        app = AppTest.from_file(str(SCRIPT), default_timeout=TIMEOUT_SECONDS)
        app.context = {"timezone": "Europe/Berlin"}
        for key, value in query.items():
            app.query_params[key] = value
        return app.switch_page(str(PAGES / f"{page}.py")).run()

    return open_as


@pytest.fixture(scope="session")
def numbers() -> "count[int]":
    return count(1)


@pytest.fixture
def new_user(sandbox: Sandbox, numbers: "count[int]") -> NewUser:
    """A user nobody else has, of a company of its own, who wants everything recorded unless told otherwise."""

    def new(external_id: str | None = "", **more: Any) -> dict[str, Any]:
        number = next(numbers)
        name = f"page-{number}" if external_id == "" else external_id
        email = more.pop("email", f"somebody@page{number}.example")
        added = sandbox.add_user(name, email=email, preferences=more.pop("preferences", EVERYTHING), **more)
        sandbox.forget_asked()
        return added

    return new


def run_until(app: AppTest, condition: Callable[[AppTest], object], seconds: float = 20) -> AppTest:
    """Run again and again, as the strip would have a browser do, until the page shows it; bounded."""
    ends_at = monotonic() + seconds
    while not condition(app):
        assert monotonic() < ends_at, f"the page never came to show it, but: {said(app)}"
        sleep(0.05)
        app.run()
    return app


def run_until_read(app: AppTest) -> AppTest:
    """Run until the page shows all that its reads brought: parts of them stand there before."""
    run_until(app, _has_nothing_on_its_way)
    return run_until(app.run(), lambda app: "As of" in said(app) and not app.progress)


def _has_nothing_on_its_way(app: AppTest) -> bool:
    known = desk().users.snapshot(EVERYBODY)
    user = known.find(app.query_params["user"]) if "user" in app.query_params else None
    is_read = user is None or not desk().calendars.snapshot(user).is_refreshing
    return known.as_of is not None and not known.is_refreshing and is_read


def _cookie_of(name: str) -> str:
    cookie = sessions.redeem(desk().store, sessions.mint_ticket(desk().store, name))
    assert cookie is not None
    return cookie
