"""The sandbox as an ASGI application: its routes behind its middleware."""

from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from .auth import TOKEN_HEADER, Guard
from .bot_list import BotList
from .errors import no_such_page
from .faults import Faults
from .middleware import Firewall, Latency, RequestLog, TrailingSlash
from .rate_limits import RateLimits
from .routes import bots, control, control_meetings, control_users, meetings, oauth, users
from .routes.endpoint import Services, refused
from .workspace import Workspace

CALENDAR = "/api/v1/calendar"


def create_app(workspace: Workspace, api_key: str, rate_limits: bool = True, latency_ms: float = 0) -> ASGIApp:
    """The sandbox of this workspace."""
    app = Starlette(routes=_routes(), exception_handlers={HTTPException: _unknown_path})
    app.router.redirect_slashes = False
    guard = Guard(workspace.world.seed, api_key, workspace.directory)
    faults = Faults(Latency(Firewall(app), latency_ms), lambda headers: guard.user_of_headers(headers, workspace.now()))
    log = RequestLog(faults, workspace.clock)
    limits = RateLimits(rate_limits and workspace.ledger.settings.rate_limits)
    app.state.services = Services(workspace, guard, limits, BotList(workspace), faults, log)
    return TrailingSlash(public=log, control=app)


def _routes() -> list[BaseRoute]:
    return [
        Route(f"{CALENDAR}/authenticate/", users.Authenticate),
        Route(f"{CALENDAR}/users/", users.Users),
        *_open_to_browsers(),
        Route(f"{CALENDAR}/google_oauth_callback/", oauth.Callback),
        Route(f"{CALENDAR}/ms_oauth_callback/", oauth.Callback),
        Route("/api/v1/bot/", bots.BotsPage),
        Route("/api/v1/bot/{id}/", bots.Bot),
        Route("/sandbox/google/o/oauth2/v2/auth/", oauth.Consent),
        Route("/sandbox/microsoft/common/oauth2/v2.0/authorize/", oauth.Consent),
        Mount("/control", routes=_control_routes()),
    ]


def _open_to_browsers() -> list[Route]:
    """The token endpoints: Recall's sample client calls them from a page of another origin (contract 2.3)."""
    methods = ["GET", "PUT", "PATCH", "POST", "DELETE"]
    headers = [TOKEN_HEADER, "content-type", "accept", "authorization", "x-requested-with"]
    cors = [Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=methods, allow_headers=headers)]
    return [
        Route(f"{CALENDAR}/user/", users.User, middleware=cors),
        Route(f"{CALENDAR}/user/disconnect/", users.Disconnect, middleware=cors),
        Route(f"{CALENDAR}/meetings/", meetings.Meetings, middleware=cors),
        Route(f"{CALENDAR}/meetings/refresh/", meetings.Refresh, middleware=cors),
        Route(f"{CALENDAR}/meetings/{{id}}/", meetings.Meeting, middleware=cors),
    ]


def _control_routes() -> list[Route]:
    return [
        Route("/users/", control_users.Users),
        Route("/users/{user:path}/", control_users.User),
        Route("/connections/", control_users.Connections),
        Route("/preferences/", control_users.Preferences),
        Route("/history/", control_users.History),
        Route("/meetings/", control_meetings.Meetings),
        Route("/meetings/{id}/", control_meetings.Meeting),
        Route("/outcomes/", control_meetings.Outcomes),
        Route("/drags/", control_meetings.Drags),
        Route("/bots/", control_meetings.Bots),
        Route("/bots/{id}/", control_meetings.Bot),
        Route("/clock/", control.Clock),
        Route("/settings/", control.Settings),
        Route("/faults/", control.FaultList),
        Route("/log/", control.Log),
    ]


async def _unknown_path(request: Request, refusal: Any) -> Response:
    return refused(no_such_page())
