"""The control route: for callers on this machine alone. Here the clock, the settings, the faults and the log."""

from dataclasses import asdict
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from .. import arrangement, settings
from ..directory import Directory
from ..entries import Entry
from ..errors import Refusal, not_understood
from ..faults import Faults
from ..ids import Kind
from ..request_log import RequestLog
from .endpoint import Endpoint, Json, refused

_WITH_A_BODY = ("POST", "PUT", "PATCH")


def is_loopback(client: Any) -> bool:
    """Whether a peer `(host, port)` is this machine."""
    return bool(client) and ip_address(client[0]).is_loopback


def names_this_machine(host: str) -> bool:
    """Whether a Host header does: a name that somebody points at this machine is not its own."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def is_from_here(headers: Headers) -> bool:
    """Whether no page of another site sent the request: browsers say of which one it is."""
    host, origin = headers.get("host", ""), headers.get("origin")
    own = origin is None or origin == f"http://{host}"
    return names_this_machine(host) and own and headers.get("sec-fetch-site", "none") in ("none", "same-origin")


class Control(Endpoint):
    """A control endpoint; answers 403 to anybody from outside and to pages of other sites, 415 to what is no JSON."""

    async def dispatch(self) -> None:
        """Let in from loopback only."""
        if refusal := self._refusal():
            await refused(refusal)(self.scope, self.receive, self.send)
        else:
            await super().dispatch()

    def _refusal(self) -> Refusal | None:
        headers = Headers(scope=self.scope)
        if not is_loopback(self.scope.get("client")) or not is_from_here(headers):
            return Refusal(403, {"detail": "The control route serves this machine alone, and no page of another site."})
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if self.scope["method"] in _WITH_A_BODY and kind != "application/json":
            return Refusal(415, {"detail": "Send JSON, and say so: Content-Type: application/json."})
        return None

    @property
    def directory(self) -> Directory:
        """The workspace's users."""
        return self.workspace.directory

    def user(self, named: Any) -> int:
        """The user with this external id or Recall id."""
        number = self.directory.number_of(named) if isinstance(named, str) else None
        read = self.workspace.ids.read(Kind.USER, str(named)) if number is None else None
        number = read[0] if read else number
        if number is None or not self.directory.exists(number):
            raise not_understood("There is no such user.")
        return number

    def since(self, sent: dict[str, Any]) -> datetime:
        """The instant `at` from which what was sent holds: now, unless another is given."""
        return arrangement.instant(sent["at"]) if "at" in sent else self.workspace.now()

    def entry(self, id_: str) -> Entry:
        """The meeting with this id, in whosever calendar it is."""
        found = self.workspace.calendars.entry(id_, self.workspace.now())
        if found is None:
            raise not_understood("There is no such meeting.")
        return found


async def read_json(request: Request) -> Any:
    """What was sent; raises the 400 refusal when it is not JSON."""
    try:
        return orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise not_understood("The body must be JSON.") from error


async def read_object(request: Request) -> dict[str, Any]:
    """What was sent; raises the 400 refusal when it is not an object."""
    sent = await read_json(request)
    if not isinstance(sent, dict):
        raise not_understood("The body must be a JSON object.")
    return sent


class Clock(Control):
    """GET clock/ and POST clock/."""

    async def get(self, request: Request) -> Response:
        """The time, and whether it stands still."""
        clock = self.workspace.clock
        return Json({"now": clock.now(), "frozen": clock.frozen})

    async def post(self, request: Request) -> Response:
        """Set `now` (and `frozen`), or `advance_seconds`."""
        sent, clock, before = await read_object(request), self.workspace.clock, self.workspace.now()
        if "advance_seconds" in sent:
            clock.advance(timedelta(seconds=sent["advance_seconds"]))
        now = arrangement.instant(sent["now"]) if "now" in sent else clock.now()
        if "now" in sent or "frozen" in sent:
            clock.set(now, sent.get("frozen", clock.frozen))
        self.workspace.clock_moved(before)
        return await self.get(request)


class Settings(Control):
    """GET settings/ and POST settings/."""

    async def get(self, request: Request) -> Response:
        """What the sandbox was started with, and what was set since."""
        world = self.workspace.world
        made = {"seed": world.seed, "users": world.users, "meetings_per_user": world.meetings_per_user}
        return Json(made | asdict(self.workspace.ledger.settings) | {"rate_limits": self.limits.enabled})

    async def post(self, request: Request) -> Response:
        """Set any of `settings.Settings`."""
        sent, ledger = await read_object(request), self.workspace.ledger
        ledger.settings = settings.changed(ledger.settings, sent)
        if "rate_limits" in sent:
            self.limits.enabled = ledger.settings.rate_limits
        self.workspace.saved()
        return await self.get(request)


class FaultList(Control):
    """GET, POST and DELETE faults/."""

    async def get(self, request: Request) -> Response:
        """Those still to come."""
        return Json(self._faults.faults)

    async def post(self, request: Request) -> Response:
        """Add one; the first that matches a request happens to it."""
        sent = await read_object(request)
        user = self.user(sent["user"]) if sent.get("user") is not None else None
        self._faults.faults.append(arrangement.fault(sent | {"user": user}, self.workspace.now()))
        return Json(self._faults.faults, 201)

    async def delete(self, request: Request) -> Response:
        """Clear all."""
        self._faults.faults.clear()
        return Response(status_code=204)

    @property
    def _faults(self) -> Faults:
        return cast(Faults, self.scope["app"].state.faults)


class Log(Control):
    """GET and DELETE log/."""

    async def get(self, request: Request) -> Response:
        """The requests noted, oldest first; `method` and `path` pick some."""
        query = request.query_params
        method, path = query.get("method"), query.get("path", "").rstrip("/")
        wanted = (e for e in self._log.entries if method in (None, e["method"]))
        return Json([e for e in wanted if path in ("", e["path"].rstrip("/"))])

    async def delete(self, request: Request) -> Response:
        """Forget them."""
        self._log.entries.clear()
        return Response(status_code=204)

    @property
    def _log(self) -> RequestLog:
        return cast(RequestLog, self.scope["app"].state.log)
