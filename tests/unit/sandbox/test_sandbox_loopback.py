"""Who may use the control route."""

import asyncio

import pytest
from starlette.types import Message

from lib.sandbox.app import create_app
from lib.sandbox.clock import SandboxClock
from lib.sandbox.ledger import Ledger, discard
from lib.sandbox.routes.control import is_loopback
from lib.sandbox.workspace import Workspace
from lib.sandbox.world.world import World

HERE = {"host": "127.0.0.1:8600"}


def status_for(client: str, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> int:
    """What a request from this address with these headers is answered with."""
    app = create_app(Workspace(World(1, 1, 1), Ledger(), SandboxClock(), discard), "key")
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in (HERE | headers).items()],
        "client": (client, 5000),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    async def ask() -> None:
        await app(scope, receive, send)

    asyncio.run(ask())
    return int(sent[0]["status"])


@pytest.mark.parametrize("path", ["clock", "settings", "faults", "log", "users", "meetings", "connections", "outcomes"])
def test_every_control_endpoint_turns_strangers_away(path: str) -> None:
    assert status_for("10.0.0.7", f"/control/{path}/") == 403
    assert status_for("127.0.0.1", f"/control/{path}/") in (200, 405)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.9", "::1"])
def test_this_machine_may(host: str) -> None:
    assert is_loopback((host, 50_000))


@pytest.mark.parametrize("client", [("10.0.0.7", 50_000), ("192.168.1.2", 1), ("2001:db8::1", 1), None])
def test_nobody_else_may(client: tuple[str, int] | None) -> None:
    assert not is_loopback(client)


@pytest.mark.parametrize("host", ["127.0.0.1:8600", "localhost", "LOCALHOST:1", "[::1]:8600", "127.8.0.9"])
def test_under_a_name_of_this_machine_it_answers(host: str) -> None:
    assert status_for("127.0.0.1", "/control/clock/", host=host) == 200
    assert status_for("127.0.0.1", "/control/clock/", host=host, origin=f"http://{host}") == 200


@pytest.mark.parametrize(
    "host",
    ["", "evil.example:8600", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.7", "["],
)
def test_under_a_name_that_somebody_pointed_here_it_does_not(host: str) -> None:
    assert status_for("127.0.0.1", "/control/clock/", host=host) == 403
    assert status_for("127.0.0.1", "/control/clock/", host=host, origin=f"http://{host}") == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8501"},
        {"origin": "http://127.0.0.1:8600.evil.example"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_page_of_another_site_is_turned_away(method: str, headers: dict[str, str]) -> None:
    headers = headers | {"content_type": "application/json"}
    assert status_for("127.0.0.1", "/control/faults/", method, b"{}", **headers) == 403


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_does_not_say_that_it_is_json_is_not_read(kind: str) -> None:
    """A form or a script of any page may send the others without asking first."""
    assert status_for("127.0.0.1", "/control/clock/", "POST", b'{"frozen": true}', content_type=kind) == 415


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8"])
def test_json_is_read(kind: str) -> None:
    assert status_for("127.0.0.1", "/control/clock/", "POST", b'{"frozen": true}', content_type=kind) == 200
