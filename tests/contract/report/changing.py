"""A workspace in which anything may happen from one pass to the next, drawn from a seed."""

from contextlib import suppress
from datetime import datetime
from itertools import count
from random import Random
from typing import Any, TypeAlias
from urllib.error import HTTPError

from tests.contract.report.section_17 import HEALED, ODD_PARTS, UNREADABLE
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
    {"length_minutes": 24 * 60},
    {"is_external": True},
    {"ical_uid": "another call"},
    {"extra": {"will_record": True}},
    {"extra": {"start_time": None}},
    {"extra": {"bot_id": None}},
    HEALED,
)
STARTS = (-600, 600, 3 * 3600, DAY, 3 * DAY)
"""To which meetings are moved, in seconds from then."""
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
        self._last_number = 0
        self._users: dict[str, str] = {}
        self._meetings: list[str] = []
        for _ in range(4):
            self.add_user()

    def change(self) -> None:
        """Let one thing happen. What makes no sense any more, as for a meeting that is gone, does not."""
        often = [self.add_meeting] * 8 + [self.change_meeting] * 4 + [self.move_meeting] * 4 + [self.spoil_meeting] * 3
        seldom = [self.delete_meeting, self.connect, self.prefer, self.leave, self.add_user, self.send_bot]
        with suppress(HTTPError):
            self.draw.choice([*often, *seldom])()

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
            "ical_uid": self._a_uid(),
        }
        added = self._sandbox.control("POST", "meetings/", [facts])
        self._meetings += [meeting["id"] for meeting in added]
        self._sandbox.control("POST", "outcomes/", {"meeting": added[0]["id"], **self.draw.choice(ENDS)})

    def change_meeting(self) -> None:
        self._sandbox.control("PATCH", f"meetings/{self._a_meeting()}/", self.draw.choice(CHANGES))

    def move_meeting(self) -> None:
        """What has begun is dragged; what has not may be, or is corrected."""
        id_, start = self._a_meeting(), self.draw.choice(STARTS)
        shown = self._sandbox.control("PATCH", f"meetings/{id_}/", HEALED)
        begun = shown["start_time"] is None or datetime.fromisoformat(shown["start_time"]) <= self._now()
        if begun or self.draw.random() < 0.5:
            keep, alone = self.draw.random() < 0.5, self.draw.random() < 0.5
            where = {"meeting": id_, "start_in_seconds": start, "keep_bot": keep, "alone": alone}
            self._sandbox.control("POST", "drags/", where)
        else:
            later = {"start_in_seconds": max(start, 600), "length_minutes": 30}
            self._sandbox.control("PATCH", f"meetings/{id_}/", later)

    def spoil_meeting(self) -> None:
        """Its row has an odd part from now on, or cannot be read."""
        extra = self.draw.choice([*ODD_PARTS, *UNREADABLE])
        self._sandbox.control("PATCH", f"meetings/{self._a_meeting()}/", {"extra": extra})

    def send_bot(self) -> None:
        """One that no calendar entry names."""
        ahead = self.draw.randint(-DAY, DAY)
        self._sandbox.control("POST", "bots/", {"join_in_seconds": ahead, **self.draw.choice(ENDS)})

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

    def _now(self) -> datetime:
        return datetime.fromisoformat(self._sandbox.control("GET", "clock/")["now"])

    def _a_uid(self) -> str | None:
        """None, a new one, or another form of the last."""
        if self.draw.random() < 0.2:
            return f"CALL-{self._last_number}"
        self._last_number = next(self._numbers)
        return self.draw.choice([None, f"call-{self._last_number}"])

    def _a_meeting(self) -> str:
        return self.draw.choice(self._meetings or ["none"])
