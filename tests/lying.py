"""A Recall that is wrong about itself: any answer may be another user's, empty, half, doubled, old, or of the future.

It stands before three sandboxes of one world, which it keeps at three times: now, and before and after. What it answers
wrongly is drawn by a seed; while it is well it passes everything on.
"""

import json
import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

from tests.running import Sandbox, running_sandbox

TOKEN = "x-recallcalendarauthtoken"
BOTS, AUTHENTICATE = "/api/v1/bot/", "/api/v1/calendar/authenticate/"
MEETINGS, USERS = "/api/v1/calendar/meetings/", "/api/v1/calendar/users/"
LIES = ("another's", "empty", "half", "doubled", "old", "of the future")
ROWS_WITHIN = "results"


@dataclass(frozen=True)
class Heard:
    """A list that was answered, at which time, to which user (external id; None: the list of users), and whether it was
    wrong."""

    at: datetime
    whose: str | None
    wrong: bool


@dataclass
class LyingRecall:
    """Serves at `url`. `share` of its answers are wrong, as `seed` has it."""

    now: Sandbox
    before: Sandbox
    after: Sandbox
    chance: random.Random
    share: float = 0.0
    url: str = ""
    told: list[str] = field(default_factory=list)
    """The lies that were told."""
    heard: list["Heard"] = field(default_factory=list)
    """Every list of meetings, and of users, that was answered."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _tokens: dict[str, str] = field(default_factory=dict)
    _whose: dict[str, str] = field(default_factory=dict)
    """By token the user for whom it was asked for."""
    _wrong: set[str] = field(default_factory=set)
    """Tokens that are another user's."""
    _clock: datetime | None = None
    _bots: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.now.key

    def set_clock(self, now: datetime, apart: timedelta) -> None:
        """Let it be this time, and let the other two be so far from it."""
        for sandbox, at in ((self.before, now - apart), (self.now, now), (self.after, now + apart)):
            sandbox.control("POST", "clock/", {"now": at.isoformat(), "frozen": True})
        self._clock = now

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> tuple[int, str, bytes]:
        """Status, content type and body."""
        lie = self._lie()
        self._note(path, headers, lie)
        asked_with = body
        sandbox = {"old": self.before, "of the future": self.after}.get(lie, self.now)
        if lie == "another's":
            path, headers, body = self._of_another(path, headers, body)
        found = requests.request(method, f"{sandbox.url}{path}", headers=headers, data=body, timeout=30)
        self._remember(path, asked_with, found, lie)
        content = found.content
        if lie in ("empty", "half", "doubled") and found.ok and content:
            content = json.dumps(_told(lie, found.json())).encode()
        return found.status_code, found.headers.get("Content-Type", "application/json"), content

    def _lie(self) -> str:
        with self._lock:
            lie = self.chance.choice(LIES) if self.chance.random() < self.share else ""
            self.told += [lie] if lie else []
            return lie

    def _of_another(
        self, path: str, headers: dict[str, str], body: bytes | None
    ) -> tuple[str, dict[str, str], bytes | None]:
        """The same request as another user would make it, or for another bot; the list of users is everybody's."""
        with self._lock:
            if path.startswith(AUTHENTICATE):
                return path, headers, json.dumps({"user_id": self.chance.choice(sorted(self._tokens))}).encode()
            if TOKEN in headers:
                return path, headers | {TOKEN: self._tokens[self.chance.choice(sorted(self._tokens))]}, body
            if path.startswith(BOTS) and len(path) > len(BOTS) and self._bots and "?" not in path:
                return f"{BOTS}{self.chance.choice(self._bots)}/", headers, body
        return path, headers, body

    def _note(self, path: str, headers: dict[str, str], lie: str) -> None:
        token = headers.get(TOKEN, "")
        if self._clock is not None and path.split("?")[0] in (MEETINGS, USERS):
            with self._lock:
                self.heard.append(Heard(self._clock, self._whose.get(token), bool(lie) or token in self._wrong))

    def _remember(self, path: str, body: bytes | None, found: requests.Response, lie: str) -> None:
        if not found.ok:
            return
        with self._lock:
            if path.startswith(AUTHENTICATE) and body:
                whose, token = json.loads(body)["user_id"], found.json()["token"]
                self._whose[token] = whose
                if lie == "another's":
                    self._wrong.add(token)
                else:
                    self._tokens[whose] = token
            elif path.startswith(BOTS) and "?" not in path and len(path) > len(BOTS):
                self._bots.append(path.split("/")[4])


def _told(lie: str, answer: Any) -> Any:
    if isinstance(answer, dict) and isinstance(answer.get(ROWS_WITHIN), list):
        return answer | {ROWS_WITHIN: _told(lie, answer[ROWS_WITHIN])}
    if isinstance(answer, list):
        return {"empty": [], "half": answer[::2], "doubled": [*answer, *answer]}[lie]
    names = list(answer)
    return {"empty": {}, "half": {name: answer[name] for name in names[::2]}, "doubled": [answer, answer]}[lie]


def _handler(recall: LyingRecall) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length) if length else None
            sent = ("authorization", TOKEN, "content-type")
            headers = {name: value for name in sent if (value := self.headers.get(name)) is not None}
            status, kind, content = recall.answer(self.command, self.path, headers, body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _do

        def log_message(self, *_: object) -> None:
            """Nothing is said."""

    return Handler


@contextmanager
def lying_recall(folder: Path, *, seed: int, users: int, meetings: int) -> Iterator[LyingRecall]:
    """A Recall that tells the truth until its `share` is set."""
    with ExitStack() as open_:
        now, before, after = (
            open_.enter_context(running_sandbox(_made(folder / name), users=users, meetings=meetings, seed=seed))
            for name in ("now", "before", "after")
        )
        recall = LyingRecall(now, before, after, random.Random(seed))  # noqa: S311 - no secret hangs on it
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(recall))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        recall.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield recall
        finally:
            server.shutdown()
            server.server_close()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
