"""Faults of the network and the service that tests ask for, by method and path."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .errors import page
from .server import TRANSPORT


@dataclass(slots=True)
class Fault:
    """A fault of the next `times` requests (None: all) that match method and path; `*` matches anything."""

    path: str
    method: str = "*"
    user: int | None = None
    """The number of a calendar user: only requests with a token of this user match."""
    times: int | None = 1
    status: int | None = None
    body: Any = None
    content_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    retry_after: str | None = None
    """The value of the header, sent as it is."""
    delay_ms: float = 0
    drop: bool = False
    """Close the connection without handling the request."""
    lose_answer: bool = False
    """Handle the request, then close the connection without an answer."""
    truncate: bool = False
    """Send the headers of the whole answer and half of its body, then close the connection."""
    slow_body: float | None = None
    """Send the body at this many bytes a second."""
    html200: bool = False
    """Answer with an HTML page and status 200."""

    def matches(self, method: str, path: str, user: int | None) -> bool:
        """Whether a request (its path with the trailing slash) matches."""
        wanted = self.path if self.path.endswith(("/", "*")) else f"{self.path}/"
        return self.method in ("*", method) and fnmatchcase(path, wanted) and self.user in (None, user)

    @property
    def replaces_answer(self) -> bool:
        """Whether it answers in place of the application."""
        return self.html200 or self.status is not None or self.retry_after is not None

    def answer(self) -> Response:
        """The answer in place of the application's."""
        status = 200 if self.html200 else self.status or 429
        body, content_type = self._body(status)
        headers = self.headers | ({"Retry-After": self.retry_after} if self.retry_after is not None else {})
        return Response(body, status, headers, self.content_type or content_type)

    def _body(self, status: int) -> tuple[bytes, str]:
        if isinstance(self.body, str):
            return self.body.encode(), "text/html"
        if self.body is not None:
            return orjson.dumps(self.body), "application/json"
        if self.html200 or status in (403, 500, 502, 503, 504):
            return page(f"{status}", "A page in the place of the API.").encode(), "text/html"
        return orjson.dumps({"code": "fault", "detail": "As asked for by the control route."}), "application/json"


class Faults:
    """Middleware that makes the faults happen that are set."""

    def __init__(self, app: ASGIApp, user_of: Callable[[Headers], int | None]) -> None:
        self._app = app
        self._user_of = user_of
        self.faults: list[Fault] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or make the first fault happen that matches."""
        fault = self._take(scope)
        if fault is None:
            await self._app(scope, receive, send)
            return
        await asyncio.sleep(fault.delay_ms / 1000)
        if fault.drop:
            await _close(scope)
            return
        inner: ASGIApp = fault.answer() if fault.replaces_answer else self._app
        await _deliver(fault, inner, scope, receive, send)

    def _take(self, scope: Scope) -> Fault | None:
        user = self._user_of(Headers(scope=scope)) if any(f.user is not None for f in self.faults) else None
        fault = next((f for f in self.faults if f.matches(scope["method"], scope["path"], user)), None)
        if fault and fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.faults.remove(fault)
        return fault


async def _deliver(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    if not (fault.lose_answer or fault.truncate or fault.slow_body):
        await app(scope, receive, send)
        return
    start, body = await _whole_answer(app, scope, receive)
    if fault.lose_answer:
        await _close(scope)
        return
    await send(start)
    if fault.truncate:
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        await _close(scope)
    else:
        await _send_slowly(send, body, fault.slow_body or 1)


async def _whole_answer(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    return messages[0], b"".join(m.get("body", b"") for m in messages[1:])


async def _send_slowly(send: Send, body: bytes, bytes_a_second: float) -> None:
    piece = max(1, int(bytes_a_second / 10))
    for at in range(0, len(body), piece):
        await send({"type": "http.response.body", "body": body[at : at + piece], "more_body": True})
        await asyncio.sleep(piece / bytes_a_second)
    await send({"type": "http.response.body", "body": b""})


async def _close(scope: Scope) -> None:
    """Close the socket, and wait until the server notices, so that it does not try to answer."""
    transport: asyncio.Transport = scope[TRANSPORT]
    transport.close()
    while not transport.is_closing():
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)
