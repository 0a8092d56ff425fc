"""A workspace in which anything may happen from one pass to the next, drawn from a seed."""

from contextlib import suppress
from itertools import count
from random import Random
from typing import Any, TypeAlias
from urllib.error import HTTPError

from tests.contract.report.synced import Workspace

Json: TypeAlias = dict[str, Any]

DAY = 86_400
FLAGS = ("record_external", "record_internal")
WISHES: tuple[Json, ...] = ({}, {"record_external": True}, dict.fromkeys(FLAGS, True))
DOMAINS = ("acme.example", "acme.example", "globex.example", "gmail.com")
CHANGES: tuple[Json, ...] = (
    {"link": None},
    {"link": "zoom"},
    {"override": True},
    {"override": False},
    {"start_in_seconds": -600, "length_minutes": 200},
    {"start_in_seconds": DAY},
    {"is_external": True},
    {"ical_uid": "another call"},
    {"extra": {"will_record": True}},
    {"extra": {"start_time": None}},
    {"extra": {}},
)
ENDS: tuple[Json, ...] = (
    {"shape": "recorded"},
    {"shape": "empty"},
    {"sub_code": "timeout_exceeded_noone_joined"},
    {"sub_code": "zoom_host_not_present"},
    {"sub_code": "a_thing_nobody_knows"},
)


class Changing:
    """Adds, changes and takes away users, calendars, rules and meetings."""

    def __init__(self, workspace: Workspace, seed: int) -> None:
        self._workspace = workspace
        self._sandbox = workspace.sandbox
        self.draw = Random(seed)  # noqa: S311 - the same every time, not a secret
        self._numbers = count()
        self._users: dict[str, str] = {}
        self._meetings: list[str] = []
        for _ in range(4):
            self.add_user()

    def change(self) -> None:
        """Let one thing happen. What makes no sense any more, as for a meeting that is gone, does not."""
        often = [self.add_meeting] * 6 + [self.change_meeting] * 4
        with suppress(HTTPError):
            self.draw.choice([*often, self.delete_meeting, self.connect, self.prefer, self.leave, self.add_user])()

    def add_user(self) -> None:
        name = f"user-{next(self._numbers)}"
        address = f"{name}@{self.draw.choice(DOMAINS)}"
        added = self._sandbox.add_user(name, email=address, preferences=self.draw.choice(WISHES))
        self._users[added["id"]] = name

    def add_meeting(self) -> None:
        facts: Json = {
            "users": self.draw.sample(sorted(self._users), self.draw.randint(1, 3)),
            "start_in_seconds": self.draw.randint(-3 * DAY, 3 * DAY),
            "length_minutes": self.draw.choice([0, 5, 30, 300]),
            "is_external": self.draw.random() < 0.5,
            "is_hosted_by_me": self.draw.random() < 0.5,
            "never_booked": self.draw.random() < 0.2,
            "link": self.draw.choice(["zoom", "google_meet", "microsoft_teams", None]),
            "override": self.draw.choice([None, None, True, False]),
            "ical_uid": self.draw.choice([None, f"call-{next(self._numbers)}"]),
        }
        added = self._sandbox.control("POST", "meetings/", [facts])
        self._meetings += [meeting["id"] for meeting in added]
        self._sandbox.control("POST", "outcomes/", {"meeting": added[0]["id"], **self.draw.choice(ENDS)})

    def change_meeting(self) -> None:
        self._sandbox.control("PATCH", f"meetings/{self._a_meeting()}/", self.draw.choice(CHANGES))

    def delete_meeting(self) -> None:
        self._sandbox.control("DELETE", f"meetings/{self._a_meeting()}/")

    def connect(self) -> None:
        user, connected = self.draw.choice(sorted(self._users)), self.draw.random() < 0.5
        wanted = {"user": user, "platform": "google", "connected": connected}
        self._sandbox.control("POST", "connections/", wanted)

    def prefer(self) -> None:
        name = self._users[self.draw.choice(sorted(self._users))]
        flags = dict.fromkeys(FLAGS, False) | self.draw.choice(WISHES)
        self._workspace.as_user(name, "PUT", "user/", {"preferences": flags})

    def leave(self) -> None:
        if len(self._users) > 3:
            name = self._users.pop(self.draw.choice(sorted(self._users)))
            self._workspace.as_user(name, "DELETE", "user/")

    def _a_meeting(self) -> str:
        return self.draw.choice(self._meetings or ["none"])
