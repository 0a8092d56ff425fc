"""The control route for meetings and bots: their facts, drags and outcomes, and bots without a calendar entry."""

from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..errors import not_understood
from ..world.users import Connection
from . import control_input
from .control import Control, read_json, read_object
from .control_input import BEGINNING
from .endpoint import Json


class Meetings(Control):
    """POST meetings/: add a meeting or a list of them, for one user or several."""

    async def post(self, request: Request) -> Response:
        """Answers the meeting as the API shows it, or a list if several were added."""
        sent = await read_json(request)
        wanted = sent if isinstance(sent, list) else [sent]
        ids = [self._add(user, meeting) for meeting in wanted for user in meeting.get("users", [meeting.get("user")])]
        self.workspace.saved()
        bodies = [self.meeting_body(id_) for id_ in ids]
        return Json(bodies[0] if len(bodies) == 1 and not isinstance(sent, list) else bodies, 201)

    def _add(self, user_id: Any, meeting: dict[str, Any]) -> str:
        user, now = self.user(user_id), self.workspace.now()
        connection = self._connection(user, meeting.get("calendar_platform"), now)
        facts = control_input.new_meeting(meeting, connection.email or "", now)
        id_ = self.workspace.calendars.added.add(user, connection, facts)
        control_input.check_override(meeting)
        if meeting.get("override") is not None:
            self.workspace.ledger.set_override(id_, BEGINNING, meeting["override"])
        return id_

    def _connection(self, user: int, platform: str | None, now: datetime) -> Connection:
        found = [c for c in self.directory.connections(user, now) if platform in (None, c.platform) and c.email]
        if not found:
            raise not_understood("The user has no such calendar; add a connection first.")
        return found[0]


class Meeting(Control):
    """PATCH and DELETE meetings/{id}/: change facts of any meeting, or delete its event."""

    async def patch(self, request: Request) -> Response:
        """Answers the meeting as the API shows it. An override given here counts from now on."""
        sent, now = await read_object(request), self.workspace.now()
        entry = self.entry(request.path_params["id"])
        self.workspace.calendars.added.change(entry.id, control_input.changed_facts(sent, now))
        if "override" in sent:
            control_input.check_override(sent)
            self.workspace.ledger.set_override(entry.id, now, sent["override"])
        self.workspace.saved()
        return Json(self.meeting_body(entry.id))

    async def delete(self, request: Request) -> Response:
        """Delete the event, as its organiser would."""
        entry, now = self.entry(request.path_params["id"]), self.workspace.now()
        self.workspace.calendars.added.change(entry.id, {"deleted_at": now.isoformat()})
        self.workspace.saved()
        return Response(status_code=204)


class Outcomes(Control):
    """POST outcomes/: force the outcome of a meeting's bot."""

    async def post(self, request: Request) -> Response:
        """Answers the id of the bot, booked or not."""
        sent = await read_object(request)
        entry = self.entry(str(sent.get("meeting")))
        bot_id = self.workspace.booking.bot_id_of(entry)
        self.workspace.ledger.outcomes[bot_id] = control_input.outcome(sent)
        self.workspace.saved()
        return Json({"bot_id": bot_id})


class Drags(Control):
    """POST drags/: drag an event to another start."""

    async def post(self, request: Request) -> Response:
        """Answers the meeting as the API shows it after the drag."""
        sent, now = await read_object(request), self.workspace.now()
        control_input.check_drag(sent)
        entry = self.entry(str(sent.get("meeting")))
        length = timedelta(minutes=sent["length_minutes"]) if "length_minutes" in sent else None
        start = control_input.instant_or_seconds_ahead(sent, "start_time", "start_in_seconds", now)
        alone, keep_bot = sent.get("alone", False), sent.get("keep_bot", False)
        self.workspace.drag(entry, start, length, alone=alone, keep_bot=keep_bot)
        self.workspace.saved()
        return Json(self.meeting_body(entry.id))


class Bots(Control):
    """POST bots/: add a bot without a calendar entry."""

    async def post(self, request: Request) -> Response:
        """Answers its id."""
        sent = await read_object(request)
        join_at = control_input.instant_or_seconds_ahead(sent, "join_at", "join_in_seconds", self.workspace.now())
        bot_id = self.workspace.bots.add_lone(control_input.lone_bot(sent, join_at))
        if sent.get("shape") or sent.get("sub_code"):
            self.workspace.ledger.outcomes[bot_id] = control_input.outcome(sent)
        self.workspace.saved()
        return Json({"bot_id": bot_id}, 201)


class Bot(Control):
    """PATCH bots/{id}/: raw fields of a bot's answers."""

    async def patch(self, request: Request) -> Response:
        """Answers the bot as the API shows it, or its id alone while none is booked."""
        bot_id = request.path_params["id"]
        if self.workspace.booking.read_id(bot_id) is None:
            raise not_understood("There is no such bot.")
        sent = control_input.raw_fields(await read_object(request))
        self.workspace.ledger.raw_bots.setdefault(bot_id, {}).update(sent)
        self.workspace.saved()
        bot = self.workspace.bots.bot(bot_id, self.workspace.now())
        return Json(self.workspace.bodies.bot(bot) if bot else {"id": bot_id})
