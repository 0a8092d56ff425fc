"""Which messages a client may send over the websocket: all of them when signed in, else those that the sign-in needs.

Streamlit itself checks nobody. A callback runs before the script and its guard, a fragment without it, a file is made
for whoever names it, and a page is resumed for whoever knows its id. So each message is checked before Streamlit gets
it, against the session at that moment. And clients that are not signed in may use few resources: short messages, few
fields, a connection that ends, and nothing once it has ended.
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
from lib.staff.locks import network_of
from lib.ui.server.anonymous_connections import AnonymousConnection, AnonymousConnections
from lib.ui.server.streamlit_internals import BackMsg, ClientState, forget_when_closed
from lib.ui.server.uploads import MOST_FILES, uploader
from lib.ui.server.websocket_limits import Limits, Socket
from lib.ui.sign_in.session_cookie import SESSION_COOKIE

log = logging.getLogger(__name__)

OVER = 1000
"""Close code. The page then reconnects by itself, without a session, and shows the sign-in."""
NO_TEXT = 1003
"""Close code: Streamlit's messages are bytes."""
ANONYMOUS_LIMITS = Limits(most_bytes=65_536, most_waiting=50)
STAFF_LIMITS = Limits(most_bytes=4 * max(OF_A_PRESET, OF_A_LIST) + ANONYMOUS_LIMITS.most_bytes, most_waiting=1000)
"""Room for the longest text that any field takes, in characters of four bytes, and the rest of its page."""
ANONYMOUS_SECONDS = 900.0
"""How long a connection without a session lasts. The page of somebody who is still there reconnects by itself."""
READS_WITHIN_SECONDS = 10.0
"""How long a page without a session may take to read what it is sent."""
MOST_FIELDS = 50
"""The sign-in has a handful; a page whose session ended sends all the fields it had."""
LONGEST_QUERY = 4_000
MARK = "x-coverage-desk-stranger"
"""A header that we add to a stranger's connection, to find the page that Streamlit makes of it. No client can know its
value. A stranger has nothing to go on with, so nothing is kept of their page, nor does it push out one of staff."""
_PROTOCOLS = b"sec-websocket-protocol"
_HARMLESS = {"app_heartbeat", "stop_script"}


class CookieState(Enum):
    """What a cookie is worth now."""

    SIGNED_IN = "a session in force"
    EXPIRED = "a session that its owner's password brings back"
    UNKNOWN = "the store cannot tell"
    ANONYMOUS = "no session"


class GuardedMessages:
    """Stands between Streamlit and every websocket."""

    def __init__(self, app: ASGIApp, *, stays_seconds: float = ANONYMOUS_SECONDS):
        self._app, self._stays_seconds = app, stays_seconds
        self._strangers = AnonymousConnections()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve as the wrapped application does, and pass on the messages that the client may send."""
        if scope["type"] != "websocket":
            return await self._app(scope, receive, send)
        socket = Socket(receive, ANONYMOUS_LIMITS)
        cookie = HTTPConnection(scope).cookies.get(SESSION_COOKIE)
        guarded = _Connection(cookie, receive, send, socket, self._strangers)
        await guarded.begin(network_of(scope["client"][0] if scope["client"] else None), self._stays_seconds)
        if guarded.began is CookieState.ANONYMOUS:
            scope = _without_page_id(scope, guarded.mark)
        try:
            await self._app(scope, guarded.receive, guarded.send)
        finally:
            guarded.end()


@dataclass(slots=True)
class _Connection:
    """One websocket. Its cookie is the one it was opened with; the state of that may change."""

    cookie: str | None
    unguarded: Receive
    unguarded_send: Send
    socket: Socket
    strangers: AnonymousConnections
    began: CookieState = CookieState.ANONYMOUS
    stranger: AnonymousConnection | None = None
    """None for staff who are signed in, whose connections are not counted."""
    stays_until: float = 0.0
    mark: str = field(default_factory=lambda: secrets.token_hex(16))
    is_accepted: bool = False
    is_over: bool = False

    async def cookie_state(self) -> CookieState:
        """What the cookie is worth now."""
        return await run_in_threadpool(_cookie_state, self.cookie)

    async def begin(self, address: str, stays_seconds: float) -> None:
        """Check the cookie, and set the limits that go with it."""
        self.began = await self.cookie_state()
        if self.began in (
            CookieState.SIGNED_IN,
            CookieState.EXPIRED,
        ):  # what was typed before it ended must come through
            self.socket.set_limits(STAFF_LIMITS)
        if self.began is not CookieState.SIGNED_IN:
            self.stays_until = asyncio.get_running_loop().time() + stays_seconds
            self.stranger = AnonymousConnection(address, self.socket.drop)
            self.strangers.admit(self.stranger)

    def end(self) -> None:
        """The connection is over. What a client without a session has not read is discarded."""
        if self.stranger is not None:
            self.strangers.remove(self.stranger)
            self.socket.drop()

    async def receive(self) -> Message:
        """The next message that the client may send."""
        if self.is_accepted and self.began is CookieState.ANONYMOUS:
            forget_when_closed(MARK, self.mark)
            self.is_accepted = False  # once is enough
        while (message := await self._next())["type"] == "websocket.receive":
            if (frame := message.get("bytes")) is None:
                return await self._closed(NO_TEXT)
            cookie_state = await self.cookie_state()
            self._note(cookie_state)
            if cookie_state is CookieState.SIGNED_IN:
                if await self._may_ask(frame):
                    return message
                continue
            if cookie_state is CookieState.ANONYMOUS and self.began is not cookie_state:
                return await self._closed(OVER)
            if needed := _reduced_to_sign_in(frame, is_strangers=self.socket.limits is ANONYMOUS_LIMITS):
                return {**message, "bytes": needed}
            log.info("Left out a message of somebody who is not signed in.")
        return message

    async def send(self, message: Message) -> None:
        """Send, unless the connection was closed: then raise what a browser that hung up causes."""
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
        """The next message of any kind; a disconnect once a connection without a session has lasted long enough."""
        try:
            async with asyncio.timeout_at(self.stays_until if self.stranger else None):
                message = await self.unguarded()
        except TimeoutError:
            return await self._closed(OVER)
        if message["type"] == "websocket.receive":
            self.socket.note_taken()
        return message

    def _note(self, cookie_state: CookieState) -> None:
        """Stop counting the connection once its user has signed in; until then, note that it is active."""
        if self.stranger is None:
            return
        if cookie_state is CookieState.SIGNED_IN:
            self.socket.set_limits(STAFF_LIMITS)
            self.strangers.remove(self.stranger)
            self.stranger = None
        else:
            self.strangers.note_activity(self.stranger)

    async def _may_ask(self, frame: bytes) -> bool:
        """Whether a message is no request for upload addresses, or one that this person may make."""
        if (files := _number_of_files(frame)) is None:
            return True
        if files <= MOST_FILES and (await run_in_threadpool(uploader, self.cookie)) is not None:
            return True
        log.info("Left out a message of somebody who may not put files here, or not as many.")
        return False

    async def _closed(self, code: int) -> Message:
        """Close the connection; answers the message that tells Streamlit."""
        self.is_over = True
        with suppress(TimeoutError):
            async with asyncio.timeout(READS_WITHIN_SECONDS):
                await self.unguarded_send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}


def _cookie_state(cookie: str | None) -> CookieState:
    """Checked at every message, also those that a page sends by itself, so it counts as no activity."""
    limits = sessions.limits_of(desk().settings)
    try:
        if sessions.find(desk().store, cookie, limits=limits, seen=False):
            return CookieState.SIGNED_IN
        return CookieState.EXPIRED if sessions.expired_owner(desk().store, cookie) else CookieState.ANONYMOUS
    except StoreError:
        return CookieState.UNKNOWN


def _number_of_files(frame: bytes) -> int | None:
    """For how many files a message requests upload addresses; None for any other message."""
    try:
        message = BackMsg.FromString(frame)
    except DecodeError:
        return None
    return len(message.file_urls_request.file_names) if message.HasField("file_urls_request") else None


def _reduced_to_sign_in(frame: bytes, *, is_strangers: bool) -> bytes:
    """The message as a run of the whole script, which begins with the guard, even if a fragment was asked for; empty
    for everything else. Streamlit refuses what cannot be decoded."""
    try:
        message = BackMsg.FromString(frame)
    except DecodeError:
        return frame
    kind = message.WhichOneof("type")
    if kind == "rerun_script":
        message.rerun_script.ClearField("fragment_id")
        if is_strangers:
            _drop_bulky_fields(message.rerun_script)
    elif kind not in _HARMLESS:
        return b""
    whole: bytes = message.SerializeToString()
    return whole


def _drop_bulky_fields(run: ClientState) -> None:
    """Drop what Streamlit would keep of the page, or go through item by item."""
    run.ClearField("cached_message_hashes")
    if len(run.widget_states.widgets) > MOST_FIELDS:
        run.ClearField("widget_states")
    if len(run.query_string) > LONGEST_QUERY:
        run.ClearField("query_string")


def _without_page_id(scope: Scope, mark: str) -> Scope:
    """The connection without the id of the page that it wants to resume, the third of its protocols, and with a mark
    by which it is found."""
    headers = [
        (name, b",".join(value.split(b",")[:2]) if name.lower() == _PROTOCOLS else value)
        for name, value in scope["headers"]
    ]
    headers.append((MARK.encode(), mark.encode()))
    return {**scope, "headers": headers, "subprotocols": scope.get("subprotocols", [])[:2]}
