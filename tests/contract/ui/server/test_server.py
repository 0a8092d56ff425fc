"""The server's own routes and headers, asked as anybody on the network could."""

import base64
import hashlib
import json
import os
import re
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from lib.clock import utc_now
from lib.staff import sessions
from lib.store import migrate, passes
from lib.store.passes import PassState
from lib.ui.widgets.defects import STORE_TROUBLE
from tests.contract.ui.conftest import KEY, Server, command, environment, serving
from tests.running import ROOT, free_port

PATHS = ("/", "/users", "/users?user=1", "/healthz", "/session", "/nothing-here", "/_stcore/health", "/_stcore/nothing")


def test_healthz_says_that_it_serves_and_from_where(server: Server) -> None:
    answer = server.ask("GET", "/healthz")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.body) == {"status": "ok", "recall": "sandbox", "as_of": None, "sync": None}


def test_healthz_says_how_old_the_figures_are_and_serves_all_the_same(tmp_path: Path) -> None:
    begun = utc_now() - timedelta(days=2)
    with serving(tmp_path) as server:
        with server.store.write() as connection:
            key = passes.begin(connection, now=begun, resume_within=timedelta(0)).key
            passes.end(connection, key, PassState.COMPLETE, now=begun)
        answer = server.ask("GET", "/healthz")
    told = json.loads(answer.body)
    assert (answer.status, told["status"], told["as_of"]) == (200, "ok", begun.isoformat())
    assert 2 * 86400 <= told["sync"] < 2 * 86400 + 60


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_bears_the_security_headers(server: Server, path: str) -> None:
    headers = server.ask("GET", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "img-src 'self' data: blob:" in policy
    assert "http:" not in policy
    assert "https:" not in policy


def test_files_and_refusals_bear_them_too(server: Server) -> None:
    page = server.ask("GET", "/").body.decode()
    script = re.search(r'src="\./(static/[^"]+\.js)"', page)
    assert script is not None
    answers = [
        server.ask("GET", f"/{script.group(1)}"),
        server.ask("GET", "/app/static/plex-latin.woff2"),
        server.ask("POST", "/session"),
        server.ask("DELETE", "/healthz"),
        server.ask("POST", "/nothing-here"),
    ]
    assert [answer.status for answer in answers[:3]] == [200, 200, 403]
    assert all(answer.status >= 400 for answer in answers[3:])
    assert all("content-security-policy" in answer.headers for answer in answers)


def test_the_policy_lets_streamlits_own_inline_scripts_run_and_no_other(server: Server) -> None:
    answer = server.ask("GET", "/")
    policy = answer.headers["content-security-policy"]
    scripts = re.findall(rb"<script>(.*?)</script>", answer.body, re.DOTALL)
    assert scripts
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    for kind in ("script-src", "worker-src"):
        directive = next(part for part in policy.split("; ") if part.startswith(kind))
        assert not {"'unsafe-inline'", "'unsafe-eval'", "blob:", "data:", "*"} & set(directive.split())


def test_a_ticket_is_exchanged_once_for_a_cookie_that_scripts_cannot_read(server: Server) -> None:
    ticket = server.ticket().encode()
    answer = server.ask("POST", "/session", ticket, Origin=server.origin)
    assert (answer.status, answer.body) == (204, b"")
    cookie, *attributes = answer.headers["set-cookie"].split("; ")
    assert {attribute.lower() for attribute in attributes} == {"httponly", "path=/", "samesite=strict"}
    name, _, value = cookie.partition("=")
    assert name == "coverage_desk_session"
    found = sessions.find(server.store, value)
    assert found is not None
    assert found.staff.name == "vera"
    again = server.ask("POST", "/session", ticket, Origin=server.origin)
    assert again.status == 401
    assert "set-cookie" not in again.headers


@pytest.mark.parametrize("origin", ["", "https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1"])
def test_no_other_site_can_exchange_a_ticket_and_the_ticket_stays_good(server: Server, origin: str) -> None:
    ticket = server.ticket().encode()
    named = {"Origin": origin} if origin else {}
    refused = server.ask("POST", "/session", ticket, **named)
    assert refused.status == 403
    assert "set-cookie" not in refused.headers
    assert server.ask("POST", "/session", ticket, Origin=server.origin).status == 204


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"A" * 43, b"\xff\x00" * 30, b"' OR 1=1 --", b"A" * 1_000_000], ids=lambda b: str(len(b))
)
def test_what_is_no_ticket_gets_no_cookie(server: Server, body: bytes) -> None:
    answer = server.ask("POST", "/session", body, Origin=server.origin)
    assert (answer.status, answer.body) == (401, b"")
    assert "set-cookie" not in answer.headers


def test_signing_out_ends_the_session_on_the_server_and_takes_the_cookie_back(server: Server) -> None:
    begun = server.ask("POST", "/session", server.ticket().encode(), Origin=server.origin)
    cookie = begun.headers["set-cookie"].split(";")[0]
    value = cookie.partition("=")[2]
    assert server.ask("DELETE", "/session", Cookie=cookie, Origin="https://evil.example").status == 403
    assert sessions.find(server.store, value) is not None
    ended = server.ask("DELETE", "/session", Cookie=cookie, Origin=server.origin)
    assert ended.status == 204
    assert "max-age=0" in ended.headers["set-cookie"].lower()
    assert sessions.find(server.store, value) is None
    assert server.ask("DELETE", "/session", Cookie=cookie, Origin=server.origin).status == 204


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH"])
def test_a_session_is_neither_read_nor_changed_by_other_methods(server: Server, method: str) -> None:
    answer = server.ask(method, "/session", Origin=server.origin)
    assert "set-cookie" not in answer.headers
    assert method == "GET" or answer.status == 405


def test_streamlits_interface_for_programs_is_not_served(server: Server) -> None:
    for path in ("/_stcore/agent/interact", "/_stcore/agent/mcp"):
        answer = server.ask("POST", path, b"{}", Content_Type="application/json", Origin=server.origin)
        assert answer.status >= 400, path
        assert b"does not serve the agent API" in answer.body or answer.status == 404, path


def test_no_page_tells_a_stranger_anything_of_the_staff_or_the_key(server: Server) -> None:
    for path in PATHS:
        body = server.ask("GET", path).body
        assert b"vera" not in body.lower()
        assert KEY.encode() not in body
    assert KEY not in server.log.read_text()


def test_a_store_that_no_longer_answers_is_told_without_its_name_and_heals(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        _in_sql(server.file, "ALTER TABLE meta RENAME TO meta_gone")
        answer = server.ask("GET", "/healthz")
        assert answer.status == 503
        told = json.loads(answer.body)
        assert told == {"status": "unavailable", "reason": STORE_TROUBLE}
        assert "this server cannot serve: The store desk.db" in server.log.read_text()
        assert "content-security-policy" in answer.headers
        _in_sql(server.file, "ALTER TABLE meta_gone RENAME TO meta")
        assert server.ask("GET", "/healthz").status == 200
        server.file.rename(tmp_path / "moved.db")  # connections go on with it, and what they write would be lost
        answer = server.ask("GET", "/healthz")
        assert answer.status == 503
        assert json.loads(answer.body)["reason"] == STORE_TROUBLE
        route = server.ask("DELETE", "/session", Origin=server.origin, Cookie=f"coverage_desk_session={'A' * 43}")
        assert (route.status, route.body.decode()) == (503, f"{STORE_TROUBLE}\n")
        assert server.log.read_text().count("was deleted or replaced") >= 2
        assert "content-security-policy" in route.headers
        assert "Traceback" not in server.log.read_text()


def test_on_a_file_that_is_no_store_the_server_does_not_start_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"
    file.write_bytes(b"this is not a database" * 500)
    assert "The file desk.db is not a store." in _refused(file)


def test_without_staff_the_server_does_not_start_and_says_the_command(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"
    migrate(f"sqlite:///{file}")
    told = _refused(file)
    assert "python -m lib.staff add NAME --role admin" in told


def test_without_a_store_of_this_version_the_server_does_not_start_and_says_what_to_do(tmp_path: Path) -> None:
    assert "`python -m lib.store` makes one and brings it up to date" in _refused(tmp_path / "desk.db")
    assert [each.name for each in tmp_path.iterdir()] == ["cookie_key"]


def _in_sql(file: Path, statement: str) -> None:
    """Another process changes the store."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)


def _refused(file: Path) -> str:
    """Start a server that must not start; answers what it says."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("RECALL_", "DATABASE_"))}
    ended = subprocess.run(
        command(free_port()), cwd=ROOT, env=clean | environment(file), capture_output=True, text=True, timeout=60
    )
    assert ended.returncode != 0
    assert KEY not in ended.stdout + ended.stderr
    return ended.stdout + ended.stderr
