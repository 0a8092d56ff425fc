"""The control route's half that arranges the world: users, meetings, their facts and their bots' ends."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from .. import arrangement, raw
from ..arrangement import BEGINNING
from ..errors import not_understood
from ..timeline import Timeline
from ..world.users import Connection, Preferences
from .control import Control, read_json, read_object
from .endpoint import Json


class Users(Control):
    """POST users/: add one."""

    async def post(self, request: Request) -> Response:
        """Answers the calendar user."""
        sent = await read_object(request)
        external_id = sent.get("external_id")
        if self.directory.number_of(external_id) is not None:
            raise not_understood("There is a user with this external id already.")
        connections = tuple(arrangement.connection(c) for c in sent.get("connections", ()))
        number = self.directory.create(
            external_id, connections, arrangement.wishes(sent.get("preferences") or {}, Preferences())
        )
        self.workspace.saved()
        return Json(self.workspace.bodies.user(number, self.workspace.now()), 201)


class User(Control):
    """PATCH users/{USER}/: raw fields of a user's answer."""

    async def patch(self, request: Request) -> Response:
        """Answers the calendar user as the API shows it."""
        number = self.user(request.path_params["user"])
        sent = raw.checked(await read_object(request))
        self.workspace.ledger.raw_users.setdefault(number, {}).update(sent)
        self.workspace.saved()
        return Json(self.workspace.bodies.user(number, self.workspace.now()))


class Meetings(Control):
    """POST meetings/: add one, or a list of them, for one user or several."""

    async def post(self, request: Request) -> Response:
        """Answers the meeting as the API shows it; a list when several were added."""
        sent = await read_json(request)
        wanted = sent if isinstance(sent, list) else [sent]
        ids = [self._add(user, meeting) for meeting in wanted for user in meeting.get("users", [meeting.get("user")])]
        self.workspace.saved()
        bodies = [self._body(id_) for id_ in ids]
        return Json(bodies[0] if len(bodies) == 1 and not isinstance(sent, list) else bodies, 201)

    def _add(self, named: Any, meeting: dict[str, Any]) -> str:
        user, now = self.user(named), self.workspace.now()
        connection = self._connection(user, meeting.get("calendar_platform"), now)
        facts = arrangement.new_meeting(meeting, connection.email or "", now)
        id_ = self.workspace.calendars.added.add(user, connection, facts)
        arrangement.check_override(meeting)
        if meeting.get("override") is not None:
            self.workspace.ledger.overrides[id_] = Timeline(None, [(BEGINNING, meeting["override"])])
        return id_

    def _connection(self, user: int, platform: str | None, now: datetime) -> Connection:
        found = [c for c in self.directory.connections(user, now) if platform in (None, c.platform) and c.email]
        if not found:
            raise not_understood("The user has no such calendar; add a connection first.")
        return found[0]

    def _body(self, id_: str) -> dict[str, Any]:
        entry = self.workspace.calendars.entry(id_, self.workspace.now())
        return self.workspace.bodies.meeting(entry, self.workspace.now()) if entry else {"id": id_}


class Meeting(Control):
    """PATCH meetings/{id}/ and DELETE meetings/{id}/: change facts of any meeting, or take it out of the calendar."""

    async def patch(self, request: Request) -> Response:
        """Answers the meeting as the API shows it. An override given here holds from now on."""
        sent, now = await read_object(request), self.workspace.now()
        entry = self.entry(request.path_params["id"])
        self.workspace.calendars.added.change(entry.id, arrangement.changed_facts(sent, now))
        if "override" in sent:
            arrangement.check_override(sent)
            self.workspace.ledger.overrides.setdefault(entry.id, Timeline(None)).set(now, sent["override"])
        self.workspace.saved()
        changed = self.workspace.calendars.entry(entry.id, now)
        return Json(self.workspace.bodies.meeting(changed, now) if changed else {"id": entry.id})

    async def delete(self, request: Request) -> Response:
        """The event is gone, as when its organiser deletes it."""
        entry, now = self.entry(request.path_params["id"]), self.workspace.now()
        self.workspace.calendars.added.change(entry.id, {"deleted_at": now.isoformat()})
        self.workspace.saved()
        return Response(status_code=204)


class Outcomes(Control):
    """POST outcomes/: say how the bot of a meeting ends."""

    async def post(self, request: Request) -> Response:
        """Answers the id the bot has, or would have if one were booked."""
        sent = await read_object(request)
        entry = self.entry(str(sent.get("meeting")))
        bot_id = self.workspace.booking.bot_id_of(entry)
        self.workspace.ledger.outcomes[bot_id] = arrangement.outcome(sent)
        self.workspace.saved()
        return Json({"bot_id": bot_id})
