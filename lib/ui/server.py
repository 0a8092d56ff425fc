"""The server around the pages: its routes, its headers, and what must hold before it serves."""

import base64
import gc
import hashlib
import logging
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import lib.ui
from lib.bootstrap import desk
from lib.clock import utc_now
from lib.errors import DeskError
from lib.staff import accounts, sessions
from lib.store import passes
from lib.ui import returning
from lib.ui.session_cookie import SESSION_COOKIE

log = logging.getLogger(__name__)

TICKET_LONGEST = 200

_INDEX = Path(st.__file__).parent / "static" / "index.html"
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def _inline_script_hashes() -> str:
    """What allows the inline scripts of Streamlit's own page, whatever its release puts there, and no other."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE_SCRIPT.findall(_INDEX.read_text("utf-8")))
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


# 'unsafe-inline' in style-src: Streamlit writes style attributes. blob: in script-src: our components are inline.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' blob: 'wasm-unsafe-eval' {_inline_script_hashes()}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'self'",
    )
)
SECURITY_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class SecurityHeaders:
    """Adds the security headers to every answer of the server."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve as the wrapped application does, with more headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    *((name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()),
                ]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def healthz(_: Request) -> Response:
    """200 when the app can serve and its store answers; 503 with the reason otherwise.

    `as_of` is the start of the last complete pass (ISO, UTC), and `sync` how many seconds ago that was; null before it.
    """
    try:
        desk().store.answers()
        with desk().store.read() as connection:
            as_of = passes.as_of(connection)
    except DeskError as error:
        return JSONResponse({"status": "unavailable", "reason": str(error)}, status_code=503)
    return JSONResponse(
        {
            "status": "ok",
            "recall": desk().settings.region or "sandbox",
            "as_of": as_of and as_of.isoformat(),
            "sync": as_of and round((utc_now() - as_of).total_seconds()),
        }
    )


async def begin_session(request: Request) -> Response:
    """Exchange the one-time ticket in the body for the session cookie. Same origin only; nothing is told on refusal."""
    if not _is_same_origin(request):
        return Response(status_code=403)
    ticket = await _short_body(request)
    # In a thread: a store that is busy for a moment must not hold up everybody's sockets.
    cookie = await run_in_threadpool(sessions.redeem, desk().store, ticket)
    if cookie is None:
        return Response(status_code=401)
    response = Response(status_code=204)
    response.set_cookie(
        SESSION_COOKIE, cookie, path="/", httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )
    return response


async def end_session(request: Request) -> Response:
    """End the session on the server and take the cookie back."""
    if not _is_same_origin(request):
        return Response(status_code=403)
    if cookie := request.cookies.get(SESSION_COOKIE):
        await run_in_threadpool(sessions.end, desk().store, cookie)
    response = Response(status_code=204)
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="strict")
    return response


async def _short_body(request: Request) -> str:
    """The body as text, read no further than a ticket can be long."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > TICKET_LONGEST:
            return ""
    return body.decode("ascii", "replace")


def _is_same_origin(request: Request) -> bool:
    """A form on another site cannot read or end a session: browsers send Origin with every POST and DELETE."""
    origin = request.headers.get("origin", "")
    return origin.partition("://")[2] == request.headers.get("host")


def _load_pages() -> None:
    """Load before anybody waits what pages are made of, and leave it out of every later collection of garbage.

    Streamlit collects after every run of a script, a click and each look of a status strip among them. With all our
    modules to go through that took 0.1 s each time, in which nothing else was answered.
    """
    for module in walk_packages(lib.ui.__path__, "lib.ui."):
        import_module(module.name)
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Refuse to start without a staff account; settle what was left open; close what was opened at the end."""
    accounts.require_staff(desk().store)
    desk().settle_in_background()
    _load_pages()
    yield
    desk().close()


def show_script_error(error: Exception) -> bool:
    """A sentence and a reference number for the reader; the details go to the log."""
    reference = f"{secrets.token_hex(2)}-{secrets.token_hex(1)}".upper()
    log.error("reference %s: a page could not be built", reference, exc_info=error)
    st.error(
        f"This page could not be built. Nothing was changed. Tell your admin: reference {reference}.",
        icon=":material/error:",
    )
    return True


routes = [
    Route("/healthz", healthz, methods=["GET"]),
    Route("/session", begin_session, methods=["POST"]),
    Route("/session", end_session, methods=["DELETE"]),
    *returning.routes,
]
middleware = [Middleware(SecurityHeaders)]
