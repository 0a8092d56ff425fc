"""A user's meetings, of which only the override can be written (contract 3.7 to 3.10)."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from .. import validation
from ..entries import Entry
from ..errors import calendar_lost, not_found
from ..settings import UNPROCESSABLE
from ..workspace import Workspace
from .endpoint import Json, TokenEndpoint


class Meetings(TokenEndpoint):
    """GET meetings/: a bare array without pages, in no particular order."""

    async def get(self, request: Request) -> Response:
        """The meetings within the bounds, which are included. Unknown parameters are ignored."""
        user = self.admit(request.headers, "meetings get")
        after = validation.time_in_query(request, "start_time_after")
        before = validation.time_in_query(request, "start_time_before")
        prefix = request.query_params.get("ical_uid", "")
        return Json(listed(self.workspace, user, after, before, prefix))


class Refresh(TokenEndpoint):
    """POST meetings/refresh/: the list, as calendars are always up to date here."""

    async def post(self, request: Request) -> Response:
        """The meetings to come."""
        return Json(listed(self.workspace, self.admit(request.headers, "refresh")))


class Meeting(TokenEndpoint):
    """GET and PUT meetings/{id}/; PATCH is PUT (contract N3)."""

    async def get(self, request: Request) -> Response:
        """One meeting of the token's user."""
        entry = self._entry(request, self.admit(request.headers, "meeting get"))
        return self._answer(entry)

    async def put(self, request: Request) -> Response:
        """Set or clear the override; everything else in the body is ignored."""
        entry = self._entry(request, self.admit(request.headers, "meeting put"))
        body = await validation.json_object(request)
        if "override_should_record" in body:
            wanted = validation.nullable_flag(body, "override_should_record")
            self.workspace.ledger.set_override(entry.id, self.workspace.now(), wanted)
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
    """The user's meetings within the bounds, without bounds those to come, whose `ical_uid` begins with the prefix.

    Raises the 422 refusal for a user without a connected calendar, if the workspace is set to do so.
    """
    now = workspace.now()
    is_lost = not any(c.connected for c in workspace.directory.connections(user, now))
    if is_lost and workspace.ledger.settings.lost_calendars_answer == UNPROCESSABLE:
        raise calendar_lost()
    if after is None and before is None:
        after = now
    entries = workspace.calendars.of_user(user, now, after, before)
    return [workspace.bodies.meeting(e, now) for e in entries if (e.ical_uid or "").startswith(prefix)]
