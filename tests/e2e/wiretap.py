"""A relay on loopback that keeps every byte that passes between two processes, in the clear.

One stands between the browsers and the dashboard: what it heard is all that ever reached a browser (pages, websocket
frames, downloads, headers, cookies). Another stands between the dashboard and Recall, and hears which
secrets there are.
"""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_CHUNK = 65536
_END_OF_HEADERS = b"\r\n\r\n"
_OFFERS = re.compile(rb"(?<=\r\n)(?:Accept-Encoding|Sec-WebSocket-Extensions):", re.IGNORECASE)
"""Offers to compress. They are made unknown headers of the same length, so that everything is sent in the clear."""


@dataclass(frozen=True)
class Conversation:
    """One connection: what the client asked, and what the server answered."""

    asked: bytearray = field(default_factory=bytearray)
    answered: bytearray = field(default_factory=bytearray)

    @property
    def is_websocket(self) -> bool:
        return self.answered.startswith(b"HTTP/1.1 101")

    @property
    def sent(self) -> bytes:
        """What the client sent; the frames of a websocket without their masks."""
        if not self.is_websocket:
            return bytes(self.asked)
        headers, _, frames = bytes(self.asked).partition(_END_OF_HEADERS)
        return headers + b"".join(unmasked(frames))


class Wiretap:
    """Listens on a free port, passes on to another, and remembers."""

    def __init__(self, port_behind: int):
        self.conversations: list[Conversation] = []
        self._port_behind = port_behind
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._socket.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def heard_from_server(self) -> bytes:
        """Everything that was answered so far, headers and frames as they stand."""
        return b"\n".join(bytes(c.answered) for c in list(self.conversations))

    def heard_from_clients(self) -> bytes:
        """Everything that was asked so far."""
        return b"\n".join(c.sent for c in list(self.conversations))

    def listen(self) -> None:
        """Take connections until `close`."""
        with suppress(OSError):
            while True:
                client, _ = self._socket.accept()
                threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def close(self) -> None:
        """Take no more connections. Those that are open end with their processes."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _relay(self, client: socket.socket) -> None:
        heard = Conversation()
        with client, suppress(OSError), socket.create_connection(("127.0.0.1", self._port_behind)) as server:
            self.conversations.append(heard)
            back = threading.Thread(target=_pass_on, args=(server, client, heard.answered), daemon=True)
            back.start()
            _pass_on(client, server, heard.asked)
            back.join()


def _pass_on(source: socket.socket, target: socket.socket, kept: bytearray) -> None:
    """Until `source` has no more to say or somebody hangs up; then `target` hears that nothing more comes."""
    with suppress(OSError):
        while chunk := source.recv(_CHUNK):
            chunk = _OFFERS.sub(_made_unknown, chunk)
            kept += chunk
            target.sendall(chunk)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _made_unknown(offer: re.Match[bytes]) -> bytes:
    return b"X" + offer.group()[1:]


def unmasked(frames: bytes) -> Iterator[bytes]:
    """The payloads of a client's websocket frames (RFC 6455, 5.2); of one that was cut short, what there is."""
    at = 0
    while at + 6 <= len(frames):
        length, at = frames[at + 1] & 0x7F, at + 2
        if length >= 126:
            size = 2 if length == 126 else 8
            length, at = int.from_bytes(frames[at : at + size], "big"), at + size
        mask, payload = frames[at : at + 4], frames[at + 4 : at + 4 + length]
        at += 4 + length
        yield bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))


@contextmanager
def wiretap(port_behind: int) -> Iterator[Wiretap]:
    """A wiretap before `port_behind`, until the end of the block."""
    tap = Wiretap(port_behind)
    thread = threading.Thread(target=tap.listen, daemon=True)
    thread.start()
    try:
        yield tap
    finally:
        tap.close()
        thread.join()
