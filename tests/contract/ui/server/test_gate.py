"""What is served to whom before Streamlit is asked: every path of its own, for a stranger and for who is signed in."""

import pytest

from lib.staff import sessions
from lib.ui.server.gate import is_ours
from lib.ui.server.security_headers import security_headers
from tests.contract.ui.conftest import Answer, Server

FILE = "/media/0123456789abcdef.csv"
UPLOAD = "/_stcore/upload_file/a-session/a-file"
PATHS = {
    ("GET", "/_stcore/health"): (200, 200),
    ("GET", "/_stcore/host-config"): (200, 200),
    ("GET", "/_stcore/metrics"): (404, 404),
    ("GET", "/_stcore/metrics/"): (404, 404),
    ("GET", "/users/_stcore/metrics"): (404, 404),
    ("GET", "/%5Fstcore/metrics"): (404, 404),
    ("GET", "/_stcore/script-health-check"): (404, 404),
    ("GET", "/_stcore/stream"): (404, 404),
    ("GET", "/_stcore/bidi-components/x/y.js"): (404, 404),
    ("GET", "/_stcore/agent/openapi.json"): (404, 404),
    ("POST", "/_stcore/agent/interact"): (404, 404),
    ("POST", "/_stcore/agent/mcp"): (404, 404),
    ("GET", "/_stcore/anything"): (404, 404),
    ("GET", "/_stcore"): (404, 404),
    ("GET", FILE): (401, 404),
    ("HEAD", FILE): (401, 404),
    ("OPTIONS", FILE): (401, 204),
    ("PUT", UPLOAD): (401, 403),
    ("DELETE", UPLOAD): (401, 403),
    ("GET", "/healthz"): (200, 200),
    ("GET", "/session"): (200, 200),
    ("GET", "/users"): (200, 200),
    ("GET", "/app/static/plex-latin.woff2"): (200, 200),
}
"""Expected of a stranger, and of somebody signed in. Where nothing is, Streamlit shows its page, which asks who it is;
of files it has none of that name, and an upload without its token is refused by Streamlit itself."""
A_KEY = "dGhlIHNhbXBsZSBub25jZQ=="


@pytest.fixture(scope="module")
def cookie(server: Server) -> str:
    return signed_in(server)


def signed_in(server: Server) -> str:
    value = sessions.redeem(server.store, server.ticket())
    return f"coverage_desk_session={value}"


def upgraded(server: Server, path: str = "/_stcore/stream", **headers: str) -> Answer:
    """The answer to somebody who wants a websocket there."""
    asked = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Key": A_KEY, "Sec_WebSocket_Version": "13"}
    return server.ask("GET", path, b"", **(asked | headers))


@pytest.mark.parametrize(("asked", "expected"), PATHS.items(), ids=lambda each: " ".join(map(str, each)))
def test_every_path_is_answered_for_who_may_have_it(
    server: Server, cookie: str, asked: tuple[str, str], expected: tuple[int, int]
) -> None:
    method, path = asked
    answers = (server.ask(method, path), server.ask(method, path, Cookie=cookie))
    assert tuple(answer.status for answer in answers) == expected
    assert all(answer.body == b"" for answer in answers if answer.status == 401)
    assert all("content-security-policy" in answer.headers for answer in answers)


@pytest.mark.parametrize("path", [FILE, UPLOAD])
@pytest.mark.parametrize("value", ["", "x", "A" * 43, "'; DROP TABLE session; --", "é"])
def test_a_cookie_that_names_no_session_opens_no_file(server: Server, path: str, value: str) -> None:
    answer = server.ask("GET", path, Cookie=f"coverage_desk_session={value}")
    assert (answer.status, answer.body) == (401, b"")


def test_the_scripts_that_a_page_is_told_to_run_are_files_for_everybody_and_nothing_beside_them_is(
    server: Server,
) -> None:
    ours = "/_stcore/bidi-components/coverage_desk.exchange_ticket/exchange_ticket.js"
    script = server.ask("GET", ours)
    assert (script.status, b'fetch("/session"' in script.body) == (200, True)
    assert script.headers["content-type"].partition(";")[0] == "application/javascript"
    for other in (
        "../script_files.py",
        "..%2Fscript_files.py",
        "note_wanted.js",
        "",
        ".",
        "exchange_ticket.js/",
        "%00",
    ):
        assert server.ask("GET", ours.replace("exchange_ticket.js", other)).status == 404, other


def test_signing_out_closes_the_files_at_once(server: Server) -> None:
    cookie = signed_in(server)
    assert server.ask("GET", FILE, Cookie=cookie).status == 404
    server.ask("DELETE", "/session", Cookie=cookie, Origin=server.origin)
    assert server.ask("GET", FILE, Cookie=cookie).status == 401


def test_nothing_is_kept_but_what_is_the_same_for_all(server: Server, cookie: str) -> None:
    for path in ("/", "/users", "/users?user=1", "/healthz", "/session", FILE, "/_stcore/health", "/connected"):
        assert server.ask("GET", path, Cookie=cookie).headers["cache-control"] == "no-store", path
    assert server.ask("POST", "/session").headers["cache-control"] == "no-store"
    assert "no-store" not in server.ask("GET", "/app/static/plex-latin.woff2").headers.get("cache-control", "")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 101),
        ({"Origin": "ORIGIN"}, 101),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Host": "evil.example", "Origin": "http://evil.example"}, 403),
        ({"Host": "desk.evil.example:8501", "Origin": "ORIGIN"}, 403),
    ],
)
def test_a_websocket_is_opened_for_our_own_pages_alone(server: Server, headers: dict[str, str], status: int) -> None:
    said = {name: server.origin if value == "ORIGIN" else value for name, value in headers.items()}
    assert upgraded(server, **said).status == status


@pytest.mark.parametrize("path", ["/", "/_stcore/other", "/users/_stcore/stream", "/_stcore/stream/x"])
def test_no_other_path_is_a_websocket(server: Server, path: str) -> None:
    assert upgraded(server, path, Origin=server.origin).status in (403, 404)


def test_under_a_name_that_is_not_its_own_the_server_says_so_and_nothing_else(server: Server) -> None:
    answer = server.ask("GET", "/users", Host="evil.example")
    assert answer.status == 421
    assert b"PUBLIC_URL" in answer.body
    assert server.ask("GET", "/healthz", Host="dashboard:8501").status == 200


def test_the_headers_that_keep_other_sites_out_are_on_every_answer(server: Server) -> None:
    for path in ("/", "/healthz", FILE, "/_stcore/metrics", "/app/static/plex-latin.woff2"):
        headers = server.ask("GET", path).headers
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "strict-transport-security" not in headers


def test_where_people_come_by_https_browsers_are_told_never_to_come_otherwise() -> None:
    assert security_headers("https://desk.example")["strict-transport-security"] == "max-age=31536000"
    for public in (None, "http://127.0.0.1:8501"):
        assert "strict-transport-security" not in security_headers(public)


@pytest.mark.parametrize(
    ("host", "public", "ours"),
    [
        ("127.0.0.1:8501", None, True),
        ("localhost:8501", None, True),
        ("[::1]:8501", None, True),
        ("10.0.0.7", None, True),
        ("desk.acme.example", None, False),
        ("desk.acme.example", "https://desk.acme.example", True),
        ("DESK.acme.example:443", "https://desk.acme.example", True),
        ("desk.acme.example.evil.example", "https://desk.acme.example", False),
        ("desk.acme.example@evil.example", "https://desk.acme.example", False),
        ("evil.example/desk.acme.example", "https://desk.acme.example", False),
        ("127.0.0.1.evil.example", None, False),
        ("", "https://desk.acme.example", False),
        ("[", None, False),
    ],
)
def test_a_host_is_ours_by_its_whole_name(host: str, public: str | None, ours: bool) -> None:
    assert is_ours(host, public) is ours
