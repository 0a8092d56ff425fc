"""Who may use the control route."""

import asyncio

import pytest
from starlette.types import Message

from lib.sandbox.app import create_app
from lib.sandbox.clock import SandboxClock
from lib.sandbox.ledger import Ledger
from lib.sandbox.routes.control import is_loopback
from lib.sandbox.state_file import forget
from lib.sandbox.workspace import Workspace
from lib.sandbox.world.world import World


def status_for(client: str, path: str) -> int:
    """What a request from this address is answered with."""
    app = create_app(Workspace(World(1, 1, 1), Ledger(), SandboxClock(), forget), "key")
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [],
        "client": (client, 5000),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

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
