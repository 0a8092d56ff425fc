"""The control route, for callers on this machine only: its base, and the clock, settings, faults and request log."""

from dataclasses import asdict
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from .. import settings
from ..directory import Directory
from ..entries import Entry
from ..errors import Refusal, not_understood
from ..ids import IdKind
from . import control_input
from .endpoint import Endpoint, Json, refused

_METHODS_WITH_BODY = ("POST", "PUT", "PATCH")


def is_loopback(client: Any) -> bool:
    """Whether a peer `(host, port)` is this machine."""
    return bool(client) and ip_address(client[0]).is_loopback


def names_this_machine(host: str) -> bool:
    """Whether a Host header is `localhost` or a loopback address; anyone can point another name at this machine."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def is_from_here(headers: Headers) -> bool:
    """Whether no page of another site sent the request: browsers name the site in headers."""
    host, origin = headers.get("host", ""), headers.get("origin")
    own = origin is None or origin == f"http://{host}"
    return names_this_machine(host) and own and headers.get("sec-fetch-site", "none") in ("none", "same-origin")


class Control(Endpoint):
    """A control endpoint. Answers 403 to other machines and to pages of other sites, 415 to a body that is not JSON."""

    async def dispatch(self) -> None:
        """Answer requests of this machine only."""
        if refusal := self._refusal():
            await refused(refusal)(self.scope, self.receive, self.send)
        else:
            await super().dispatch()

    def _refusal(self) -> Refusal | None:
        headers = Headers(scope=self.scope)
        if not is_loopback(self.scope.get("client")) or not is_from_here(headers):
            return Refusal(403, {"detail": "The control route serves this machine alone, and no page of another site."})
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if self.scope["method"] in _METHODS_WITH_BODY and kind != "application/json":
            return Refusal(415, {"detail": "Send JSON, and say so: Content-Type: application/json."})
        return None

    @property
    def directory(self) -> Directory:
        """The workspace's users."""
        return self.workspace.directory

    def user(self, id_: Any) -> int:
        """The number of the user with this external id or Recall id. Raises the 400 refusal without one."""
        number = self.directory.number_of(id_) if isinstance(id_, str) else None
        read = self.workspace.ids.read(IdKind.USER, str(id_)) if number is None else None
        number = read[0] if read else number
        if number is None or not self.directory.exists(number):
            raise not_understood("There is no such user.")
        return number

    def since(self, sent: dict[str, Any]) -> datetime:
        """The instant `at` from which the change counts: now, unless another is given."""
        return control_input.instant(sent["at"]) if "at" in sent else self.workspace.now()

    def entry(self, id_: str) -> Entry:
        """The meeting with this id, in any calendar. Raises the 400 refusal without one."""
        found = self.workspace.calendars.entry(id_, self.workspace.now())
        if found is None:
            raise not_understood("There is no such meeting.")
        return found

    def meeting_body(self, id_: str) -> dict[str, Any]:
        """The meeting as the API shows it; its id alone if it does not show it."""
        now = self.workspace.now()
        entry = self.workspace.calendars.entry(id_, now)
        return self.workspace.bodies.meeting(entry, now) if entry else {"id": id_}


async def read_json(request: Request) -> Any:
    """The body. Raises the 400 refusal if it is not JSON."""
    try:
        return orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise not_understood("The body must be JSON.") from error


async def read_object(request: Request) -> dict[str, Any]:
    """The body. Raises the 400 refusal if it is not a JSON object."""
    sent = await read_json(request)
    if not isinstance(sent, dict):
        raise not_understood("The body must be a JSON object.")
    return sent


class Clock(Control):
    """GET and POST clock/."""

    async def get(self, request: Request) -> Response:
        """The time, and whether it stands still."""
        clock = self.workspace.clock
        return Json({"now": clock.now(), "frozen": clock.frozen})

    async def post(self, request: Request) -> Response:
        """Set `now` (and `frozen`), or `advance_seconds`."""
        sent, clock, before = await read_object(request), self.workspace.clock, self.workspace.now()
        if "advance_seconds" in sent:
            clock.advance(timedelta(seconds=sent["advance_seconds"]))
        now = control_input.instant(sent["now"]) if "now" in sent else clock.now()
        if "now" in sent or "frozen" in sent:
            clock.set(now, sent.get("frozen", clock.frozen))
        self.workspace.clock_moved(before)
        return await self.get(request)


class Settings(Control):
    """GET and POST settings/."""

    async def get(self, request: Request) -> Response:
        """The settings, and the options that the sandbox was started with."""
        world, limits = self.workspace.world, self.services.limits
        options = {"seed": world.seed, "users": world.users, "meetings_per_user": world.meetings_per_user}
        return Json(options | asdict(self.workspace.ledger.settings) | {"rate_limits": limits.enabled})

    async def post(self, request: Request) -> Response:
        """Set any of `settings.Settings`."""
        sent, ledger = await read_object(request), self.workspace.ledger
        ledger.settings = settings.changed(ledger.settings, sent)
        if "rate_limits" in sent:
            self.services.limits.enabled = ledger.settings.rate_limits
        self.workspace.saved()
        return await self.get(request)


class FaultList(Control):
    """GET, POST and DELETE faults/."""

    async def get(self, request: Request) -> Response:
        """The faults still to come."""
        return Json(self.services.faults.faults)

    async def post(self, request: Request) -> Response:
        """Add a fault; of those that match a request, the first one happens."""
        sent, faults = await read_object(request), self.services.faults.faults
        user = self.user(sent["user"]) if sent.get("user") is not None else None
        faults.append(control_input.fault(sent | {"user": user}, self.workspace.now()))
        return Json(faults, 201)

    async def delete(self, request: Request) -> Response:
        """Remove all faults."""
        self.services.faults.faults.clear()
        return Response(status_code=204)


class Log(Control):
    """GET and DELETE log/."""

    async def get(self, request: Request) -> Response:
        """The logged requests, oldest first, filtered by `method` and `path`."""
        query = request.query_params
        method, path = query.get("method"), query.get("path", "").rstrip("/")
        found = (e for e in self.services.log.entries if method in (None, e["method"]))
        return Json([e for e in found if path in ("", e["path"].rstrip("/"))])

    async def delete(self, request: Request) -> Response:
        """Remove all log entries."""
        self.services.log.entries.clear()
        return Response(status_code=204)
