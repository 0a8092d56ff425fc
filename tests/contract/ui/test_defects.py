"""A page that breaks at every place where one can, and a route that does, behind all that stands before the real pages:
the browser gets a sentence and a number, and the log what it was. Its file is for who is signed in, for as long.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import sleep

import pytest
from streamlit.proto.Button_pb2 import Button
from streamlit.proto.DownloadButton_pb2 import DownloadButton

from lib.staff import accounts, sessions
from lib.staff.permissions import Role
from lib.store import Store, migrate, open_store
from tests.contract.ui.conftest import RECALL, environment
from tests.running import ROOT, free_port, running
from tests.websocket_client import Tab, connect, pressed

CANARY = "canary-in-a-defect"
CONTENT = b"the content of a file"
APP = """
import streamlit as st
from starlette.routing import Route
from broken import broken
from lib.ui.widgets.defects import exception_handlers, show_script_error
from lib.ui.server.log_lines import write_log
from lib.ui.server.app import middleware

write_log()
app = st.App("page.py", routes=[Route("/healthz", lambda _: __import__("starlette.responses").responses.Response()),
    Route("/broken", broken)], middleware=middleware, exception_handlers=exception_handlers,
    on_script_error=show_script_error)
"""
BROKEN = f"""
def broken(_=None):
    raise RuntimeError("{CANARY}, known to /etc/{CANARY}")
"""
PAGE = f"""
import streamlit as st
from broken import broken

@st.fragment
def part():
    if st.button("Press a part"):
        broken()

where = st.query_params.get("where")
st.button("Press", on_click=broken)
st.download_button("File", {CONTENT!r}, "file.csv", "text/csv")
part()
if where == "page":
    broken()
if where == "import":
    import breaks
"""
BREAKS = f"raise RuntimeError('{CANARY}')"
REFERENCE = re.compile(r"reference ([0-9A-F]{4}-[0-9A-F]{2})")


@dataclass(frozen=True)
class Broken:
    """The server, its store and its log."""

    port: int
    store: Store
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def session(self) -> dict[str, str]:
        cookie = sessions.redeem(self.store, sessions.mint_ticket(self.store, "vera"))
        return {"coverage_desk_session": str(cookie)}

    def get(self, path: str, cookie: dict[str, str] | None = None) -> tuple[int, bytes, dict[str, str]]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in (cookie or {}).items())}
        connection.request("GET", path, headers=sent)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body, {name.lower(): value for name, value in answer.getheaders()}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broken]:
    folder, port = tmp_path_factory.mktemp("broken"), free_port()
    for name, text in {"app": APP, "broken": BROKEN, "page": PAGE, "breaks": BREAKS}.items():
        (folder / f"{name}.py").write_text(text)
    url, log = f"sqlite:///{folder / 'desk.db'}", folder / "log"
    migrate(url)
    store = open_store(url, recall_base_url=RECALL)
    accounts.add(store, "vera", role=Role.VIEWER, display="Vera Lind", password="a good password")
    command = [sys.executable, "-m", "streamlit", "run", str(folder / "app.py"), "--server.port", str(port)]
    with running(command, log, f"http://127.0.0.1:{port}/healthz", environment(folder / "desk.db") | _path(folder)):
        yield Broken(port, store, log)
    store.close()


def _path(folder: Path) -> dict[str, str]:
    return {"PYTHONPATH": f"{ROOT}:{folder}"}


def told(broken: Broken, said: str) -> None:
    """What was said to the browser is the sentence with its reference, by which the log has the rest."""
    assert CANARY not in said
    assert not re.search(r"Traceback|RuntimeError|, line \d", said)
    found = REFERENCE.search(said)
    assert found is not None, said[:2000]
    for _ in range(200):  # lines are written by a thread of their own
        if CANARY in broken.log.read_text().partition(found[1])[2]:
            return
        sleep(0.02)
    raise AssertionError(f"the log does not tell of {found[1]}")


def test_a_page_that_breaks_while_it_is_drawn_loaded_or_clicked_tells_a_reference_alone(broken: Broken) -> None:
    cookie = broken.session()
    for where in ("page", "import"):
        with connect(broken.url, cookie=cookie, query=f"where={where}") as tab:
            told(broken, str(tab.rerun()))
    for button in ("Press", "Press a part"):
        with connect(broken.url, cookie=cookie) as tab:
            assert "reference" not in str(tab.rerun())
            told(broken, str(_press(tab, button)))


def test_a_route_that_breaks_tells_a_reference_alone_and_keeps_the_headers(broken: Broken) -> None:
    status, body, headers = broken.get("/broken")
    assert status == 500
    told(broken, body.decode())
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_a_file_is_for_who_is_signed_in_and_not_a_moment_longer(broken: Broken) -> None:
    cookie = broken.session()
    with connect(broken.url, cookie=cookie) as tab:
        tab.rerun()
        [path] = [button.url for button in tab.elements(DownloadButton)]
        status, body, headers = broken.get(path, cookie)
        assert (status, body, headers["cache-control"]) == (200, CONTENT, "no-store")
        assert broken.get(path)[:2] == (401, b"")
        sessions.end(broken.store, cookie["coverage_desk_session"])
        assert broken.get(path, cookie)[:2] == (401, b"")


def _press(tab: Tab, label: str) -> list[object]:
    button = next(button for button in tab.elements(Button) if button.label == label)
    fragment = next(d.fragment_id for d in tab.shown.values() if d.new_element.button.id == button.id)
    return [*tab.rerun(pressed(button.id), fragment=fragment)]
