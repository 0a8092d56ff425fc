"""What watches over a server may rely on: `/healthz` says what is so, `/metrics` counts it, the log tells it."""

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import pytest

from lib.staff import accounts
from lib.staff.permissions import Role
from lib.store import Store, migrate, open_store
from lib.ui.widgets.navigation import ALL_PAGES
from tests.contract.ui.conftest import KEY, RECALL, Server, command, environment, serving
from tests.running import ROOT, clean_environment, free_port, running

TOKEN = "a-token-for-the-metrics"
BEARER = f"Bearer {TOKEN}"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard that may be scraped and writes its log for programs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("METRICS_TOKEN", TOKEN)
        patch.setenv("LOG_FORMAT", "json")
        with serving(tmp_path_factory.mktemp("watched")) as server:
            yield server


def test_metrics_are_for_who_shows_the_token_and_nobody_else_learns_that_there_are_any(
    watched: Server, server: Server
) -> None:
    answer = watched.ask("GET", "/metrics", Authorization=BEARER)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    for shown in ("", TOKEN, f"Bearer {TOKEN[:-1]}", f"bearer {TOKEN}", "Bearer é"):
        assert watched.ask("GET", "/metrics", Authorization=shown).status == 404, shown
    assert watched.ask("GET", "/metrics").status == 404
    assert server.ask("GET", "/metrics", Authorization=BEARER).status == 404


def test_metrics_count_what_is_in_the_store_and_name_nobody(watched: Server) -> None:
    told = watched.ask("GET", "/metrics", Authorization=BEARER).body.decode()
    values = dict(re.findall(r"^(coverage_desk_[a-z_]+(?:\{[^}]*\})?) ([\d.e+]+)$", told, re.MULTILINE))
    assert values["coverage_desk_store_up"] == "1.0"
    assert float(values["coverage_desk_store_bytes"]) > 100_000
    assert values["coverage_desk_open_changes"] == "0.0"
    assert values['coverage_desk_recall_budget_left{call="GET /api/v1/calendar/users/"}'] == "60.0"
    assert "process_resident_memory_bytes" in told
    assert "@" not in told
    assert "Vera" not in told
    assert KEY not in told


def test_every_line_of_the_log_is_an_object_and_carries_the_request_in_which_it_arose(watched: Server) -> None:
    answer = watched.ask("POST", "/session", b"no ticket", Origin=watched.origin, X_Request_ID="from-the-proxy.1")
    assert answer.headers["x-request-id"] == "from-the-proxy.1"
    assert re.fullmatch(
        r"[0-9a-f]{16}", watched.ask("GET", "/healthz", X_Request_ID="no\tgood").headers["x-request-id"]
    )
    lines = [json.loads(line) for line in watched.log.read_text().splitlines()]
    assert {"uvicorn.error"} <= {line["logger"] for line in lines}
    assert all({"time", "level", "logger", "message", "process"} <= set(line) for line in lines)
    assert "ScriptRunContext" not in watched.log.read_text()


def test_nothing_is_told_to_whoever_made_streamlit() -> None:
    assert "gatherUsageStats = false" in (ROOT / ".streamlit" / "config.toml").read_text()


def test_pages_that_cannot_be_begun_are_named_and_the_server_serves_the_others(tmp_path: Path) -> None:
    house, port = _house(tmp_path), free_port()
    (house / "pages" / "bots.py").write_text("from lib.ui.gone import nothing\n")
    (house / "pages" / "activity.py").write_text("def broken(:\n")
    file = tmp_path / "desk.db"
    _make_store(file)
    program = [sys.executable, "-m", "streamlit", "run", str(house / "app.py"), "--server.port", str(port)]
    settings = environment(file) | {"PYTHONPATH": str(house)}
    log, url = tmp_path / "dashboard.log", f"http://127.0.0.1:{port}"
    with running(program, log, f"{url}/_stcore/health", settings), _opened(file) as store:
        server = Server(port, store, file, log)
        answer = server.ask("GET", "/healthz")
        assert (answer.status, server.ask("GET", "/users").status) == (503, 200)
    reason = json.loads(answer.body)["reason"]
    assert reason == "These pages cannot be opened: bots, activity. The log says why."
    assert "the page bots cannot be begun" in log.read_text()


def test_without_the_file_of_a_page_the_server_does_not_start_and_names_it(tmp_path: Path) -> None:
    house = _house(tmp_path)
    (house / "pages" / "bots.py").unlink()
    _make_store(tmp_path / "desk.db")
    program = [sys.executable, "-m", "streamlit", "run", str(house / "app.py"), "--server.port", str(free_port())]
    settings = clean_environment() | environment(tmp_path / "desk.db") | {"PYTHONPATH": str(house)}
    ended = subprocess.run(program, cwd=house, env=settings, capture_output=True, text=True, timeout=60)
    assert ended.returncode != 0
    assert "There is no pages/bots.py." in ended.stderr


def test_every_file_in_pages_is_a_page_that_is_served() -> None:
    assert {page.file for page in ALL_PAGES} == {*(ROOT / "pages").glob("*.py")}


def test_on_term_a_server_says_that_it_ends_lets_a_change_end_and_begins_no_other(tmp_path: Path) -> None:
    """A change is held under way by the test, in the place of a slow Recall."""
    file, port, log = tmp_path / "desk.db", free_port(), tmp_path / "dashboard.log"
    (tmp_path / "sitecustomize.py").write_text(SLOW_CHANGE.replace("FOLDER", repr(str(tmp_path))))
    _make_store(file)
    settings = environment(file) | {"PYTHONPATH": str(tmp_path)}
    url = f"http://127.0.0.1:{port}/healthz"
    with running(command(port), log, url, settings) as process, _opened(file) as store:
        server = Server(port, store, file, log)
        (tmp_path / "begin").touch()
        until(lambda: (tmp_path / "holding").exists())
        process.send_signal(signal.SIGTERM)
        until(lambda: server.ask("GET", "/healthz").status == 503)
        assert "about to start anew" in json.loads(server.ask("GET", "/healthz").body)["reason"]
        assert server.ask("GET", "/").status == 200
        (tmp_path / "end").touch()
        process.wait(20)
    told = log.read_text()
    assert "refused: This server is about to start anew" in told
    assert "the change ended" in told


SLOW_CHANGE = """
import logging, threading, time
from pathlib import Path

HERE = Path(FOLDER)

def wait_for(name):
    while not (HERE / name).exists():
        time.sleep(0.05)

def hold():
    wait_for("begin")
    from lib.errors import ServerEnding
    from lib.writes import writes_in_flight
    log = logging.getLogger("the test")
    with writes_in_flight.one():
        (HERE / "holding").touch()
        wait_for("end")
        try:
            with writes_in_flight.one():
                log.info("a second change began")
        except ServerEnding as refused:
            log.info("refused: %s", refused)
        log.info("the change ended")

threading.Thread(target=hold, daemon=True).start()
"""


def until(condition: Callable[[], bool]) -> None:
    """Wait for it, bounded."""
    ends_at = monotonic() + 30
    while not condition():
        assert monotonic() < ends_at
        sleep(0.05)


def _house(folder: Path) -> Path:
    """The project in a folder of its own, whose pages can be broken."""
    house = folder / "house"
    house.mkdir()
    for name in ("lib", "pages", ".streamlit"):
        shutil.copytree(ROOT / name, house / name, ignore=shutil.ignore_patterns("__pycache__", "sandbox"))
    shutil.copy(ROOT / "app.py", house)
    return house


def _make_store(file: Path) -> None:
    migrate(f"sqlite:///{file}")
    with _opened(file) as store:
        accounts.add(store, "vera", role=Role.VIEWER, display="Vera Lind", password="a good password")


def _opened(file: Path) -> "closing[Store]":
    return closing(open_store(f"sqlite:///{file}", recall_base_url=RECALL))
