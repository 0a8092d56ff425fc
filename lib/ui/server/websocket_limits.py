"""Limits of a websocket's connection, which hold before a message has been read.

uvicorn assembles a message before it passes it on, and has one maximum size for everybody. A message may come in any
number of fragments, and any number of messages may wait. So every connection has limits of its own, and is closed at
the first byte beyond them.
"""

from dataclasses import dataclass

from starlette.types import Receive
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import PayloadTooBig, ProtocolError
from websockets.extensions import Extension
from websockets.frames import CTRL_OPCODES, Frame, Opcode
from websockets.typing import ExtensionName

_BYTES_OF_A_PIECE = 1_000
"""Browsers fragment a long message, but into longer pieces than these."""
_MOST_UNREAD = 100_000
"""Bytes of answers that the client does not read: every ping is answered."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a client may send."""

    most_bytes: int
    """Of one message, fragmented or not."""
    most_waiting: int
    """Messages that wait to be read."""

    @property
    def most_pieces(self) -> int:
        """Into how many fragments a message may be split."""
        return self.most_bytes // _BYTES_OF_A_PIECE


class Socket(Extension):
    """One connection and its limits. As an extension of the protocol it sees each frame as it arrives."""

    name = ExtensionName("coverage-desk-terms")

    def __init__(self, receive: Receive, limits: Limits):
        self._below = _below(receive)
        self._pieces = self._waiting = 0
        self.set_limits(limits)
        self._below.conn.extensions = [*self._below.conn.extensions, self]

    def set_limits(self, limits: Limits) -> None:
        """Apply these limits from the next frame on."""
        self.limits = limits
        self._below.conn.max_message_size = limits.most_bytes

    def note_taken(self) -> None:
        """One of the waiting messages was read."""
        self._waiting -= 1

    def drop(self) -> None:
        """Close the connection at once, and discard what the client has not read."""
        self._below.transport.abort()

    def decode(self, frame: Frame, *, max_size: int | None = None) -> Frame:
        """The frame, unchanged. Raises what closes the connection when it breaks a limit."""
        if frame.opcode in CTRL_OPCODES:
            if self._below.transport.get_write_buffer_size() > _MOST_UNREAD:
                raise ProtocolError("pings whose answers are not read")
            return frame
        if frame.opcode is Opcode.CONT:
            self._pieces += 1
        else:
            self._pieces, self._waiting = 1, self._waiting + 1
        if self._pieces > self.limits.most_pieces:
            raise PayloadTooBig(None, self.limits.most_bytes)
        if self._waiting > self.limits.most_waiting:
            raise ProtocolError("more messages than are taken")
        return frame

    def encode(self, frame: Frame) -> Frame:
        """The frame, unchanged."""
        return frame


def _below(receive: Receive) -> WebSocketsSansIOProtocol:
    """The protocol object behind `receive`: the scope does not name it."""
    owner = getattr(receive, "__self__", None)
    if not isinstance(owner, WebSocketsSansIOProtocol):
        raise TypeError("this websocket is not uvicorn's own, so its size cannot be bounded")
    return owner
