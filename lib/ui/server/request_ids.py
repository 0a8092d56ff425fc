"""An id for every request and websocket: sent back as a header, and part of every log line that it causes."""

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
    """Gives each request an id: the one it came with, if well-formed, or a new one."""

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
    """The id of the request or tab that this thread works for; None if there is none."""
    if named := request_id.get():
        return named
    return st.context.headers.get(HEADER) if is_running_page() else None


def _named(scope: Scope) -> str:
    """The request's id, which is also put into its headers, for pages can read those of their websocket."""
    came = next((value for name, value in scope["headers"] if name == HEADER.encode()), b"")
    named = came if _SANE.fullmatch(came) else secrets.token_hex(8).encode()
    others = [(name, value) for name, value in scope["headers"] if name != HEADER.encode()]
    scope["headers"] = [*others, (HEADER.encode(), named)]
    return named.decode()
