"""Stands before Streamlit: files of a session for those who are signed in, no websocket of another site, and nothing of
what Streamlit serves that no page needs.
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
from lib.ui.sign_in.session_cookie import SESSION_COOKIE

STREAM = "/_stcore/stream"
BEFORE_A_SESSION = frozenset({"/_stcore/health", "/_stcore/host-config"}) | ADDRESSES
"""What Streamlit's page asks for before it opens its websocket, and the scripts that it is told to run."""
OF_A_SESSION = ("/media/", "/_stcore/upload_file/")
"""Files that were made for somebody, or come from somebody."""
SAME_FOR_ALL = ("/static/", "/app/static/")
"""Streamlit's own files and our fonts: browsers may keep them."""
FOR_MACHINES = frozenset({"/healthz", "/metrics"})
"""Asked for by what watches over the server, by whatever name it has in its network."""
UNKNOWN_NAME = "This dashboard is not known by this name. Open it by its own address; an admin sets it as PUBLIC_URL.\n"

log = logging.getLogger(__name__)


class Gate:
    """Lets through what is for who asks, and answers the rest itself; nothing but the same for all is kept."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve as the wrapped application does, or refuse."""
        if scope["type"] == "websocket":
            if _may_open(HTTPConnection(scope)):
                await self._app(scope, receive, send)
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
        return await _unless_signed_in(asked)
    if "/_stcore/" in f"{path}/" and path not in BEFORE_A_SESSION:
        return Response(status_code=404)
    return None


async def _unless_signed_in(asked: HTTPConnection) -> Response | None:
    """Looked up for every file, so that a session that was ended a moment ago has none any more."""
    cookie, limits = asked.cookies.get(SESSION_COOKIE), sessions.limits_of(desk().settings)
    try:
        # In a thread: a store that is busy for a moment must not hold up everybody's sockets.
        session = await run_in_threadpool(sessions.who, desk().store, cookie, limits=limits, seen=False)
    except StoreError as problem:
        log.warning("a file is not served, because nobody knows whose session it is: %s", problem)
        return Response(status_code=503)
    return None if session else Response(status_code=401)


def _may_open(asked: HTTPConnection) -> bool:
    """Whether this is Streamlit's websocket, asked for by a page of our own. Programs send no Origin."""
    host, origin = asked.headers.get("host", ""), asked.headers.get("origin")
    if asked.scope["path"] != STREAM or not is_ours(host, desk().settings.public_url):
        return False
    if origin is not None and not is_same_place(origin, host):
        log.warning("a websocket that a page of another site asked for was refused")
        return False
    return True


def is_ours(host: str, public_url: str | None) -> bool:
    """Whether the Host header names this dashboard: PUBLIC_URL's name, localhost, or an address in numbers.

    Somebody else's name may be made to point here, and pages of theirs would then be of one origin with ours; a number
    cannot be made to.
    """
    name = _name_in(f"//{host}")
    if name is None or "@" in host or "/" in host:
        return False
    return name == "localhost" or _is_address(name) or (public_url is not None and name == _name_in(public_url))


def is_same_place(origin: str, host: str) -> bool:
    """Whether an Origin header names the host that was asked. A port that goes without saying may be said."""
    scheme, _, place = origin.lower().partition("://")
    usual = {"https": ":443", "http": ":80"}.get(scheme)
    return usual is not None and place.removesuffix(usual) == host.lower().removesuffix(usual)


def _name_in(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _unkept(path: str, send: Send) -> Send:
    """Answers are kept by nobody on the way, and by no browser; but for what is the same for all."""
    if path.startswith(SAME_FOR_ALL):
        return send

    async def send_unkept(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["cache-control"] = "no-store"
        await send(message)

    return send_unkept
