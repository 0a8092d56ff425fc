"""What was asked, for tests to read: never a secret, only which kind of credential came."""

from collections import deque
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .auth import carried
from .clock import SandboxClock

_KEPT = 20_000
_SECRET_PARAMETERS = frozenset({"state", "code"})


class RequestLog:
    """Notes every request but those to the control route; the oldest give way."""

    def __init__(self, app: ASGIApp, clock: SandboxClock) -> None:
        self._app = app
        self._clock = clock
        self.entries: deque[dict[str, Any]] = deque(maxlen=_KEPT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on and note the status that was sent, None when there was none."""
        entry = self._entry(scope)
        self.entries.append(entry)

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry["status"] = message["status"]
            await send(message)

        await self._app(scope, receive, noting)

    def _entry(self, scope: Scope) -> dict[str, Any]:
        return {
            "method": scope["method"],
            "path": scope["path"],
            "query": _without_secrets(scope["query_string"].decode("latin-1")),
            "status": None,
            "credential": carried(Headers(scope=scope)).value,
            "time": self._clock.now(),
        }


def _without_secrets(query: str) -> str:
    """The token travels in `state` (contract 2.2)."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, "hidden" if name in _SECRET_PARAMETERS else value) for name, value in pairs])
