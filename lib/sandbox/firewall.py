"""The firewall before the API: it answers with a page, whatever was asked (contract 12.1)."""

import re

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .errors import blocked

_SUSPICIOUS = re.compile(
    rb"<\s*script|<\s*iframe|javascript:|onerror\s*=|https?://(localhost|127\.0\.0\.1)|\bunion\s+select\b",
    re.IGNORECASE,
)


class Firewall:
    """Blocks a read that carries a body, and a payload with running markup, SQL, or a URL of the sender's machine."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through or block."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        if _is_suspicious(scope["method"], body):
            refusal = blocked()
            await HTMLResponse(refusal.body, status_code=refusal.status)(scope, receive, send)
        else:
            await self._app(scope, _replay(body, receive), send)


def _is_suspicious(method: str, body: bytes) -> bool:
    return bool(body) if method in ("GET", "HEAD") else bool(_SUSPICIOUS.search(body))


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed
