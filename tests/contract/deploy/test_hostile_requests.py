"""What somebody outside says to the proxy and what somebody inside does at two servers: nobody gets further by it."""

import re
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from streamlit.proto.Button_pb2 import Button
from streamlit.proto.DownloadButton_pb2 import DownloadButton
from streamlit.proto.TextInput_pb2 import TextInput

from lib.staff import accounts, sessions
from lib.staff.locks import MISSES
from lib.staff.permissions import Role
from lib.store import Store, open_store
from lib.ui.sign_in.session_cookie import SESSION_COOKIE
from tests import postgres
from tests.contract.deploy.house import HOW_TO_INSTALL, METRICS_TOKEN, NGINX, PASSWORD, House, running_house, until
from tests.contract.deploy.preferences import choose_the_other, preferences, somebody
from tests.websocket_client import connect, pressed, sign_in, typed

pytestmark = [
    pytest.mark.skipif(NGINX is None, reason=HOW_TO_INSTALL),
    pytest.mark.skipif(postgres.binaries() is None, reason=postgres.HOW_TO_INSTALL),
]
USER = "/api/v1/calendar/user/"
UPGRADE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + "A" * 22 + "=="
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with pytest.MonkeyPatch.context() as patch, running_house(folder) as house:
        patch.setenv("SSL_CERT_FILE", str(folder / "tls.crt"))  # whoever speaks TLS here trusts the proxy
        yield house


@pytest.fixture
def store(house: House) -> Iterator[Store]:
    with closing(open_store(house.database.url("desk"), recall_base_url=house.sandbox.url)) as store:
        yield store


def said(house: House, words: str, *, name: str | None = "localhost") -> bytes:
    """All that the proxy answers to these very words; `HOST` is its name. Nothing where it hangs up."""
    trusting = ssl.create_default_context(cafile=house.folder / "tls.crt")
    trusting.check_hostname = False
    line = socket.create_connection(("127.0.0.1", house.port), timeout=20)
    with line, trusting.wrap_socket(line, server_hostname=name) as sealed:
        sealed.sendall(words.replace("HOST", f"localhost:{house.port}").encode())
        return b"".join(_pieces(sealed))


def _pieces(sealed: ssl.SSLSocket) -> Iterator[bytes]:
    """Until it hangs up, or says no more."""
    with suppress(OSError):
        while piece := sealed.recv(65_536):
            yield piece
            sealed.settimeout(0.5)


def asked(path: str, *headers: str, method: str = "GET", host: str | None = "HOST", body: str = "") -> str:
    """A request; the connection ends with it."""
    named = [*([f"Host: {host}"] if host else []), *headers]
    if not any(each.startswith("Connection") for each in named):
        named.append("Connection: close")
    return "\r\n".join([f"{method} {path} HTTP/1.1", *named, "", body])


SMUGGLED = "0\r\n\r\nGET /users?smuggled HTTP/1.1\r\nHost: HOST\r\n\r\n"
TWO_READINGS = {
    "two hosts": asked("/users", "Host: evil.example"),
    "two lengths": asked("/session", "Content-Length: 1", "Content-Length: 5", method="POST", body="abcde"),
    "a length and chunks": asked(
        "/session", "Content-Length: 5", "Transfer-Encoding: chunked", method="POST", body=SMUGGLED
    ),
    "chunks twice": asked(
        "/session", "Transfer-Encoding: chunked", "Transfer-Encoding: identity", method="POST", body=SMUGGLED
    ),
    "chunks by another name": asked("/session", "Transfer-Encoding: xchunked", method="POST", body=SMUGGLED),
    "a length with a sign": asked("/session", "Content-Length: +5", method="POST", body="abcde"),
    "less than nothing": asked("/session", "Content-Length: -1", method="POST"),
    "a header in two lines": asked("/users", "X-A: b\r\n c: d"),
    "a blank in a name": asked("/users", "Content-Length : 5", body="abcde"),
    "a path that ends early": asked("/users%00.js"),
    "no host": asked("/users", host=None),
}


@pytest.mark.parametrize("words", TWO_READINGS.values(), ids=TWO_READINGS)
def test_what_can_be_read_in_two_ways_is_refused_and_no_server_hears_of_it(house: House, words: str) -> None:
    before = len(house.asked_of("/users")), len(house.asked_of("/session"))
    answer = said(house, words)
    assert re.match(rb"HTTP/1\.1 (400|501) ", answer)
    assert answer.count(b"HTTP/1.") == 1
    assert b"nginx/" not in answer
    reached = [each for path in ("/users", "/session") for each in house.asked_of(path)[before[path == "/session"] :]]
    assert set(reached) <= {"?"}


@pytest.mark.parametrize(
    "words",
    [
        asked("/users?canary-of-a-stranger", host="evil.example"),
        asked("https://evil.example/users?canary-of-a-stranger"),
        asked("/users?canary-of-a-stranger", host=None).replace("HTTP/1.1", "HTTP/1.0"),
    ],
    ids=["another host", "another address", "no host"],
)
def test_whoever_comes_by_another_name_gets_no_answer_and_leaves_no_line(house: House, words: str) -> None:
    assert said(house, words) == b""
    assert "canary-of-a-stranger" not in (house.folder / "nginx.log").read_text()


@pytest.mark.parametrize("name", ["evil.example", None])
def test_whoever_asks_for_another_certificate_gets_none(house: House, name: str | None) -> None:
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
        said(house, asked("/"), name=name)


PLAIN = (
    "/metrics",
    "//metrics",
    "/metrics/",
    "/metrics;x",
    "/METRICS",
    "/metrics?",
    "/metrics#x",
    "https://HOST/metrics",
)
ODD = ("/%6detrics", "/x/../metrics", "/./metrics", "/%2Fmetrics", "/metrics%20", "/metrics%3F", "/metrics%2F..")


@pytest.mark.parametrize("path", PLAIN + ODD)
def test_what_only_machines_ask_for_is_closed_in_every_spelling(house: House, path: str) -> None:
    for more in ((), ("Connection: Upgrade", "Upgrade: h2c"), tuple(UPGRADE.split("\r\n"))):
        answer = said(house, asked(path, f"Authorization: Bearer {METRICS_TOKEN}", *more))
        assert b"coverage_desk_" not in answer


@pytest.mark.parametrize(
    ("origins", "status"),
    [
        ((), b"101"),
        (("https://HOST",), b"101"),
        (("https://evil.example",), b"403"),
        (("null",), b"403"),
        (("https://HOST.evil.example",), b"403"),
        (("https://evil.example/https://HOST",), b"403"),
        (("https://HOST@evil.example",), b"403"),
        (("https://HOST", "https://evil.example"), b"400"),
        (("https://evil.example", "https://HOST"), b"400"),
    ],
)
def test_a_websocket_is_opened_through_the_proxy_for_our_own_pages_alone(
    house: House, origins: tuple[str, ...], status: bytes
) -> None:
    words = asked("/_stcore/stream", *(f"Origin: {origin}" for origin in origins), *UPGRADE.split("\r\n"))
    assert said(house, words).split()[1] == status


def test_no_header_from_outside_says_how_or_whence_somebody_came(house: House, store: Store) -> None:
    forged = {"X-Forwarded-Proto": "http", "Forwarded": "for=203.0.113.9;proto=http;host=evil.example"}
    forged |= {"X-Forwarded-Host": "evil.example", "X-Forwarded-User": "editor", "X-Real-IP": "203.0.113.9"}
    ticket = sessions.mint_ticket(store, "editor").encode()
    request = Request(f"{house.url}/session", ticket, {**forged, "Origin": house.url}, method="POST")  # noqa: S310
    with urlopen(request, timeout=20) as answer:  # noqa: S310 - this machine
        assert "; Secure" in answer.headers["Set-Cookie"]
    for number in range(MISSES):
        claims = forged | {"X-Forwarded-For": f"203.0.113.{number}, 127.0.0.1"}
        words = refused_sign_in(house, "somebody", claims)
    assert "too many wrong passwords" in words


def refused_sign_in(house: House, name: str, headers: dict[str, str]) -> str:
    with connect(house.url, path="users", headers=headers) as tab:
        tab.rerun()
        fields = [
            typed(tab.labelled(TextInput, "Name").id, name),
            typed(tab.labelled(TextInput, "Password").id, "wrong"),
        ]
        tab.rerun(*fields, pressed(tab.labelled(Button, "Sign in").id))
        return tab.text()


def test_a_ticket_that_is_exchanged_at_both_servers_at_once_begins_one_session(house: House, store: Store) -> None:
    for _ in range(5):
        ticket = sessions.mint_ticket(store, "editor").encode()
        with ThreadPoolExecutor(8) as browsers:
            ports = [*house.desks.values()] * 4
            ends = list(browsers.map(partial(_exchanged, ticket=ticket), ports))
        assert sorted(ends) == [204] + [401] * 7


def _exchanged(port: int, *, ticket: bytes) -> int:
    origin = f"http://127.0.0.1:{port}"
    request = Request(f"{origin}/session", ticket, {"Origin": origin}, method="POST")  # noqa: S310 - loopback
    try:
        with urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
            return int(answer.status)
    except HTTPError as refused:
        with refused:
            return refused.code


@pytest.fixture(scope="module")
def user(house: House) -> str:
    return somebody(house)


def test_a_role_that_is_taken_away_at_one_server_is_gone_at_the_other_at_the_next_click(
    house: House, store: Store, user: str
) -> None:
    before = house.applied()
    cookie = sign_in(house.url, "second", PASSWORD)
    a, b = (f"http://127.0.0.1:{port}" for port in house.desks.values())
    with preferences(a, cookie, user) as here, preferences(b, cookie, user) as there:
        for tab in (here, there):
            save = choose_the_other(tab)
            accounts.change(store, "second", role=Role.VIEWER)  # as by an admin at any server
            tab.rerun(pressed(save))
            assert "Saved" not in tab.text()
            accounts.change(store, "second", role=Role.EDITOR)
    assert house.applied() == before


def test_a_file_that_was_made_at_one_server_is_at_no_other_and_for_no_stranger(house: House) -> None:
    cookie = sign_in(house.url, "editor", PASSWORD)
    a, b = (f"http://127.0.0.1:{port}" for port in house.desks.values())
    with connect(a, cookie=cookie, path="activity") as tab:
        tab.rerun()
        file = tab.file(tab.labelled(DownloadButton, "CSV").deferred_file_id)
        named = {"Cookie": f"{SESSION_COOKIE}={cookie[SESSION_COOKIE]}"}
        assert [_status(f"{each}{file}", named) for each in (a, b)] == [200, 404]
        assert [_status(f"{each}{file}", {}) for each in (a, b)] == [401, 401]


def _status(url: str, headers: dict[str, str]) -> int:
    try:
        with urlopen(Request(url, headers=headers), timeout=20) as answer:  # noqa: S310 - loopback
            return int(answer.status)
    except HTTPError as refused:
        with refused:
            return refused.code


def test_a_change_whose_server_is_killed_half_way_is_closed_by_the_next_one_and_sent_once(
    house: House, user: str
) -> None:
    before = house.applied()
    cookie = sign_in(house.url, "editor", PASSWORD)
    house.sandbox.forget_asked()
    house.sandbox.break_calls(USER, method="PUT", slow_body=10)  # applied at once, and the answer crawls
    with preferences(f"http://127.0.0.1:{house.desks['a']}", cookie, user) as tab:
        tab.ask(pressed(choose_the_other(tab)))
        until(lambda: _has(len(house.sandbox.asked("PUT", USER)) == 1))
        house.parts["a"].kill()
    house.sandbox.heal()
    house.parts["a"].start()
    until(lambda: _has(house.applied() == before + 1))
    assert len(house.sandbox.asked("PUT", USER)) == 1


def test_while_no_server_answers_the_proxy_writes_no_token_down(house: House) -> None:
    """A line of nginx's error log holds the whole address."""
    for name in house.desks:
        house.parts[name].kill()
    for path in ("/oauth/google?code=canary&state=canary", "/oauth2callback?code=canary", "/users?customer=canary"):
        assert said(house, asked(path, "Referer: https://localhost/?canary")).split()[1] == b"502"
    said(house, asked(f"/session?canary={'x' * 9_000}"))
    said(house, asked("/session?canary", "Content-Length: 99999999", method="POST"))
    written = [file for file in Path(house.folder).glob("*.log") if "canary" in file.read_text(errors="replace")]
    assert written == []


def _has(condition: bool) -> None:
    assert condition
