"""A Recall whose users answer each in their own way."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.contract.recall_api.scripted_recall import (
    AUTHENTICATE,
    BOTS,
    MEETINGS,
    USER,
    USERS,
    ScriptedRecall,
    Sent,
    answer,
    meeting,
)

CONNECTED = [{"platform": "google", "connected": True, "email": "somebody@acme.example"}]

Answer = Callable[[socket.socket, Sent], None]


@dataclass
class Workspace:
    """A Recall whose users answer each in their own way, by their names."""

    server: ScriptedRecall
    names: tuple[str, ...]
    connections: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    meetings: dict[str, Answer] = field(default_factory=dict)
    users: dict[str, Answer] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    most_at_once: int = 0
    _at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    watched: frozenset[str] = frozenset()
    """Of whom `most_at_once` says how many were read together."""

    def __post_init__(self) -> None:
        always = self.server.always
        always("GET", USERS, lambda *how: answer([self._user(name) for name in self.names])(*how))
        always("POST", AUTHENTICATE, lambda to, sent: answer({"token": sent.json["user_id"]})(to, sent))
        always("GET", MEETINGS, self._meetings)
        always("GET", USER, self._own)
        always("GET", BOTS, answer([]))

    def _user(self, name: str) -> dict[str, Any]:
        connections = self.connections.get(name, CONNECTED)
        return {"id": f"id-{name}", "external_id": name, "connections": connections, "preferences": None}

    def _own(self, to: socket.socket, sent: Sent) -> None:
        name = sent.token or ""
        self.users.get(name, answer(self._user(name)))(to, sent)

    def _meetings(self, to: socket.socket, sent: Sent) -> None:
        name = sent.token or ""
        with self._lock:
            self.begun.append(name)
            self._at_once += name in self.watched
            self.most_at_once = max(self.most_at_once, self._at_once)
        number = self.names.index(name) + 1
        try:
            self.meetings.get(name, answer([meeting(number, bot_id=None)]))(to, sent)
        finally:
            with self._lock:
                self._at_once -= name in self.watched
