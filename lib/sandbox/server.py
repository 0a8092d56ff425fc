"""The HTTP server on loopback, which gives faults access to the connection."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

TRANSPORT = "sandbox.transport"
"""The key of the connection's transport in the scope."""


class ProtocolWithTransport(H11Protocol):
    """uvicorn's protocol, with the transport in the scope of each request."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wrap the application for this connection."""
        super().connection_made(transport)
        app = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, TRANSPORT: transport}, receive, send)

        self.app = with_transport


class Server(uvicorn.Server):
    """uvicorn's server, which announces its port once it serves."""

    def __init__(self, app: ASGIApp, port: int, announce: Callable[[int], None]) -> None:
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=port,
            http=ProtocolWithTransport,
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        super().__init__(config)
        self._announce = announce

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let TERM and INT end the server and nothing more: uvicorn would raise them again afterwards."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {sig: signal.signal(sig, self.handle_exit) for sig in (signal.SIGINT, signal.SIGTERM)}
        yield
        for sig, handler in before.items():
            signal.signal(sig, handler)

    async def startup(self, sockets: Any = None) -> None:
        """Start to serve and announce the port, which is known even if it was given as 0."""
        await super().startup(sockets)
        if self.started:
            self._announce(self.servers[0].sockets[0].getsockname()[1])
