"""The gate before Streamlit: files for staff who are signed in, websockets and changes for our own pages alone, and
nothing that Streamlit serves and no page needs.
"""

import logging
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.bootstrap import desk
from lib.errors import StoreError
from lib.staff import sessions
from lib.ui.server.script_files import ADDRESSES
from lib.ui.server.streamlit_internals import BEFORE_THE_WEBSOCKET, FOR_EVERYBODY, MEDIA, STREAM, UPLOADS
from lib.ui.sign_in.session_cookie import SESSION_COOKIE

BEFORE_A_SESSION = BEFORE_THE_WEBSOCKET | ADDRESSES
"""What a page asks for before it opens its websocket, and our scripts."""
OF_A_SESSION = (MEDIA, UPLOADS)
"""Files made for staff, or uploaded by them."""
FOR_MACHINES = frozenset({"/healthz", "/metrics"})
"""For monitoring, under whatever name the server has in its network."""
CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
"""Methods with which browsers always send the Origin of the page that asks."""
UNKNOWN_NAME = "This dashboard is not known by this name. Open it by its own address; an admin sets it as PUBLIC_URL.\n"

DEFAULT_PORTS = {"https": 443, "http": 80}

log = logging.getLogger(__name__)


class Gate:
    """Lets through what the client may have and refuses the rest. Browsers may keep only what is the same for all."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve as the wrapped application does, or refuse."""
        if scope["type"] == "websocket":
            if _may_open(HTTPConnection(scope)):
                await self._app(_origin_as_host(scope), receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})  # before it was accepted: a plain 403
        elif scope["type"] == "http":
            refused = await _refusal(HTTPConnection(scope))
            await (refused or self._app)(scope, receive, _unkept(scope["path"], send))
        else:
            await self._app(scope, receive, send)


async def _refusal(asked: HTTPConnection) -> Response | None:
    path = str(asked.scope["path"])
    if path not in FOR_MACHINES and not is_ours(asked.headers.get("host", ""), desk().settings.public_url):
        return PlainTextResponse(UNKNOWN_NAME, 421)
    if path.startswith(OF_A_SESSION):
        if refused := await _unless_signed_in(asked):
            return refused
    elif "/_stcore/" in f"{path}/" and path not in BEFORE_A_SESSION:
        return Response(status_code=404)
    if asked.scope["method"] in CHANGES and not _is_of_our_page(asked):
        return Response(status_code=403)
    return None


async def _unless_signed_in(asked: HTTPConnection) -> Response | None:
    """401 without a session in force. It is looked up for every file, so that none is served once the session ended."""
    cookie, limits = asked.cookies.get(SESSION_COOKIE), sessions.limits_of(desk().settings)
    try:
        # In a thread: a store that is busy for a moment must not hold up everybody's sockets.
        session = await run_in_threadpool(sessions.find, desk().store, cookie, limits=limits, seen=False)
    except StoreError as problem:
        log.warning("a file is not served, because the session cannot be looked up: %s", problem)
        return Response(status_code=503)
    return None if session else Response(status_code=401)


def _may_open(asked: HTTPConnection) -> bool:
    """Whether this is Streamlit's websocket, asked for by a page of ours. Programs send no Origin."""
    if asked.scope["path"] != STREAM or not is_ours(asked.headers.get("host", ""), desk().settings.public_url):
        return False
    if "origin" in asked.headers and not _is_of_our_page(asked):
        log.warning("a websocket that a page of another site asked for was refused")
        return False
    return True


def _origin_as_host(scope: Scope) -> Scope:
    """The connection, its Origin spelled as its Host is: Streamlit compares the two letter by letter, and where they
    differ it asks a service on the internet for the server's own address."""
    host = HTTPConnection(scope).headers.get("host", "").encode("latin-1")
    headers = [
        (name, value.partition(b"://")[0] + b"://" + host if name == b"origin" else value)
        for name, value in scope["headers"]
    ]
    return {**scope, "headers": headers}


def _is_of_our_page(asked: HTTPConnection) -> bool:
    host, origin = asked.headers.get("host", ""), asked.headers.get("origin", "")
    return is_same_origin(origin, host, desk().settings.public_url)


def is_ours(host: str, public_url: str | None) -> bool:
    """Whether the Host header names this dashboard: PUBLIC_URL's host, localhost, or an IP address.

    A foreign name can be made to resolve to this server, and pages under it would then share our origin; an IP address
    cannot be.
    """
    place = _place("http", host)
    if place is None:
        return False
    name = place[0]
    return (
        name == "localhost" or _is_address(name) or (public_url is not None and name == urlsplit(public_url).hostname)
    )


def is_same_origin(origin: str, host: str, public_url: str | None) -> bool:
    """Whether the Origin header names a page of the Host that was asked for; either may leave a default port out.

    Where PUBLIC_URL is https, a page of that host that came by plain http is another origin: anybody on its way could
    have written it.
    """
    scheme, _, page = origin.lower().partition("://")
    place = _place(scheme, page)
    if place is None or place != _place(scheme, host.lower()):
        return False
    public = urlsplit(public_url or "")
    is_public = public.scheme == "https" and place in [(public.hostname, port) for port in (80, public.port or 443)]
    return scheme == "https" or not is_public


def _place(scheme: str, netloc: str) -> tuple[str, int] | None:
    """Name and port; None for what is not just these, or of another scheme than http and https."""
    try:
        parts = urlsplit(f"{scheme}://{netloc}")
        port = parts.port or DEFAULT_PORTS[scheme]
    except (ValueError, KeyError):
        return None
    return (parts.hostname, port) if parts.hostname and parts.netloc == netloc and "@" not in netloc else None


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _unkept(path: str, send: Send) -> Send:
    """`send` that forbids browsers and proxies to keep the answer, unless it is the same for all."""
    if path.startswith(FOR_EVERYBODY):
        return send

    async def send_unkept(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["cache-control"] = "no-store"
        await send(message)

    return send_unkept
