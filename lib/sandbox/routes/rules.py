"""The control route's half about rules: what users want and which calendars they have, then and now, and its record."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from .. import arrangement
from ..arrangement import BEGINNING
from ..errors import not_understood
from ..ids import Kind
from ..timeline import Timeline
from ..world.users import Connection
from .control import Control, read_object
from .endpoint import Json

Told = list[dict[str, Any]]


class Preferences(Control):
    """POST preferences/: what a user wants from an instant on, also a past one."""

    async def post(self, request: Request) -> Response:
        """Answers the calendar user as it is now. What was wanted later than that instant is forgotten."""
        sent = await read_object(request)
        user, at = self.user(sent.get("user")), self.since(sent)
        wants = arrangement.wishes(sent.get("preferences"), self.directory.preferences(user, at))
        self.directory.set_preferences(user, at, wants)
        self.workspace.saved()
        return Json(self.workspace.bodies.user(user, self.workspace.now()))


class Connections(Control):
    """POST connections/: break, restore or add one, from an instant on."""

    async def post(self, request: Request) -> Response:
        """Answers the calendar user. An email other than the present one connects another account."""
        sent = await read_object(request)
        user, at = self.user(sent.get("user")), self.since(sent)
        current = self.directory.connection(user, sent.get("platform", ""), at)
        email = sent.get("email", current.email if current else None)
        wanted = arrangement.connection({**sent, "email": email})
        if wanted.connected:
            self._connect(user, at, wanted)
        else:
            epoch, since = (current.epoch, current.since) if current else (0, None)
            self.directory.set_connection(user, at, Connection(wanted.platform, False, email, epoch, since))
        self.workspace.saved()
        return Json(self.workspace.bodies.user(user, self.workspace.now()))

    def _connect(self, user: int, at: datetime, wanted: Connection) -> None:
        if wanted.email is None:
            raise not_understood("To connect a calendar, give its email.")
        self.directory.connect(user, at, wanted.platform, wanted.email)


class History(Control):
    """GET history/?user=USER: the sandbox's own record of a user's rules. An `at` of null: from the beginning."""

    async def get(self, request: Request) -> Response:
        """Answers `preferences`, `connections` and, by meeting id, `overrides`, each oldest first."""
        user = self.user(request.query_params.get("user"))
        return Json(
            {
                "preferences": self._preferences(user),
                "connections": self._connections(user),
                "overrides": self._overrides(user),
            }
        )

    def _preferences(self, user: int) -> Told:
        first = self.directory.person(user).preferences
        written = self.workspace.ledger.preferences.get(user, Timeline(first))
        return [{"at": at, "flags": sorted(wants.flags)} for at, wants in _states(written)]

    def _connections(self, user: int) -> Told:
        first = {c.platform: Timeline[Connection | None](c) for c in self.directory.person(user).connections}
        written = first | self.workspace.ledger.connections.get(user, {})
        return [
            {"at": at, "platform": platform, "connected": c.connected, "email": c.email}
            for platform, timeline in written.items()
            for at, c in _states(timeline)
            if c
        ]

    def _overrides(self, user: int) -> dict[str, Told]:
        return {
            id_: [{"at": at, "value": value} for at, value in _changes(timeline)]
            for id_, timeline in self.workspace.ledger.overrides.items()
            if (numbers := self.workspace.ids.read(Kind.MEETING, id_)) and numbers[0] == user
        }


def _states(timeline: Timeline[Any]) -> list[tuple[datetime | None, Any]]:
    return [(None, timeline.first), *_changes(timeline)]


def _changes(timeline: Timeline[Any]) -> list[tuple[datetime | None, Any]]:
    return [(None if at == BEGINNING else at, value) for at, value in timeline.changes]
