"""The routes for customers' users who connect a calendar. They have no session and learn nothing but the outcome.

The queries carry calendar tokens: they are neither logged nor kept, and no answer is cached.
"""

import logging
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lib.bootstrap import desk
from lib.commands.connect_links import note_return
from lib.errors import SettingsError, StoreError
from lib.recall_api.oauth import PROVIDERS, Provider, forwarded
from lib.ui.server.small_page import NOT_KEPT, small_page

LONGEST_QUERY = 16_384
"""Bytes. A token, a code and the addresses take about two thousand."""

log = logging.getLogger(__name__)


def _forwarding(provider: Provider) -> Callable[[Request], Response]:
    """The redirect on our own domain (contract 4.4): the provider's answer goes on to Recall as it came."""

    def forward(request: Request) -> Response:
        query: bytes = request.scope["query_string"]
        if desk().settings.public_url is None:
            return small_page("Not in use", "Calendars are not connected by way of this address.", status=404)
        if not query:
            return small_page("Nothing to pass on", "Open the link that you were sent once more.", status=400)
        if len(query) > LONGEST_QUERY:
            return small_page("Too long", "This address is too long to be an answer of a sign-in.", status=414)
        if any(byte <= 32 or byte == 127 for byte in query):
            return small_page("Not an answer", "This address is not an answer of a sign-in.", status=400)
        try:
            target = forwarded(desk().settings, provider, query)
        except SettingsError as problem:
            log.error("%s", problem)
            return small_page("Not set up", "This cannot go on from here. Tell who sent you the link.", status=508)
        response = Response(status_code=302, headers=NOT_KEPT)
        response.raw_headers.append((b"location", target))  # as it came: a Response would write it anew
        return response

    return forward


async def connected(request: Request) -> Response:
    """The page that Recall sends the browser to after success. Only Recall knows whether the calendar is connected."""
    await _note(request, ok=True)
    return small_page(
        "Thank you",
        "Your sign-in is complete, and the connection of your calendar is being checked.",
        "There is nothing more to do. You can close this page.",
    )


async def not_connected(request: Request) -> Response:
    """The page that Recall sends the browser to after a failure."""
    await _note(request, ok=False)
    return small_page(
        "Your calendar is not connected",
        "Access was not given, or not all of it. Nothing was changed.",
        "To try again, open the link that you were sent once more, choose your account, and leave the box ticked that "
        "lets your calendar be seen.",
        "The link works for 24 hours. If it does not work any more, ask for another from who sent it to you.",
    )


async def _note(request: Request, *, ok: bool) -> None:
    """Note the return and have the user read again, if it is the first. Failures here are logged, not shown."""
    if request.method != "GET":  # link scanners ask with HEAD
        return
    try:
        user = await run_in_threadpool(note_return, desk().store, request.query_params.get("link", ""), ok=ok)
    except StoreError as problem:
        log.warning("a return by a link could not be noted: %s", problem)
        return
    if user is not None:
        desk().calendars.follow_bookings(user)


def _route(path: str, answer: Callable[[Request], Response | Awaitable[Response]]) -> Route:
    return Route(path, answer, methods=["GET"])


routes = [
    *(_route(provider.own_path, _forwarding(provider)) for provider in PROVIDERS.values()),
    _route("/connected", connected),
    _route("/not-connected", not_connected),
]
