"""Who may upload files, and how many files and bytes are kept for one person.

Streamlit accepts any number of files from whoever knows the id of a page, and keeps them as long as its tab. Here only
staff who can use a file may upload one, and a person's oldest file is dropped for the newest.
"""

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.bootstrap import desk
from lib.errors import StoreError
from lib.staff import sessions
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.server.streamlit_internals import UPLOADS, drop_file, holds_file
from lib.ui.sign_in.session_cookie import SESSION_COOKIE

MOST_FILES = 4
MOST_BYTES = 25_000_000
UNTOLD_BYTES = 11_000_000
"""Assumed length of an upload without Content-Length: more than Streamlit accepts (`server.maxUploadSize`)."""

Place = tuple[str, str]
"""The tab's session and the file's own id, as Streamlit names them."""


def may_upload(member: StaffMember) -> bool:
    """Whether some page takes a file from this person: Bot config, or Customers, whose file is about all customers."""
    of_customers = member.may(Permission.CUSTOMERS_WRITE) and member.sight.is_everything
    return of_customers or member.may(Permission.BOT_CONFIG_WRITE)


def uploader(cookie: str | None) -> StaffMember | None:
    """The owner of this cookie, if they may upload a file now."""
    limits = sessions.limits_of(desk().settings)
    try:
        session = sessions.find(desk().store, cookie, limits=limits, seen=False)
    except StoreError:
        return None
    return session.staff if session and may_upload(session.staff) else None


@dataclass(eq=False, slots=True)
class Upload:
    """One file, uploaded or being uploaded."""

    place: Place
    length: int
    is_here: bool = False


class Uploads:
    """The uploads of everybody. `holds` tells whether a file is still kept, `drop` deletes it. Thread-safe."""

    def __init__(self, holds: Callable[[Place], bool], drop: Callable[[Place], None]):
        self._holds, self._drop = holds, drop
        self._lock = threading.Lock()
        self._of: defaultdict[str, list[Upload]] = defaultdict(list)

    def begin(self, person: str, place: Place, length: int) -> Upload | None:
        """Make room for a file that is about to come. None: this person's other uploads leave no room for it."""
        with self._lock:
            theirs = [each for each in self._of[person] if not each.is_here or self._holds(each.place)]
            while len(theirs) >= MOST_FILES or sum(each.length for each in theirs) + length > MOST_BYTES:
                oldest = next((each for each in theirs if each.is_here), None)
                if oldest is None:
                    self._of[person] = theirs
                    return None
                theirs.remove(oldest)
                self._drop(oldest.place)
            coming = Upload(place, length)
            self._of[person] = [*theirs, coming]
            return coming

    def end(self, person: str, upload: Upload, *, is_here: bool) -> None:
        """Note that the upload succeeded (`is_here`) or failed."""
        with self._lock:
            upload.is_here = is_here
            if not is_here:
                self._of[person].remove(upload)
            if not self._of[person]:
                del self._of[person]


class BoundedUploads:
    """Stands between Streamlit and every file that is uploaded or deleted."""

    def __init__(self, app: ASGIApp):
        self._app = app
        self._uploads = Uploads(lambda place: holds_file(*place), lambda place: drop_file(*place))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve as the wrapped application does, or refuse."""
        if scope["type"] != "http" or scope["method"] == "OPTIONS" or not scope["path"].startswith(UPLOADS):
            return await self._app(scope, receive, send)
        asked = HTTPConnection(scope)
        member = await run_in_threadpool(uploader, asked.cookies.get(SESSION_COOKIE))
        if member is None:
            return await Response(status_code=403)(scope, receive, send)
        if scope["method"] != "PUT":
            return await self._app(scope, receive, send)
        upload = self._uploads.begin(member.name, _place(scope["path"]), _length(asked))
        if upload is None:
            return await Response(status_code=413)(scope, receive, send)
        is_here = False

        async def watch(message: Message) -> None:
            nonlocal is_here
            if message["type"] == "http.response.start":
                is_here = message["status"] == 204
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            self._uploads.end(member.name, upload, is_here=is_here)


def _place(path: str) -> Place:
    session, _, file = path.removeprefix(UPLOADS).partition("/")
    return session, file


def _length(asked: HTTPConnection) -> int:
    told = asked.headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else UNTOLD_BYTES
