"""What all endpoints share: the sandbox's services, credentials, rate limits, and JSON as Recall writes it."""

from collections.abc import Callable
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

import orjson
from starlette.datastructures import Headers
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..auth import Guard
from ..bot_list import BotList
from ..errors import Refusal
from ..faults import Faults
from ..middleware import RequestLog
from ..rate_limits import TOKEN_ENDPOINT, RateLimits
from ..workspace import Workspace


class Services(NamedTuple):
    """What the application keeps for its endpoints, as `services` in its state."""

    workspace: Workspace
    guard: Guard
    limits: RateLimits
    bot_list: BotList
    faults: Faults
    log: RequestLog


class Json(Response):
    """A JSON answer; times in UTC end in `Z`."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The content as bytes."""
        return orjson.dumps(content, option=orjson.OPT_UTC_Z)


def refused(refusal: Refusal) -> Response:
    """The refusal as an answer: JSON or an HTML page."""
    kind: Callable[..., Response] = HTMLResponse if isinstance(refusal.body, str) else Json
    return kind(refusal.body, status_code=refusal.status, headers=refusal.headers)


class Endpoint(HTTPEndpoint):
    """An endpoint of the sandbox."""

    async def dispatch(self) -> None:
        """Answer, also with refusals: this is inside the CORS middleware, so that browsers may read them."""
        try:
            await super().dispatch()
        except Refusal as refusal:
            await refused(refusal)(self.scope, self.receive, self.send)

    async def method_not_allowed(self, request: Request) -> Response:
        """405, with the methods that the path accepts."""
        allowed = {"Allow": ", ".join([*self._allowed_methods, "OPTIONS"])}
        body = {"code": "method_not_allowed", "detail": f'Method "{request.method}" not allowed.'}
        return Json(body, status_code=405, headers=allowed)

    @property
    def services(self) -> Services:
        """The services of the application."""
        return cast(Services, self.scope["app"].state.services)

    @property
    def workspace(self) -> Workspace:
        """The workspace of the application."""
        return self.services.workspace

    def user_answer(self, number: int, status: int = 200) -> Response:
        """A calendar user as the answer."""
        return Json(self.workspace.bodies.user(number, self.workspace.now()), status)

    def saved_user(self, number: int, status: int = 200) -> Response:
        """Keep what was written, and answer with the calendar user that it concerns."""
        self.workspace.saved()
        return self.user_answer(number, status)

    def link(self, request: Request, **params: int) -> str:
        """The request's URL with these parameters, on the host that the setting `next_host` names."""
        url, next_host = request.url.include_query_params(**params), self.workspace.ledger.settings.next_host
        if next_host is None:
            return str(url)
        host = urlsplit(next_host)
        return str(url.replace(scheme=host.scheme, netloc=host.netloc))


class KeyEndpoint(Endpoint):
    """An endpoint that accepts the API key only."""

    def admit(self, headers: Headers, endpoint: str, per_minute: int) -> None:
        """Refuse a wrong key, then requests beyond the workspace's rate limit."""
        self.services.guard.check_key(headers)
        self.services.limits.count(endpoint, per_minute, self.workspace.now())


class TokenEndpoint(Endpoint):
    """An endpoint that accepts a calendar token only."""

    def admit(self, headers: Headers, endpoint: str) -> int:
        """The token's user. Refuses a bad token, then requests beyond the user's rate limit."""
        now = self.workspace.now()
        user = self.services.guard.check_token(headers, now)
        self.services.limits.count(endpoint, TOKEN_ENDPOINT, now, user)
        return user
