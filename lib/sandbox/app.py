"""The application: the routes, and what a request passes through before it comes to them."""

import asyncio
from contextlib import suppress
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from .auth import TOKEN_HEADER, Guard
from .bot_list import BotList
from .errors import no_such_page
from .faults import Faults
from .firewall import Firewall
from .limits import Limits
from .request_log import RequestLog
from .routes import arranging, bots, control, meetings, moving, oauth, rules, users
from .routes.endpoint import refused
from .workspace import Workspace

CALENDAR = "/api/v1/calendar"


def create_app(workspace: Workspace, api_key: str, rate_limits: bool = True, latency_ms: float = 0) -> ASGIApp:
    """The sandbox as an ASGI application."""
    app = Starlette(routes=_routes(), exception_handlers={HTTPException: _unknown_path})
    app.router.redirect_slashes = False
    guard = Guard(workspace.world.seed, api_key, workspace.directory)
    faults = Faults(Latency(Firewall(app), latency_ms), lambda headers: guard.user_of_headers(headers, workspace.now()))
    log = RequestLog(faults, workspace.clock)
    app.state.workspace = workspace
    app.state.guard = guard
    app.state.limits = Limits(rate_limits and workspace.ledger.settings.rate_limits)
    app.state.bot_list = BotList(workspace)
    app.state.faults = faults
    app.state.log = log
    return Entrance(public=log, control=app)


class Entrance:
    """Takes every path with and without its trailing slash, without a redirect that would lose a body.

    What goes to the control route is not noted, not limited, and happens whatever faults are set.
    """

    def __init__(self, public: ASGIApp, control: ASGIApp) -> None:
        self._public = public
        self._control = control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with the slash."""
        path = scope["path"]
        scope = {**scope, "path": path if path.endswith("/") else f"{path}/"}
        app = self._control if scope["path"].startswith("/control/") else self._public
        with suppress(ClientDisconnect):  # the caller hung up before its request was whole: nobody waits for an answer
            await app(scope, receive, send)


class Latency:
    """Waits before each answer."""

    def __init__(self, app: ASGIApp, milliseconds: float) -> None:
        self._app = app
        self._seconds = milliseconds / 1000

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, then pass on."""
        if self._seconds:
            await asyncio.sleep(self._seconds)
        await self._app(scope, receive, send)


def _routes() -> list[BaseRoute]:
    return [
        Route(f"{CALENDAR}/authenticate/", users.Authenticate),
        Route(f"{CALENDAR}/users/", users.Users),
        *_open_to_browsers(),
        Route(f"{CALENDAR}/google_oauth_callback/", oauth.GoogleCallback),
        Route(f"{CALENDAR}/ms_oauth_callback/", oauth.MicrosoftCallback),
        Route("/api/v1/bot/", bots.BotsPage),
        Route("/api/v1/bot/{id}/", bots.Bot),
        Route("/sandbox/google/o/oauth2/v2/auth/", oauth.GoogleConsent),
        Route("/sandbox/microsoft/common/oauth2/v2.0/authorize/", oauth.MicrosoftConsent),
        Mount("/control", routes=_control_routes()),
    ]


def _open_to_browsers() -> list[Route]:
    """The token endpoints: Recall's sample client calls them from a page of another origin (contract 2.3)."""
    headers = [TOKEN_HEADER, "content-type", "accept", "authorization", "x-requested-with"]
    cors = [
        Middleware(
            CORSMiddleware,
            allow_origins=["*"],
            allow_methods=["GET", "PUT", "PATCH", "POST", "DELETE"],
            allow_headers=headers,
        )
    ]
    return [
        Route(f"{CALENDAR}/user/", users.User, middleware=cors),
        Route(f"{CALENDAR}/user/disconnect/", users.Disconnect, middleware=cors),
        Route(f"{CALENDAR}/meetings/", meetings.Meetings, middleware=cors),
        Route(f"{CALENDAR}/meetings/refresh/", meetings.Refresh, middleware=cors),
        Route(f"{CALENDAR}/meetings/{{id}}/", meetings.Meeting, middleware=cors),
    ]


def _control_routes() -> list[Route]:
    return [
        Route("/users/", arranging.Users),
        Route("/users/{user:path}/", arranging.User),
        Route("/connections/", rules.Connections),
        Route("/meetings/", arranging.Meetings),
        Route("/meetings/{id}/", arranging.Meeting),
        Route("/outcomes/", arranging.Outcomes),
        Route("/drags/", moving.Drags),
        Route("/bots/", moving.Bots),
        Route("/bots/{id}/", moving.Bot),
        Route("/preferences/", rules.Preferences),
        Route("/history/", rules.History),
        Route("/clock/", control.Clock),
        Route("/settings/", control.Settings),
        Route("/faults/", control.FaultList),
        Route("/log/", control.Log),
    ]


async def _unknown_path(request: Request, refusal: Any) -> Response:
    return refused(no_such_page())
