"""Pages without a browser: the real script, store, client and sandbox; only the browser's cookie is handed in."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.staff import sessions
from lib.staff.demo import add_demo_staff
from lib.store import migrate, open_store
from tests.running import Sandbox, running_sandbox

SCRIPT = Path(__file__).parents[2] / "lib" / "ui" / "entry" / "desk.py"
PAGES = Path(__file__).parents[2] / "pages"
TIMEOUT_SECONDS = 30

Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox"), users=25, meetings=60) as sandbox:
        yield sandbox


@pytest.fixture
def desk_here(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A desk of this process, on a store of its own, that reads the sandbox."""
    sandbox.reset()
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SANDBOX_PORT", str(sandbox.port))
    for name in ("RECALL_API_KEY", "RECALL_BASE_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)  # no .env of the person who runs the tests
    url = f"sqlite:///{tmp_path / 'sandbox.db'}"
    migrate(url)
    with open_store(url, recall_base_url=sandbox.url) as store:
        add_demo_staff(store)
    desk.cache_clear()
    yield
    desk().close()
    desk.cache_clear()


@pytest.fixture
def open_page(desk_here: None, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page as somebody (`None`: a stranger) and run it once."""

    def open_as(name: str | None, page: str = "users", **query: str) -> AppTest:
        cookies = {} if name is None else {"coverage_desk_session": _cookie_of(name)}
        # AppTest has no browser, so the one thing it cannot send is handed in where Streamlit would keep it.
        monkeypatch.setattr(
            "streamlit.runtime.context._get_client_context", lambda: SimpleNamespace(cookies=cookies, headers={})
        )
        app = AppTest.from_file(str(SCRIPT), default_timeout=TIMEOUT_SECONDS)
        app.context = {"timezone": "Europe/Berlin"}
        for key, value in query.items():
            app.query_params[key] = value
        app.run()
        return app.switch_page(str(PAGES / f"{page}.py")).run()

    return open_as


def _cookie_of(name: str) -> str:
    cookie = sessions.redeem(desk().store, sessions.mint_ticket(desk().store, name))
    assert cookie is not None
    return cookie
