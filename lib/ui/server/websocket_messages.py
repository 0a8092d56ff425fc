"""Who may say what over the websocket: whoever is signed in all of it, anybody else what the sign-in needs.

Streamlit itself asks nobody who they are. A callback runs before the script that asks, a fragment without it, a file is
made for whoever names it, and a session goes on for whoever knows its id. So each message is looked at before Streamlit
is given it, by the session as it is at that moment. And who is not signed in may hold little of this process: short
messages, few fields, a connection that ends, and nothing once it has ended.
"""

import asyncio
import logging
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.bootstrap import desk
from lib.bot_config.parser import MOST_LETTERS as OF_A_PRESET
from lib.commands.bulk.selection import MOST_LETTERS as OF_A_LIST
from lib.errors import StoreError
from lib.staff import sessions
from lib.staff.locks import neighbourhood
from lib.ui.server.anonymous_connections import Stranger, Strangers
from lib.ui.server.streamlit_internals import BackMsg, ClientState, forget_when_closed
from lib.ui.server.uploads import MOST_FILES, uploader
from lib.ui.server.websocket_limits import Socket, Terms
from lib.ui.sign_in.session_cookie import SESSION_COOKIE

log = logging.getLogger(__name__)

OVER = 1000
"""Code of closing. The page connects again by itself, as a stranger's then, and shows the sign-in."""
NO_TEXT = 1003
"""Code of closing: Streamlit's messages are bytes."""
OF_STRANGERS = Terms(most_bytes=65_536, most_waiting=50)
OF_STAFF = Terms(most_bytes=4 * max(OF_A_PRESET, OF_A_LIST) + OF_STRANGERS.most_bytes, most_waiting=1000)
"""The longest text that is typed or pasted anywhere, in letters of four bytes, and the rest of its page."""
STAYS_SECONDS = 900.0
"""So long a stranger's connection lasts. The page of somebody who is still there connects again by itself."""
READS_WITHIN_SECONDS = 10.0
"""So long a stranger's page may take to read what it is sent."""
MOST_FIELDS = 50
"""The sign-in has a handful; a page that somebody was signed out of sends all that it had."""
LONGEST_QUERY = 4_000
MARK = "x-coverage-desk-stranger"
"""A header that we add to a stranger's connection, to find the page that Streamlit makes of it. No client can know its
value. A stranger has nothing to go on with, so nothing is kept of their page, nor does it push out one of staff."""
_PROTOCOLS = b"sec-websocket-protocol"
_HARMLESS = {"app_heartbeat", "stop_script"}


class Standing(Enum):
    """Whose a cookie is now."""

    SIGNED_IN = "of a session in force"
    NOT_NOW = "of one that its owner's password brings back"
    UNTOLD = "of one or none: the store cannot tell"
    NOBODYS = "of none"


class GuardedMessages:
    """Between Streamlit and every websocket."""

    def __init__(self, app: ASGIApp, *, stays_seconds: float = STAYS_SECONDS):
        self._app, self._stays_seconds = app, stays_seconds
        self._strangers = Strangers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve as the wrapped application does, and pass on the messages that may be sent."""
        if scope["type"] != "websocket":
            return await self._app(scope, receive, send)
        socket = Socket(receive, OF_STRANGERS)
        cookie = HTTPConnection(scope).cookies.get(SESSION_COOKIE)
        guarded = _Guarded(cookie, receive, send, socket, self._strangers)
        await guarded.begin(neighbourhood(scope["client"][0] if scope["client"] else None), self._stays_seconds)
        if guarded.began is Standing.NOBODYS:
            scope = _as_of_nobody(scope, guarded.mark)
        try:
            await self._app(scope, guarded.receive, guarded.send)
        finally:
            guarded.end()


@dataclass(slots=True)
class _Guarded:
    """One websocket. Its cookie is the one it was opened with; whose that is may change."""

    cookie: str | None
    unguarded: Receive
    unguarded_send: Send
    socket: Socket
    strangers: Strangers
    began: Standing = Standing.NOBODYS
    stranger: Stranger | None = None
    """None: of somebody signed in, whom nobody counts."""
    stays_until: float = 0.0
    mark: str = field(default_factory=lambda: secrets.token_hex(16))
    is_accepted: bool = False
    is_over: bool = False

    async def standing(self) -> Standing:
        """Whose the cookie is now."""
        return await run_in_threadpool(_standing, self.cookie)

    async def begin(self, address: str, stays_seconds: float) -> None:
        """Look whose it is, and let them in by what that is."""
        self.began = await self.standing()
        if self.began in (Standing.SIGNED_IN, Standing.NOT_NOW):  # what was typed before it ended must come through
            self.socket.agree(OF_STAFF)
        if self.began is not Standing.SIGNED_IN:
            self.stays_until = asyncio.get_running_loop().time() + stays_seconds
            self.stranger = Stranger(address, self.socket.drop)
            self.strangers.let_in(self.stranger)

    def end(self) -> None:
        """It is over, for whatever reason. What a stranger has not read by now is not kept for them."""
        if self.stranger is not None:
            self.strangers.gone(self.stranger)
            self.socket.drop()

    async def receive(self) -> Message:
        """The next message that may be sent."""
        if self.is_accepted and self.began is Standing.NOBODYS:
            forget_when_closed(MARK, self.mark)
            self.is_accepted = False  # said once
        while (message := await self._next())["type"] == "websocket.receive":
            if (frame := message.get("bytes")) is None:
                return await self._closed(NO_TEXT)
            standing = await self.standing()
            self._note(standing)
            if standing is Standing.SIGNED_IN:
                if await self._may_ask(frame):
                    return message
                continue
            if standing is Standing.NOBODYS and self.began is not standing:
                return await self._closed(OVER)
            if needed := _what_the_sign_in_needs(frame, is_strangers=self.socket.terms is OF_STRANGERS):
                return {**message, "bytes": needed}
            log.info("Left out a message of somebody who is not signed in.")
        return message

    async def send(self, message: Message) -> None:
        """What a run that is still under way has to say finds nobody any more, as when a browser hangs up."""
        if self.is_over:
            raise OSError("the session of this connection is over")
        if message["type"] == "websocket.accept":
            self.is_accepted = True
        if self.stranger is None:
            return await self.unguarded_send(message)
        try:
            async with asyncio.timeout(READS_WITHIN_SECONDS):
                await self.unguarded_send(message)
        except TimeoutError:
            self.socket.drop()
            raise OSError("a stranger's page that does not read") from None

    async def _next(self) -> Message:
        """The next message at all. To a stranger it is said after a while that there is none."""
        try:
            async with asyncio.timeout_at(self.stays_until if self.stranger else None):
                message = await self.unguarded()
        except TimeoutError:
            return await self._closed(OVER)
        if message["type"] == "websocket.receive":
            self.socket.taken()
        return message

    def _note(self, standing: Standing) -> None:
        """Who signed in meanwhile is a stranger no more; of anybody else it is known that they are still there."""
        if self.stranger is None:
            return
        if standing is Standing.SIGNED_IN:
            self.socket.agree(OF_STAFF)
            self.strangers.gone(self.stranger)
            self.stranger = None
        else:
            self.strangers.heard(self.stranger)

    async def _may_ask(self, frame: bytes) -> bool:
        """Where to put a file is told to who may put one, and for as many as may be there."""
        if (files := _wanted_places(frame)) is None:
            return True
        if files <= MOST_FILES and (await run_in_threadpool(uploader, self.cookie)) is not None:
            return True
        log.info("Left out a message of somebody who may not put files here, or not as many.")
        return False

    async def _closed(self, code: int) -> Message:
        """Close it, and answer what Streamlit is told of that."""
        self.is_over = True
        with suppress(TimeoutError):
            async with asyncio.timeout(READS_WITHIN_SECONDS):
                await self.unguarded_send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}


def _standing(cookie: str | None) -> Standing:
    """Asked at every message, also of those that a page sends by itself: it is no sign of life."""
    limits = sessions.limits_of(desk().settings)
    try:
        if sessions.who(desk().store, cookie, limits=limits, seen=False):
            return Standing.SIGNED_IN
        return Standing.NOT_NOW if sessions.whose_expired(desk().store, cookie) else Standing.NOBODYS
    except StoreError:
        return Standing.UNTOLD


def _wanted_places(frame: bytes) -> int | None:
    """For how many files a message asks where to put them; None for another message."""
    try:
        message = BackMsg.FromString(frame)
    except DecodeError:
        return None
    return len(message.file_urls_request.file_names) if message.HasField("file_urls_request") else None


def _what_the_sign_in_needs(frame: bytes, *, is_strangers: bool) -> bytes:
    """A run of the whole script, which begins with the guard, also where a part of it was asked for; empty for
    everything else. What cannot be read is left to Streamlit to refuse."""
    try:
        message = BackMsg.FromString(frame)
    except DecodeError:
        return frame
    kind = message.WhichOneof("type")
    if kind == "rerun_script":
        message.rerun_script.ClearField("fragment_id")
        if is_strangers:
            _lighten(message.rerun_script)
    elif kind not in _HARMLESS:
        return b""
    whole: bytes = message.SerializeToString()
    return whole


def _lighten(run: ClientState) -> None:
    """Leave out what would be kept of a stranger's page, or looked at, piece by piece."""
    run.ClearField("cached_message_hashes")
    if len(run.widget_states.widgets) > MOST_FIELDS:
        run.ClearField("widget_states")
    if len(run.query_string) > LONGEST_QUERY:
        run.ClearField("query_string")


def _as_of_nobody(scope: Scope, mark: str) -> Scope:
    """The same connection without the id of the session that it wants to go on with, the third of its protocols; and
    with a mark by which it is found."""
    headers = [
        (name, b",".join(value.split(b",")[:2]) if name.lower() == _PROTOCOLS else value)
        for name, value in scope["headers"]
    ]
    headers.append((MARK.encode(), mark.encode()))
    return {**scope, "headers": headers, "subprotocols": scope.get("subprotocols", [])[:2]}
