"""Strangers hold little of the server, whatever they send and however many come, and keep nobody from signing in."""

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.TextInput_pb2 import TextInput
from websockets.exceptions import ConnectionClosed

from lib.staff import sessions
from lib.ui.server.anonymous_connections import MOST, MOST_OF_AN_ADDRESS
from lib.ui.server.websocket_messages import ANONYMOUS_LIMITS, STAFF_LIMITS
from lib.ui.sign_in.session_cookie import SESSION_COOKIE
from tests.contract.ui.conftest import Server, serving
from tests.running import ROOT
from tests.websocket_client import Tab, connect, sign_in, typed

OPENING = (
    "GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)
KEPT_BY_STREAMLIT = 128
"""Pages whose connection was lost."""


@pytest.fixture
def cookie(server: Server) -> dict[str, str]:
    begun = sessions.redeem(server.store, server.ticket())
    assert begun is not None
    return {SESSION_COOKIE: begun}


def stranger(server: Server, address: str = "192.0.2.1") -> Tab:
    """From an address as a proxy on this machine says it."""
    return connect(server.origin, headers={"X-Forwarded-For": address})


def a_name(tab: Tab, letters: int) -> BackMsg:
    """The run that a page asks for whose field for the name holds so much."""
    message = BackMsg()
    message.rerun_script.widget_states.widgets.append(typed(tab.labelled(TextInput, "Name").id, "x" * letters))
    return message


def is_open(tab: Tab) -> bool:
    try:
        tab.rerun()
    except ConnectionClosed:
        return False
    return True


def ends(tab: Tab) -> bool:
    """Whether the connection ends, whatever still comes of it."""
    with suppress(TimeoutError):
        try:
            while True:
                next(tab.frames(timeout=5))
        except ConnectionClosed:
            return True
    return False


def test_a_strangers_message_ends_the_connection_where_it_is_longer_than_the_sign_in_needs(server: Server) -> None:
    with stranger(server) as tab:
        tab.rerun()
        tab.send(a_name(tab, ANONYMOUS_LIMITS.most_bytes - 1000))
        tab.run()
        with suppress(ConnectionClosed):  # while it is still being sent
            tab.send(a_name(tab, ANONYMOUS_LIMITS.most_bytes + 1000))
        assert ends(tab)


def test_staff_may_send_what_the_longest_field_holds_and_no_more(server: Server, cookie: dict[str, str]) -> None:
    with connect(server.origin, cookie=cookie, path="activity") as tab:
        tab.rerun()
        tab.rerun(typed("a field", "x" * (STAFF_LIMITS.most_bytes - 10_000)))
        with suppress(ConnectionClosed):
            tab.ask(typed("a field", "x" * STAFF_LIMITS.most_bytes))
        assert ends(tab)


@contextmanager
def raw(server: Server) -> Iterator[socket.socket]:
    """A stranger's websocket, of which every byte is ours."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(OPENING.format(host=f"127.0.0.1:{server.port}").encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(4096)
        assert b" 101 " in head
        assert b"permessage-deflate" not in head
        yield connection


def frame(opcode: int, data: bytes = b"", *, length: int | None = None, is_last: bool = True) -> bytes:
    """One frame; `length` is what it says of its own."""
    said = len(data) if length is None else length
    return struct.pack("!BBQ", (128 if is_last else 0) | opcode, 255, said) + b"\0\0\0\0" + data


FLOODS: dict[str, Callable[[], bytes]] = {
    "a length that is only announced": lambda: frame(2, length=14_000_000),
    "short pieces without end": lambda: frame(2, is_last=False) + frame(0, b"x" * 600, is_last=False) * 200,
    "empty pieces without end": lambda: frame(2, is_last=False) + frame(0, is_last=False) * 500,
    "messages that nobody can take as fast": lambda: frame(2, BackMsg(app_heartbeat=True).SerializeToString()) * 5_000,
    "text": lambda: frame(1, b"hello"),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_whatever_else_is_sent_without_end_ends_the_connection(server: Server, flood: str) -> None:
    before = len(server.log.read_text())
    with raw(server) as connection:
        with suppress(ConnectionError):
            connection.sendall(FLOODS[flood]())
        assert is_closed(connection)
    assert "Traceback" not in server.log.read_text()[before:]


def test_who_asks_without_reading_is_not_answered_for_ever(server: Server) -> None:
    with raw(server) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        pings = frame(9, b"x" * 125) * 500
        with pytest.raises(ConnectionError):
            send_for_ever(connection, pings)


def send_for_ever(connection: socket.socket, data: bytes) -> None:
    for _ in range(1_000):
        connection.sendall(data)


def is_closed(connection: socket.socket) -> bool:
    try:
        while connection.recv(65_536):
            pass
    except ConnectionError:
        return True
    return True


def test_of_one_address_the_one_that_was_silent_for_longest_goes_for_a_newcomer(server: Server) -> None:
    with ExitStack() as stack:
        tabs = [stack.enter_context(stranger(server, "192.0.2.77")) for _ in range(MOST_OF_AN_ADDRESS)]
        elsewhere = stack.enter_context(stranger(server, "192.0.2.78"))
        assert is_open(tabs[0])
        stack.enter_context(stranger(server, "192.0.2.77"))
        assert not is_open(tabs[1])
        assert all(is_open(tab) for tab in (tabs[0], tabs[2], elsewhere))


def test_a_house_full_of_strangers_keeps_nobody_from_signing_in_and_drops_no_staff(
    server: Server, cookie: dict[str, str]
) -> None:
    with ExitStack() as stack:
        staff = stack.enter_context(connect(server.origin, cookie=cookie, path="activity"))
        staff.rerun()
        house = [stack.enter_context(stranger(server, f"198.51.100.{number // 4}")) for number in range(MOST + 10)]
        signed_in = sign_in(server.origin, "vera", "a good password")
        assert sessions.find(server.store, signed_in[SESSION_COOKIE]) is not None
        staff.rerun()
        assert "Vera Lind" in staff.text()
        assert sum(map(is_open, house)) <= MOST


def test_strangers_who_come_and_go_take_no_place_of_a_page_that_lost_its_connection(
    server: Server, cookie: dict[str, str]
) -> None:
    with connect(server.origin, cookie=cookie, path="activity") as tab:
        tab.rerun()
        page = tab.session_id
    for number in range(KEPT_BY_STREAMLIT + 5):
        with stranger(server, f"203.0.113.{number % 250}"):
            pass
    with connect(server.origin, cookie=cookie, path="activity", session_id=page) as again:
        again.rerun()
        assert again.session_id == page


IMPATIENT = f"""
import sys
import streamlit as st
sys.path.insert(0, {str(ROOT)!r})
from starlette.middleware import Middleware
from lib.ui.server.websocket_messages import GuardedMessages
from lib.ui.server.app import lifespan, routes
messages = Middleware(GuardedMessages, stays_seconds=2.0)
app = st.App({str(ROOT / "lib/ui/entry/desk.py")!r}, routes=routes, middleware=[messages], lifespan=lifespan)
"""
"""The dashboard, with less patience for strangers."""


def test_a_strangers_connection_ends_by_itself_and_that_of_staff_does_not(tmp_path: Path) -> None:
    (tmp_path / "impatient.py").write_text(IMPATIENT)
    with serving(tmp_path, str(tmp_path / "impatient.py")) as server:
        begun = sessions.redeem(server.store, server.ticket())
        assert begun is not None
        with connect(server.origin, cookie={SESSION_COOKIE: begun}, path="activity") as staff, stranger(server) as tab:
            staff.rerun()
            tab.rerun()
            assert ends(tab)
            staff.rerun()
            assert "Vera Lind" in staff.text()


def test_a_page_of_thousands_of_fields_or_of_an_endless_address_is_taken_for_an_empty_one(server: Server) -> None:
    before = len(server.log.read_text())
    with stranger(server) as tab:
        tab.rerun()
        message = BackMsg()
        message.rerun_script.query_string = "&".join(f"{n:x}=1" for n in range(6_000))
        message.rerun_script.widget_states.widgets.extend(typed(f"{n:x}", "") for n in range(1_000))
        tab.send(message)
        tab.run()
        assert "Sign in" in tab.text()
    assert "parameter limit" not in server.log.read_text()[before:]
