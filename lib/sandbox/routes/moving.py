"""The control route's half about bots that no entry stands for: after a drag, or from the beginning."""

from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from .. import arrangement, raw
from ..dragging import drag
from ..errors import not_understood
from .control import Control, read_object
from .endpoint import Json

_OF_DRAGS = {"meeting", "start_time", "start_in_seconds", "length_minutes", "keep_bot", "alone"}


class Drags(Control):
    """POST drags/: drag an event to another start."""

    async def post(self, request: Request) -> Response:
        """Answers the meeting as the API shows it from now on."""
        sent, now = await read_object(request), self.workspace.now()
        _check_drag(sent)
        entry = self.entry(str(sent.get("meeting")))
        length = timedelta(minutes=sent["length_minutes"]) if "length_minutes" in sent else None
        start = _instant(sent, "start_time", "start_in_seconds", now)
        drag(self.workspace, entry, start, length, sent.get("alone", False), sent.get("keep_bot", False))
        self.workspace.saved()
        dragged = self.workspace.calendars.entry(entry.id, now)
        return Json(self.workspace.bodies.meeting(dragged, now) if dragged else {"id": entry.id})


class Bots(Control):
    """POST bots/: a bot that no calendar entry names."""

    async def post(self, request: Request) -> Response:
        """Answers its id."""
        sent = await read_object(request)
        join_at = _instant(sent, "join_at", "join_in_seconds", self.workspace.now())
        bot_id = self.workspace.bots.add_lone(arrangement.lone_bot(sent, join_at))
        if sent.get("shape") or sent.get("sub_code"):
            self.workspace.ledger.outcomes[bot_id] = arrangement.outcome(sent)
        self.workspace.saved()
        return Json({"bot_id": bot_id}, 201)


class Bot(Control):
    """PATCH bots/{id}/: raw fields of any bot's answer."""

    async def patch(self, request: Request) -> Response:
        """Answers the bot as the API shows it, or its id alone while none is booked under it."""
        bot_id = request.path_params["id"]
        if self.workspace.booking.read_id(bot_id) is None:
            raise not_understood("There is no such bot.")
        sent = raw.checked(await read_object(request))
        self.workspace.ledger.raw_bots.setdefault(bot_id, {}).update(sent)
        self.workspace.saved()
        bot = self.workspace.bots.bot(bot_id, self.workspace.now())
        return Json(self.workspace.bot_bodies.bot(bot) if bot else {"id": bot_id})


def _check_drag(sent: dict[str, Any]) -> None:
    unknown = sent.keys() - _OF_DRAGS
    if unknown:
        raise not_understood(f"Nothing of a drag: {', '.join(sorted(unknown))}.")
    for name in ("keep_bot", "alone"):
        if not isinstance(sent.get(name, False), bool):
            raise not_understood(f"{name} is true or false.")
    arrangement.check_minutes(sent)


def _instant(sent: dict[str, Any], named: str, ahead: str, now: datetime) -> datetime:
    """A time, or so many seconds from now."""
    if ahead not in sent:
        return arrangement.instant(sent.get(named))
    seconds = sent[ahead]
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise not_understood(f"{ahead} is a number.")
    return now + timedelta(seconds=seconds)
