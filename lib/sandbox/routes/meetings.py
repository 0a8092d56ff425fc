"""A user's meetings, and the one thing that can be written on them (contract 3.7 to 3.10)."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from .. import reading
from ..entries import Entry
from ..errors import calendar_lost, not_found
from ..settings import UNPROCESSABLE
from ..timeline import Timeline
from ..workspace import Workspace
from .endpoint import Json, TokenEndpoint


class Meetings(TokenEndpoint):
    """GET meetings/: a bare array, all at once, in no promised order."""

    async def get(self, request: Request) -> Response:
        """List within the bounds; both include their own instant. Unknown parameters are ignored."""
        user = self.admit(request.headers, "meetings get")
        after = reading.time_in_query(request, "start_time_after")
        before = reading.time_in_query(request, "start_time_before")
        prefix = request.query_params.get("ical_uid", "")
        return Json(listed(self.workspace, user, after, before, prefix))


class Refresh(TokenEndpoint):
    """POST meetings/refresh/: the calendar is in step anyway, so this is the list."""

    async def post(self, request: Request) -> Response:
        """Read the calendar again and list it."""
        return Json(listed(self.workspace, self.admit(request.headers, "refresh")))


class Meeting(TokenEndpoint):
    """GET and PUT (PATCH does the same, contract N3) meetings/{id}/."""

    async def get(self, request: Request) -> Response:
        """One meeting of the token's user."""
        entry = self._entry(request, self.admit(request.headers, "meeting get"))
        return self._answer(entry)

    async def put(self, request: Request) -> Response:
        """Set or clear the override; nothing else can be written, and nothing sent changes nothing."""
        entry = self._entry(request, self.admit(request.headers, "meeting put"))
        body = await reading.json_object(request)
        if "override_should_record" in body:
            wanted = reading.nullable_flag(body, "override_should_record")
            overrides = self.workspace.ledger.overrides
            overrides.setdefault(entry.id, Timeline(None)).set(self.workspace.now(), wanted)
            self.workspace.saved()
        return self._answer(entry)

    patch = put

    def _entry(self, request: Request, user: int) -> Entry:
        entry = self.workspace.calendars.entry(request.path_params["id"], self.workspace.now())
        if entry is None or entry.user != user:
            raise not_found()
        return entry

    def _answer(self, entry: Entry) -> Response:
        return Json(self.workspace.bodies.meeting(entry, self.workspace.now()))


def listed(
    workspace: Workspace, user: int, after: datetime | None = None, before: datetime | None = None, prefix: str = ""
) -> list[dict[str, object]]:
    """The user's meetings that start within the bounds, without any the coming ones, and whose `ical_uid` begins so.

    Raises the 422 refusal when the workspace is set to answer so of a user without a connected calendar.
    """
    now = workspace.now()
    if workspace.ledger.settings.lost_calendars_answer == UNPROCESSABLE:
        _check_connected(workspace, user, now)
    if after is None and before is None:
        after = now
    entries = workspace.calendars.of_user(user, now, after, before)
    return [workspace.bodies.meeting(e, now) for e in entries if (e.ical_uid or "").startswith(prefix)]


def _check_connected(workspace: Workspace, user: int, now: datetime) -> None:
    if not any(c.connected for c in workspace.directory.connections(user, now)):
        raise calendar_lost()
