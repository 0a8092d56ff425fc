"""One deadline for a whole exchange, held at the socket.

The read timeout of requests bounds the silence between two bytes, not the sum of them: an answer of a byte a second
never ends. Here every single receive is given what is left of the exchange and no more, headers and body alike. And an
answer that is long in the making is waited for longer than one that has begun and stops.
"""

import http.client
import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that an exchange may take in all, until its first byte, and between two bytes."""

    seconds: float
    first_byte: float
    silence: float


@dataclass(slots=True)
class _Exchange:
    """The current exchange: when it ends (monotonic), and how long it may be silent now."""

    ends_at: float
    quiet: float
    silence: float

    def retry_policy(self) -> float:
        """Seconds that the next receive may take. Raises TimeoutError when none are left."""
        left = self.ends_at - monotonic()
        if left <= 0:
            raise TimeoutError("the exchange took too long")
        return min(left, self.quiet)

    def received(self) -> None:
        """Bytes flow."""
        self.quiet = self.silence


_exchange: ContextVar[_Exchange] = ContextVar("exchange")


@contextmanager
def bounded(timeouts: Timeouts) -> Iterator[None]:
    """Receives in this block, which are those of one exchange, end with a time-out where `timeouts` are passed."""
    token = _exchange.set(_Exchange(monotonic() + timeouts.seconds, timeouts.first_byte, timeouts.silence))
    try:
        yield
    finally:
        _exchange.reset(token)


@contextmanager
def not_counting() -> Iterator[None]:
    """Leave the time of this block out of what the current exchange may take."""
    began = monotonic()
    try:
        yield
    finally:
        _exchange.get().ends_at += monotonic() - began


class _Received(io.RawIOBase):
    """What a socket receives, within the deadline of the current exchange."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase):
        self._sock, self._raw = sock, raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        exchange = _exchange.get()
        self._sock.settimeout(exchange.retry_policy())
        received = self._raw.readinto(buffer)
        exchange.received()
        return received

    def close(self) -> None:
        # The raw file counts as a user of the socket; without this the socket would never be closed.
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any):
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Received(sock, self.fp.detach()))


class _Connection(HTTPConnection):
    response_class = _Response


class _TLSConnection(HTTPSConnection):
    response_class = _Response


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


class BoundedAdapter(HTTPAdapter):
    """An adapter whose connections obey `bounded`. It never repeats a request by itself."""

    def __init__(self, connections: int):
        super().__init__(max_retries=0, pool_maxsize=connections)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Builds the pools out of bounded connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Builds the pools of a proxy out of bounded connections."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}
        return manager
