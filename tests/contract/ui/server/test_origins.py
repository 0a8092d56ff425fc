"""Every door that a page of another site could try is opened by the same origins, and by no other."""

from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie

import pytest

from lib.staff import accounts, sessions
from lib.staff.permissions import Role
from lib.ui.server.gate import is_same_origin
from tests.contract.ui.conftest import Server, serving

PUBLIC = "https://desk.example.com"
A_KEY = "dGhlIHNhbXBsZSBub25jZQ=="
TABLE = [
    (PUBLIC, "desk.example.com", True),
    (PUBLIC, "desk.example.com:443", True),
    (f"{PUBLIC}:443", "desk.example.com", True),
    ("https://Desk.Example.com", "DESK.example.com", True),
    ("http://127.0.0.1:8501", "127.0.0.1:8501", True),
    ("http://localhost", "localhost:80", True),
    ("http://[::1]:80", "[::1]", True),
    ("http://desk.example.com", "desk.example.com", False),
    ("http://desk.example.com:80", "desk.example.com", False),
    ("http://desk.example.com", "desk.example.com:80", False),
    ("http://desk.example.com:443", "desk.example.com:443", False),
    ("http://desk.example.com", "desk.example.com:443", False),
    (f"{PUBLIC}:8443", "desk.example.com", False),
    (f"{PUBLIC}:port", "desk.example.com", False),
    (f"{PUBLIC}.evil.example", "desk.example.com", False),
    (f"{PUBLIC}@evil.example", "desk.example.com", False),
    (f"https://evil.example/{PUBLIC}", "desk.example.com", False),
    ("https://evil.example", "desk.example.com", False),
    ("http://localhost:8501", "127.0.0.1:8501", False),
    ("ftp://desk.example.com", "desk.example.com", False),
    ("null", "desk.example.com", False),
    ("", "desk.example.com", False),
]
"""An Origin, a Host, and whether the one is a page of the other where PUBLIC_URL is `PUBLIC`."""

Door = Callable[[Server, dict[str, str]], int]


def websocket(server: Server, named: dict[str, str]) -> int:
    asked = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Key": A_KEY, "Sec_WebSocket_Version": "13"}
    return server.ask("GET", "/_stcore/stream", b"", **(asked | named)).status


def sign_in(server: Server, named: dict[str, str]) -> int:
    return server.ask("POST", "/session", b"no ticket", **named).status


def sign_out(server: Server, named: dict[str, str]) -> int:
    return server.ask("DELETE", "/session", b"", **named).status


def note_page(server: Server, named: dict[str, str]) -> int:
    return server.ask("POST", "/sign-in", b"/users", **named).status


def upload(server: Server, named: dict[str, str]) -> int:
    token = SimpleCookie(server.ask("GET", "/_stcore/health").headers["set-cookie"])["_streamlit_xsrf"].value
    cookie = sessions.redeem(server.store, sessions.mint_ticket(server.store, "ada"))
    sent = {"Cookie": f"coverage_desk_session={cookie}; _streamlit_xsrf={token}", "X_Xsrftoken": token}
    return server.ask("PUT", "/_stcore/upload_file/no-such-tab/a-file", b"", **(sent | named)).status


DOORS = [(websocket, 101), (sign_in, 401), (sign_out, 204), (note_page, 204), (upload, 400)]
"""Each with its answer to whoever comes through."""


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("public"), PUBLIC_URL=PUBLIC) as server:
        accounts.add(server.store, "ada", role=Role.ADMIN, display="Ada", password="a good password")
        yield server


@pytest.mark.parametrize(("door", "opened"), DOORS, ids=lambda each: getattr(each, "__name__", str(each)))
def test_every_door_opens_for_pages_of_our_own_and_stays_shut_for_others(
    public: Server, door: Door, opened: int
) -> None:
    answers = [door(public, {"Origin": origin, "Host": host}) for origin, host, _ in TABLE]
    assert answers == [opened if opens else 403 for _, _, opens in TABLE]


@pytest.mark.parametrize(("origin", "host", "same"), TABLE)
def test_an_origin_is_a_page_of_the_host_that_was_asked_for(origin: str, host: str, same: bool) -> None:
    assert is_same_origin(origin, host, PUBLIC) is same


def test_without_https_in_public_url_a_page_may_come_by_either_scheme() -> None:
    for public in (None, "http://localhost:8501"):
        assert is_same_origin("http://desk.example.com", "desk.example.com", public)
        assert is_same_origin(PUBLIC, "desk.example.com:443", public)
        assert not is_same_origin("http://desk.example.com", "desk.example.com:443", public)


def test_whoever_posts_without_an_origin_is_refused_and_a_program_may_open_a_websocket(public: Server) -> None:
    answers = [door(public, {"Host": "desk.example.com"}) for door, _ in DOORS]
    assert answers == [101, 403, 403, 403, 403]
