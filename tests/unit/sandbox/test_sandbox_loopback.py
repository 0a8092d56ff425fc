"""Who may use the control route."""

import pytest

from lib.sandbox.routes.control import is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.9", "::1"])
def test_this_machine_may(host: str) -> None:
    assert is_loopback((host, 50_000))


@pytest.mark.parametrize("client", [("10.0.0.7", 50_000), ("192.168.1.2", 1), ("2001:db8::1", 1), None])
def test_nobody_else_may(client: tuple[str, int] | None) -> None:
    assert not is_loopback(client)
