"""What a request passes through before it reaches a route: trailing slash, request log, latency, firewall."""

import asyncio
import re
from collections import deque
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .auth import credential_kinds
from .clock import SandboxClock
from .errors import blocked

_LOGGED_REQUESTS = 20_000
_SECRET_PARAMETERS = frozenset({"state", "code"})
_SUSPICIOUS = re.compile(
    rb"<\s*script|<\s*iframe|javascript:|onerror\s*=|https?://(localhost|127\.0\.0\.1)|\bunion\s+select\b",
    re.IGNORECASE,
)


class TrailingSlash:
    """Accepts every path with and without its trailing slash; a redirect would lose the body.

    Requests to the control route go straight to `control`: they are not logged, not limited, and ignore faults.
    """

    def __init__(self, public: ASGIApp, control: ASGIApp) -> None:
        self._public = public
        self._control = control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the slash."""
        path = scope["path"]
        scope = {**scope, "path": path if path.endswith("/") else f"{path}/"}
        app = self._control if scope["path"].startswith("/control/") else self._public
        with suppress(ClientDisconnect):  # the caller hung up before its request was complete: nobody awaits an answer
            await app(scope, receive, send)


class RequestLog:
    """Logs every public request for tests to read, without secrets; the oldest entries are dropped."""

    def __init__(self, app: ASGIApp, clock: SandboxClock) -> None:
        self._app = app
        self._clock = clock
        self.entries: deque[dict[str, Any]] = deque(maxlen=_LOGGED_REQUESTS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and log the status of the answer, None if there is none."""
        entry = self._entry(scope)
        self.entries.append(entry)

        async def logged_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry["status"] = message["status"]
            await send(message)

        await self._app(scope, receive, logged_send)

    def _entry(self, scope: Scope) -> dict[str, Any]:
        return {
            "method": scope["method"],
            "path": scope["path"],
            "query": _without_secrets(scope["query_string"].decode("latin-1")),
            "status": None,
            "credential": credential_kinds(Headers(scope=scope)),
            "time": self._clock.now(),
        }


class Latency:
    """Waits before each answer."""

    def __init__(self, app: ASGIApp, milliseconds: float) -> None:
        self._app = app
        self._seconds = milliseconds / 1000

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, then pass the request on."""
        if self._seconds:
            await asyncio.sleep(self._seconds)
        await self._app(scope, receive, send)


class Firewall:
    """Answers 403 to a read with a body and to a body with markup that runs, SQL or a loopback URL (contract 12.1)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Block the request or pass it on."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        if body if scope["method"] in ("GET", "HEAD") else _SUSPICIOUS.search(body):
            refusal = blocked()
            await HTMLResponse(refusal.body, status_code=refusal.status)(scope, receive, send)
        else:
            await self._app(scope, _replay(body, receive), send)


def _without_secrets(query: str) -> str:
    """The query without the values of secret parameters: the token travels in `state` (contract 2.2)."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, "hidden" if name in _SECRET_PARAMETERS else value) for name, value in pairs])


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body once more, which was read already."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed
