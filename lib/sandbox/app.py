"""The application: routes, and what stands before them."""

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from .auth import Guard
from .bot_list import BotList
from .errors import Refusal, no_such_page
from .firewall import Firewall
from .limits import Limits
from .routes import bots, meetings, users
from .routes.endpoint import Json
from .workspace import Workspace

CALENDAR = "/api/v1/calendar"
_OPEN_TO_BROWSERS = [
    Middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "PUT", "POST", "DELETE", "OPTIONS"],
        allow_headers=["x-recallcalendarauthtoken", "content-type", "accept", "authorization"],
    )
]


def create_app(workspace: Workspace, api_key: str, rate_limits: bool = True) -> ASGIApp:
    """The sandbox as an ASGI application."""
    app = Starlette(routes=_routes(), exception_handlers={Refusal: _refuse, HTTPException: _refuse_by_router})
    app.router.redirect_slashes = False
    app.state.workspace = workspace
    app.state.guard = Guard(workspace.world.seed, api_key, workspace.directory)
    app.state.limits = Limits(rate_limits)
    app.state.bot_list = BotList(workspace)
    return WithSlash(Firewall(app))


class WithSlash:
    """Takes every path with and without its trailing slash, without a redirect that would lose a body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with the slash."""
        if scope["type"] == "http" and not scope["path"].endswith("/"):
            scope = {**scope, "path": scope["path"] + "/"}
        await self._app(scope, receive, send)


def _routes() -> list[Route]:
    open_ = _OPEN_TO_BROWSERS
    return [
        Route(f"{CALENDAR}/authenticate/", users.Authenticate),
        Route(f"{CALENDAR}/users/", users.Users),
        Route(f"{CALENDAR}/user/", users.User, middleware=open_),
        Route(f"{CALENDAR}/user/disconnect/", users.Disconnect, middleware=open_),
        Route(f"{CALENDAR}/meetings/", meetings.Meetings, middleware=open_),
        Route(f"{CALENDAR}/meetings/refresh/", meetings.Refresh, middleware=open_),
        Route(f"{CALENDAR}/meetings/{{id}}/", meetings.Meeting, middleware=open_),
        Route("/api/v1/bot/", bots.BotsPage),
        Route("/api/v1/bot/{id}/", bots.Bot),
    ]


async def _refuse(request: Request, refusal: Any) -> Response:
    kind: Callable[..., Response] = HTMLResponse if isinstance(refusal.body, str) else Json
    return kind(refusal.body, status_code=refusal.status, headers=refusal.headers)


async def _refuse_by_router(request: Request, refused: Any) -> Response:
    """The router knows two refusals: an unknown path, and a method that the path does not take."""
    if refused.status_code == 404:
        return await _refuse(request, no_such_page())
    body = {"code": "method_not_allowed", "detail": f'Method "{request.method}" not allowed.'}
    return Json(body, status_code=refused.status_code, headers=refused.headers)
