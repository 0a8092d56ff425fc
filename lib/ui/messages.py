"""Who may say what over the websocket: whoever is signed in all of it, anybody else what the sign-in needs.

Streamlit itself asks nobody who they are. A callback runs before the script that asks, a fragment without it, a file is
made for whoever names it, and a session goes on for whoever knows its id. So each message is looked at before Streamlit
is given it, by the session as it is at that moment.
"""

import logging
from dataclasses import dataclass
from enum import Enum

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from lib.bootstrap import desk
from lib.errors import StoreError
from lib.staff import sessions
from lib.ui.session_cookie import SESSION_COOKIE

log = logging.getLogger(__name__)

OVER = 1000
"""Code of closing. The page connects again by itself, as a stranger's then, and shows the sign-in."""
_PROTOCOLS = b"sec-websocket-protocol"
_HARMLESS = {"app_heartbeat", "stop_script"}


class Standing(Enum):
    """Whose a cookie is now."""

    SIGNED_IN = "of a session in force"
    NOT_NOW = "of one that its owner's password brings back, or the store cannot tell"
    NOBODYS = "of none"


class GuardedMessages:
    """Between Streamlit and every websocket."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve as the wrapped application does, and pass on the messages that may be sent."""
        if scope["type"] != "websocket":
            return await self._app(scope, receive, send)
        guarded = _Guarded(HTTPConnection(scope).cookies.get(SESSION_COOKIE), receive, send)
        guarded.began = await guarded.standing()
        if guarded.began is Standing.NOBODYS:
            scope = _without_former_session(scope)
        await self._app(scope, guarded.receive, guarded.send)


@dataclass(slots=True)
class _Guarded:
    """One websocket. Its cookie is the one it was opened with; whose that is may change."""

    cookie: str | None
    unguarded: Receive
    unguarded_send: Send
    began: Standing = Standing.NOBODYS
    is_over: bool = False

    async def standing(self) -> Standing:
        """Whose the cookie is now."""
        return await run_in_threadpool(_standing, self.cookie)

    async def receive(self) -> Message:
        """The next message that may be sent."""
        while (message := await self.unguarded())["type"] == "websocket.receive":
            standing = await self.standing()
            if standing is Standing.SIGNED_IN:
                return message
            if standing is Standing.NOBODYS and self.began is not standing:
                self.is_over = True
                await self.unguarded_send({"type": "websocket.close", "code": OVER})
                return {"type": "websocket.disconnect", "code": OVER}
            if frame := _what_the_sign_in_needs(message.get("bytes") or b""):
                return {**message, "bytes": frame}
            log.info("Left out a message of somebody who is not signed in.")
        return message

    async def send(self, message: Message) -> None:
        """What a run that is still under way has to say finds nobody any more, as when a browser hangs up."""
        if self.is_over:
            raise OSError("the session of this connection is over")
        await self.unguarded_send(message)


def _standing(cookie: str | None) -> Standing:
    """Asked at every message, also of those that a page sends by itself: it is no sign of life."""
    limits = sessions.limits_of(desk().settings)
    try:
        if sessions.who(desk().store, cookie, limits=limits, seen=False):
            return Standing.SIGNED_IN
        return Standing.NOT_NOW if sessions.whose_expired(desk().store, cookie) else Standing.NOBODYS
    except StoreError:
        return Standing.NOT_NOW


def _what_the_sign_in_needs(frame: bytes) -> bytes:
    """A run of the whole script, which begins with the guard, also where a part of it was asked for; empty for
    everything else. What cannot be read is left to Streamlit to refuse."""
    try:
        message = BackMsg.FromString(frame)
    except DecodeError:
        return frame
    kind = message.WhichOneof("type")
    if kind == "rerun_script":
        message.rerun_script.ClearField("fragment_id")
    elif kind not in _HARMLESS:
        return b""
    whole: bytes = message.SerializeToString()
    return whole


def _without_former_session(scope: Scope) -> Scope:
    """The same connection without the id of the session that it wants to go on with: the third of its protocols."""
    headers = [
        (name, b",".join(value.split(b",")[:2]) if name.lower() == _PROTOCOLS else value)
        for name, value in scope["headers"]
    ]
    return {**scope, "headers": headers, "subprotocols": scope.get("subprotocols", [])[:2]}
