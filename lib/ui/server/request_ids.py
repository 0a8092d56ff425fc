"""An id for every request and every websocket: answered as a header, and carried by each line that arises within."""

import re
import secrets

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.logs import request_id
from lib.ui.server.streamlit_internals import is_running_page

HEADER = "x-request-id"
_SANE = re.compile(rb"[A-Za-z0-9._-]{8,64}")


class RequestIds:
    """Takes the id that came with a request, where it is a sane one, or makes one."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve as the wrapped application does, under this id."""
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        named = _named(scope)

        async def send_with_id(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                MutableHeaders(scope=message).append(HEADER, named)
            await send(message)

        mark = request_id.set(named)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            request_id.reset(mark)


def asked_by() -> str | None:
    """The id of the request, or of the tab's websocket, for which this thread works; None for nobody's."""
    if named := request_id.get():
        return named
    return st.context.headers.get(HEADER) if is_running_page() else None


def _named(scope: Scope) -> str:
    """The request's id, which from now on stands in its headers: what a page can read of a websocket is these."""
    came = next((value for name, value in scope["headers"] if name == HEADER.encode()), b"")
    named = came if _SANE.fullmatch(came) else secrets.token_hex(8).encode()
    others = [(name, value) for name, value in scope["headers"] if name != HEADER.encode()]
    scope["headers"] = [*others, (HEADER.encode(), named)]
    return named.decode()
