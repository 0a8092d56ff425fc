"""What all endpoints share: the sandbox behind them, credentials, limits, and JSON as Recall writes it."""

from typing import Any, cast

import orjson
from starlette.endpoints import HTTPEndpoint
from starlette.responses import Response

from ..auth import Guard
from ..limits import TOKEN_ENDPOINT, Limits
from ..workspace import Workspace


class Json(Response):
    """Times in UTC end in `Z`."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The content as bytes."""
        return orjson.dumps(content, option=orjson.OPT_UTC_Z)


class Endpoint(HTTPEndpoint):
    """An endpoint of the workspace that the application's state holds."""

    @property
    def workspace(self) -> Workspace:
        """The workspace that is asked."""
        return cast(Workspace, self._state("workspace"))

    @property
    def guard(self) -> Guard:
        """Who checks credentials."""
        return cast(Guard, self._state("guard"))

    @property
    def limits(self) -> Limits:
        """Who counts requests."""
        return cast(Limits, self._state("limits"))

    def _state(self, name: str) -> Any:
        return getattr(self.scope["app"].state, name)


class KeyEndpoint(Endpoint):
    """Takes the API key alone."""

    def admit(self, headers: Any, endpoint: str, per_minute: int) -> None:
        """Refuse a wrong key, then a request too many of this workspace."""
        self.guard.check_key(headers)
        self.limits.count(endpoint, per_minute, self.workspace.now())


class TokenEndpoint(Endpoint):
    """Takes a calendar token alone."""

    def admit(self, headers: Any, endpoint: str) -> int:
        """The token's user; refuses a bad token, then a request too many of this user."""
        now = self.workspace.now()
        user = self.guard.check_token(headers, now)
        self.limits.count(endpoint, TOKEN_ENDPOINT, now, user)
        return user
