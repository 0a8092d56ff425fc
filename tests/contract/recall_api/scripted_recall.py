"""A server on loopback that answers each call by a script, byte for byte, and remembers what it was sent."""

import json
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

KEY = "canary-key-4f1c9a"
TOKEN = "canary-token-"
CALENDAR = "/api/v1/calendar/"
USERS, USER, MEETINGS = f"{CALENDAR}users/", f"{CALENDAR}user/", f"{CALENDAR}meetings/"
AUTHENTICATE, DISCONNECT, REFRESH = f"{CALENDAR}authenticate/", f"{USER}disconnect/", f"{MEETINGS}refresh/"
BOTS = "/api/v1/bot/"


@dataclass(frozen=True)
class Sent:
    """A request as it arrived."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def route(self) -> tuple[str, str]:
        return self.method, self.path

    @property
    def token(self) -> str | None:
        return self.headers.get("x-recallcalendarauthtoken")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Step = Callable[[socket.socket, Sent], None]


def raw(status: int, body: bytes = b"", content_type: str | None = "application/json", **headers: str) -> Step:
    """An answer with exactly this. `Retry_After="3"` is the header Retry-After."""
    lines = [f"HTTP/1.1 {status} Scripted", "Connection: close"]
    lines += [f"Content-Type: {content_type}"] if content_type else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += [] if "Content_Length" in headers else [f"Content-Length: {len(body)}"]
    head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
    return lambda connection, _: connection.sendall(head + body)


def answer(value: Any, status: int = 200, **headers: str) -> Step:
    """JSON."""
    return raw(status, json.dumps(value).encode(), **headers)


def html(status: int, text: str = "<html><h1>gateway</h1></html>") -> Step:
    """A page from something between the client and Recall."""
    return raw(status, text.encode(), "text/html; charset=utf-8")


def cut_short(value: Any) -> Step:
    """Half the body that was promised, then an orderly end."""
    body = json.dumps(value).encode()
    return raw(200, body[: len(body) // 2], Content_Length=str(len(body)))


def reset(after: Step | None = None) -> Step:
    """An abrupt end of the connection, at once or after another step."""

    def step(connection: socket.socket, sent: Sent) -> None:
        if after:
            after(connection, sent)
            time.sleep(0.05)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return step


def drip(content: bytes, every: float = 0.05) -> Step:
    """One byte after another, for as long as anybody listens (at most 200 bytes)."""

    def step(connection: socket.socket, _: Sent) -> None:
        for byte in content[:200]:
            connection.sendall(bytes([byte]))
            time.sleep(every)

    return step


def slow_body(value: Any) -> Step:
    """The head at once, the body a byte at a time."""
    body = json.dumps(value).encode().ljust(400)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)

    def step(connection: socket.socket, sent: Sent) -> None:
        connection.sendall(head)
        drip(body)(connection, sent)

    return step


def silence(seconds: float) -> Step:
    """Nothing, for a while."""
    return lambda *_: time.sleep(seconds)


def user(external_id: str | None, **fields: Any) -> dict[str, Any]:
    """A calendar user as Recall writes it (contract 3.2)."""
    return {"id": f"recall-{external_id}", "external_id": external_id, "connections": [], "preferences": None} | fields


def meeting(number: int = 1, **fields: Any) -> dict[str, Any]:
    """A calendar meeting as Recall writes it (contract 3.12)."""
    return {
        "id": f"a0000000-0000-4000-8000-{number:012}",
        "override_should_record": None,
        "title": f"Meeting {number}",
        "description": "<p>long</p>",
        "will_record": True,
        "will_record_reason": "because",
        "start_time": "2026-11-24T15:00:00Z",
        "end_time": "2026-11-24T15:30:00Z",
        "meeting_platform": "google_meet",
        "calendar_platform": "google",
        "zoom_invite": None,
        "meet_invite": {"meeting_id": "abc-defg-hij"},
        "bot_id": f"b0000000-0000-4000-8000-{number:012}",
        "is_external": True,
        "is_hosted_by_me": False,
        "is_recurring": False,
        "organizer_email": "lee@partner.example",
        "attendee_emails": ["lee@partner.example"],
        "attendees": [{"name": "Lee", "email": "lee@partner.example", "is_organizer": True, "status": "accepted"}],
        "ical_uid": "uid@google.com",
        "visibility": "default",
    } | fields


def bot(number: int = 1, **fields: Any) -> dict[str, Any]:
    """A bot as Recall writes it (contract 9.2)."""
    return {"id": f"b0000000-0000-4000-8000-{number:012}", "status_changes": [], "recordings": []} | fields


@dataclass
class ScriptedRecall:
    """What is scripted for a route is used up step by step; what is constant answers whenever nothing else is left."""

    url: str = ""
    sent: list[Sent] = field(default_factory=list)
    unexpected: list[Sent] = field(default_factory=list)
    _steps: dict[tuple[str, str], list[Step]] = field(default_factory=lambda: defaultdict(list))
    _constant: dict[tuple[str, str], Step] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _minted: int = 0

    def script(self, method: str, path: str, *steps: Step) -> None:
        """The next answers of this route."""
        self._steps[method, path] += steps

    def always(self, method: str, path: str, step: Step) -> None:
        """The answer of this route when no step is left."""
        self._constant[method, path] = step

    def knows(self, *external_ids: str) -> None:
        """The users list holds these, and tokens are minted: `canary-token-1` for the first, and so on."""
        self.always("GET", USERS, answer([user(i) for i in external_ids]))
        self.always("POST", AUTHENTICATE, self._mint)

    def count(self, method: str, path: str) -> int:
        """How many requests came for this route."""
        return sum(s.route == (method, path) for s in self.sent)

    def last(self, method: str, path: str) -> Sent:
        """The latest request for this route."""
        return [s for s in self.sent if s.route == (method, path)][-1]

    def handle(self, connection: socket.socket) -> None:
        sent = _request(connection)
        if sent is None:
            return
        with self._lock:
            self.sent.append(sent)
            steps = self._steps[sent.route]
            step = steps.pop(0) if steps else self._constant.get(sent.route)
            if step is None:
                self.unexpected.append(sent)
                step = raw(418)
        step(connection, sent)

    def _mint(self, connection: socket.socket, sent: Sent) -> None:
        with self._lock:
            self._minted += 1
            number = self._minted
        answer({"token": f"{TOKEN}{number}"})(connection, sent)


def _request(connection: socket.socket) -> Sent | None:
    with connection.makefile("rb") as stream:
        line = stream.readline().decode("latin-1").split()
        if len(line) < 2:
            return None
        headers = {}
        while (header := stream.readline().strip()) != b"":
            name, _, value = header.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", 0)))
    target = urlsplit(line[1])
    return Sent(line[0], target.path, unquote(target.query), headers, body)


class _Handler(socketserver.BaseRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        try:
            tls = self.server.tls
            with tls.wrap_socket(self.request, server_side=True) if tls else nullcontext(self.request) as connection:
                self.server.recall.handle(connection)
        except OSError:
            return  # the client has gone, which is what many of the scripts are about


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 256
    recall: ScriptedRecall
    tls: ssl.SSLContext | None = None


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[ScriptedRecall]:
    """A scripted Recall on a free port. Whatever it was not told to expect fails the test."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        scheme = "https" if tls else "http"
        server.recall = recall = ScriptedRecall(f"{scheme}://127.0.0.1:{server.server_address[1]}")
        server.tls = tls
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield recall
        finally:
            server.shutdown()
            thread.join()
    assert recall.unexpected == []
