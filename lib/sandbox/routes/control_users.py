"""The control route for users: their preferences and connections, now and at past instants, and the history of both."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..errors import not_understood
from ..ids import IdKind
from ..ledger import Timeline
from ..world.users import Connection
from ..world.users import Preferences as UserPreferences
from . import control_input
from .control import Control, read_object
from .control_input import BEGINNING
from .endpoint import Json


class Users(Control):
    """POST users/: add a user."""

    async def post(self, request: Request) -> Response:
        """Answers the calendar user."""
        sent = await read_object(request)
        external_id = sent.get("external_id")
        if self.directory.number_of(external_id) is not None:
            raise not_understood("There is a user with this external id already.")
        connections = tuple(control_input.connection(c) for c in sent.get("connections", ()))
        preferences = control_input.preferences(sent.get("preferences") or {}, UserPreferences())
        number = self.directory.create(external_id, connections, preferences)
        return self.saved_user(number, 201)


class User(Control):
    """PATCH users/{USER}/: raw fields of a user's answers."""

    async def patch(self, request: Request) -> Response:
        """Answers the calendar user as the API shows it."""
        number = self.user(request.path_params["user"])
        sent = control_input.raw_fields(await read_object(request))
        self.workspace.ledger.raw_users.setdefault(number, {}).update(sent)
        return self.saved_user(number)


class Preferences(Control):
    """POST preferences/: a user's preferences from an instant on, which may be past."""

    async def post(self, request: Request) -> Response:
        """Answers the calendar user as it is now. Changes at later instants are removed."""
        sent = await read_object(request)
        user, at = self.user(sent.get("user")), self.since(sent)
        preferences = control_input.preferences(sent.get("preferences"), self.directory.preferences(user, at))
        self.directory.set_preferences(user, at, preferences)
        return self.saved_user(user)


class Connections(Control):
    """POST connections/: break, restore or add a connection, from an instant on, which may be past."""

    async def post(self, request: Request) -> Response:
        """Answers the calendar user. Another email than the current one connects another account."""
        sent = await read_object(request)
        user, at = self.user(sent.get("user")), self.since(sent)
        current = self.directory.connection(user, sent.get("platform", ""), at)
        email = sent.get("email", current.email if current else None)
        wanted = control_input.connection({**sent, "email": email})
        if not wanted.connected:
            epoch, since = (current.epoch, current.since) if current else (0, None)
            self.directory.set_connection(user, at, Connection(wanted.platform, False, email, epoch, since))
        elif wanted.email is None:
            raise not_understood("To connect a calendar, give its email.")
        else:
            self.directory.connect(user, at, wanted.platform, wanted.email)
        return self.saved_user(user)


class History(Control):
    """GET history/?user=USER: a user's preferences, connections and overrides over time."""

    async def get(self, request: Request) -> Response:
        """Answers each oldest first, overrides by meeting id. `at` is null for what was so from the beginning."""
        user = self.user(request.query_params.get("user"))
        first, ledger = self.directory.initial(user), self.workspace.ledger
        preferences = ledger.preferences.get(user, Timeline(first.preferences, []))
        connections: dict[str, Timeline[Connection | None]] = {c.platform: Timeline(c, []) for c in first.connections}
        return Json(
            {
                "preferences": [{"at": at, "flags": sorted(p.flags)} for at, p in _states(preferences)],
                "connections": [
                    {"at": at, "platform": platform, "connected": c.connected, "email": c.email}
                    for platform, timeline in (connections | ledger.connections.get(user, {})).items()
                    for at, c in _states(timeline)
                    if c
                ],
                "overrides": {
                    id_: [{"at": at, "value": value} for at, value in _changes(timeline)]
                    for id_, timeline in ledger.overrides.items()
                    if (numbers := self.workspace.ids.read(IdKind.MEETING, id_)) and numbers[0] == user
                },
            }
        )


def _states(timeline: Timeline[Any]) -> list[tuple[datetime | None, Any]]:
    return [(None, timeline.first), *_changes(timeline)]


def _changes(timeline: Timeline[Any]) -> list[tuple[datetime | None, Any]]:
    return [(None if at == BEGINNING else at, value) for at, value in timeline.changes]
