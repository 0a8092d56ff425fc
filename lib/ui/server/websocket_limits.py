"""The connection beneath a websocket, as uvicorn holds it: how much it takes in before anybody has looked at it.

uvicorn puts a message together before it hands it on, and knows one size for everybody. A message may also come in any
number of pieces, or with any number of others, and each of them is kept until it is taken. So every connection has
terms of its own, and what breaks them ends it at the first byte that is too many.
"""

from dataclasses import dataclass

from starlette.types import Receive
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import PayloadTooBig, ProtocolError
from websockets.extensions import Extension
from websockets.frames import CTRL_OPCODES, Frame, Opcode
from websockets.typing import ExtensionName

_BYTES_OF_A_PIECE = 1_000
"""Browsers part a long message, but into longer pieces than these."""
_MOST_UNREAD = 100_000
"""Bytes that were answered and that the other side does not take: every ping is answered."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How much may be sent."""

    most_bytes: int
    """Of one message, however it comes."""
    most_waiting: int
    """Messages that nobody has taken yet."""

    @property
    def most_pieces(self) -> int:
        """Into how many a message may be parted."""
        return self.most_bytes // _BYTES_OF_A_PIECE


class Socket(Extension):
    """One connection and its terms. As an extension of the protocol it sees each frame as soon as it is there."""

    name = ExtensionName("coverage-desk-terms")

    def __init__(self, receive: Receive, terms: Terms):
        self._below = _below(receive)
        self._pieces = self._waiting = 0
        self.agree(terms)
        self._below.conn.extensions = [*self._below.conn.extensions, self]

    def agree(self, terms: Terms) -> None:
        """From the next frame on these hold."""
        self.terms = terms
        self._below.conn.max_message_size = terms.most_bytes

    def taken(self) -> None:
        """One of the messages that waited was taken."""
        self._waiting -= 1

    def drop(self) -> None:
        """End the connection at once, whatever the other side has not read."""
        self._below.transport.abort()

    def decode(self, frame: Frame, *, max_size: int | None = None) -> Frame:
        """The frame as it came. Raises what ends the connection."""
        if frame.opcode in CTRL_OPCODES:
            if self._below.transport.get_write_buffer_size() > _MOST_UNREAD:
                raise ProtocolError("pings whose answers are not read")
            return frame
        if frame.opcode is Opcode.CONT:
            self._pieces += 1
        else:
            self._pieces, self._waiting = 1, self._waiting + 1
        if self._pieces > self.terms.most_pieces:
            raise PayloadTooBig(None, self.terms.most_bytes)
        if self._waiting > self.terms.most_waiting:
            raise ProtocolError("more messages than are taken")
        return frame

    def encode(self, frame: Frame) -> Frame:
        """What goes out goes out as it is."""
        return frame


def _below(receive: Receive) -> WebSocketsSansIOProtocol:
    """The protocol that a message is received from: the scope does not name it."""
    owner = getattr(receive, "__self__", None)
    if not isinstance(owner, WebSocketsSansIOProtocol):
        raise TypeError("this websocket is not uvicorn's own, so its size cannot be bounded")
    return owner
