"""What all endpoints share: the sandbox behind them, credentials, limits, and JSON as Recall writes it."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

import orjson
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..auth import Guard
from ..errors import Refusal
from ..limits import TOKEN_ENDPOINT, Limits
from ..workspace import Workspace


class Json(Response):
    """Times in UTC end in `Z`."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The content as bytes."""
        return orjson.dumps(content, option=orjson.OPT_UTC_Z)


def refused(refusal: Refusal) -> Response:
    """The refusal as an answer: JSON, or the page that it is."""
    kind: Callable[..., Response] = HTMLResponse if isinstance(refusal.body, str) else Json
    return kind(refusal.body, status_code=refusal.status, headers=refusal.headers)


class Endpoint(HTTPEndpoint):
    """An endpoint of the workspace that the application's state holds."""

    async def dispatch(self) -> None:
        """Answer. Refusals are answered here, behind what opens the endpoint to browsers, which may read them."""
        try:
            await super().dispatch()
        except Refusal as refusal:
            await refused(refusal)(self.scope, self.receive, self.send)

    async def method_not_allowed(self, request: Request) -> Response:
        """405, with the verbs that the path takes."""
        allowed = {"Allow": ", ".join([*self._allowed_methods, "OPTIONS"])}
        body = {"code": "method_not_allowed", "detail": f'Method "{request.method}" not allowed.'}
        return Json(body, status_code=405, headers=allowed)

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

    def link(self, request: Request, **params: int) -> str:
        """The address asked for with these parameters, on the host that links to other pages name."""
        url, elsewhere = request.url.include_query_params(**params), self.workspace.ledger.settings.next_host
        if elsewhere is None:
            return str(url)
        host = urlsplit(elsewhere)
        return str(url.replace(scheme=host.scheme, netloc=host.netloc))

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
