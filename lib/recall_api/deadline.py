"""One deadline for a whole exchange, held at the socket.

The read timeout of requests bounds the silence between two bytes, not the sum of them: an answer of a byte a second
never ends. Here every single receive is given what is left of the exchange and no more, headers and body alike.
"""

import http.client
import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

_ends_at: ContextVar[float] = ContextVar("ends_at")
_silence: ContextVar[float] = ContextVar("silence")


@contextmanager
def bounded(seconds: float, silence: float) -> Iterator[None]:
    """Receives in this block end `seconds` from now, or after `silence` seconds without a byte, with a time-out."""
    ends_at, quiet = _ends_at.set(monotonic() + seconds), _silence.set(silence)
    try:
        yield
    finally:
        _ends_at.reset(ends_at)
        _silence.reset(quiet)


class _Received(io.RawIOBase):
    """What a socket receives, within the deadline of the exchange that is under way."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase):
        self._sock, self._raw = sock, raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = _ends_at.get() - monotonic()
        if left <= 0:
            raise TimeoutError("the exchange took too long")
        self._sock.settimeout(min(left, _silence.get()))
        return self._raw.readinto(buffer)

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
        """The same for a proxy."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}
        return manager
