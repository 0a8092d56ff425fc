"""The server around the pages: its routes, its headers, and what must hold before it serves."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, cast

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

import lib.ui
from lib import logs
from lib.bootstrap import desk
from lib.errors import DeskError, StartError
from lib.settings import load_settings
from lib.staff import sessions
from lib.staff.passwords import nobodys_hash
from lib.staff.provider_accounts import require_way_in
from lib.ui.server import health, metrics, oauth_callbacks
from lib.ui.server.gate import Gate
from lib.ui.server.request_ids import RequestIds
from lib.ui.server.script_files import serve_scripts
from lib.ui.server.security_headers import SecurityHeaders
from lib.ui.server.shutdown import ends_gently
from lib.ui.server.uploads import BoundedUploads
from lib.ui.server.websocket_messages import GuardedMessages
from lib.ui.sign_in import provider_routes
from lib.ui.sign_in.provider_words import advice_at_the_start
from lib.ui.sign_in.session_cookie import SESSION_COOKIE
from lib.ui.widgets.navigation import ALL_PAGES

log = logging.getLogger(__name__)

TICKET_LONGEST = 200


def believe_proxies(app: ASGIApp) -> ASGIApp:
    """Let `app` see the address and scheme that a proxy of TRUSTED_PROXIES forwards.

    uvicorn itself trusts proxies on this machine. X-Forwarded-* headers of anybody else change nothing.
    """
    trusted = [str(each) for each in load_settings().trusted_proxies]  # the store is for the lifespan to open
    return cast(ASGIApp, ProxyHeadersMiddleware(cast(Any, app), trusted))  # uvicorn names the same types its own way


async def begin_session(request: Request) -> Response:
    """Exchange the one-time ticket in the body for the session cookie. A refusal says no more than 401."""
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
    """End the session on the server and delete its cookie."""
    if cookie := request.cookies.get(SESSION_COOKIE):
        await run_in_threadpool(sessions.end, desk().store, cookie)
    response = Response(status_code=204)
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="strict")
    return response


async def _short_body(request: Request) -> str:
    """The body as text; empty when it is longer than any ticket."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > TICKET_LONGEST:
            return ""
    return body.decode("ascii", "replace")


def _require_pages() -> None:
    if missing := [f"pages/{page.file.name}" for page in ALL_PAGES if not page.file.is_file()]:
        raise StartError(f"There is no {', '.join(missing)}. Install Coverage Desk anew, whole, and start again.")


def load_pages() -> None:
    """Load what pages are made of before anybody waits, and leave it out of every later collection of garbage.

    A collection stops every thread while it goes through all objects; those of our modules are there for good. What
    cannot be loaded costs the pages that need it, which `/healthz` names, and no others.
    """
    for module in walk_packages(lib.ui.__path__, "lib.ui.", onerror=partial(log.exception, "%s cannot be loaded")):
        try:
            import_module(module.name)
        except Exception:
            log.exception("%s cannot be loaded", module.name)
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Refuse to start without pages or a way to sign in; settle open changes; at the end, close what was opened."""
    try:
        _require_pages()
        require_way_in(desk().store, desk().settings)
    except DeskError as problem:
        log.error("The dashboard does not start. %s", problem)  # uvicorn logs the trace, cut short
        raise
    if told := advice_at_the_start(desk().settings):
        log.warning("%s", told)
    desk().settle_in_background()
    load_pages()
    serve_scripts()
    nobodys_hash()  # made now, or the first name without an account would take twice as long
    with ends_gently():
        yield
    desk().close()
    logs.flush()  # the process ends by the signal itself, without an end of its own


routes = [
    Route("/session", begin_session, methods=["POST"]),
    Route("/session", end_session, methods=["DELETE"]),
    *provider_routes.routes,
    *oauth_callbacks.routes,
    *health.routes,
    *metrics.routes,
]
middleware = [
    Middleware(believe_proxies),
    Middleware(RequestIds),
    Middleware(SecurityHeaders),
    Middleware(Gate),
    Middleware(BoundedUploads),
    Middleware(GuardedMessages),
]
