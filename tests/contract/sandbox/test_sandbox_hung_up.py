"""A caller that hangs up in the middle of its request, as one that is ended does."""

import socket
from collections.abc import Iterator

import pytest

from tests.running import Sandbox, running_sandbox

HEAD = "{method} {path} HTTP/1.1\r\nHost: sandbox\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("hung_up"), users=1, meetings=1) as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/control/meetings/"), ("POST", "/api/v1/calendar/authenticate/"), ("PUT", "/api/v1/calendar/user/")],
)
def test_it_costs_no_traceback_and_the_next_is_answered(own: Sandbox, method: str, path: str) -> None:
    before = own.log.read_text()
    with socket.create_connection(("127.0.0.1", own.port), timeout=10) as caller:
        caller.sendall(HEAD.format(method=method, path=path).encode() + b'{"user": ')
        own.control("GET", "clock/")  # by now it waits for the rest of the body
    own.control("GET", "clock/")
    own.control("GET", "clock/")
    assert own.log.read_text() == before
