"""Meetings that are dragged, corrected, deleted or named anew at set hours around their start."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.running import Sandbox

Json: TypeAlias = dict[str, Any]

HOUR = 3600
ELSEWHERE = (26.0, 50.0)
"""Hours ahead, from the move, to which meetings are dragged."""


@dataclass
class Moving:
    """Plans what happens to which meeting in which hour; then lets it happen."""

    sandbox: Sandbox
    _plans: list[tuple[float, str, str, Json]] = field(default_factory=list)

    def hours(self, until: float) -> Iterator[float]:
        """The hours up to this one in which something is to happen, in order."""
        yield from sorted({hour for hour, _, _, _ in self._plans if hour <= until})

    def let_happen(self, hour: float) -> None:
        """Everything that is to happen in this hour; the sandbox's clock must show it."""
        due = [plan for plan in self._plans if plan[0] == hour]
        self._plans = [plan for plan in self._plans if plan[0] != hour]
        for _, method, path, body in due:
            self.sandbox.control(method, path, body or None)

    def plan(self, users: list[str]) -> None:
        """All that may happen to a meeting which starts in an hour, or was yesterday, in each of their calendars."""
        for number, user in enumerate(users):
            for start in (1.0, -23.0):
                for hours in ((0.5,), (1.5,), (2.75,), (1.5, 4.0), (2.75, 29.0)):
                    self._drag(user, start, hours, keep=bool(number % 2))
                    self._drag(user, start, hours, keep=not number % 2, ahead=1.0)
            self._drag(user, 1.0, (2.75,), keep=False, ahead=-0.5)
            self._rename(user)
            self._correct(user)
            self._delete(user)
        self._drag_shared(users)

    def _meeting(self, user: str, start: float, **facts: Any) -> str:
        added = self.sandbox.add_meeting(user, start_in_seconds=start * HOUR, is_external=True, **facts)
        self.sandbox.control("POST", "outcomes/", {"meeting": added["id"], "shape": "recorded"})
        return str(added["id"])

    def _drag(self, user: str, start: float, hours: tuple[float, ...], *, keep: bool, ahead: float = 26.0) -> None:
        meeting = self._meeting(user, start, link="zoom")
        for hour in hours:
            where = {"meeting": meeting, "start_in_seconds": ahead * HOUR, "keep_bot": keep}
            self._plans.append((hour, "POST", "drags/", where))

    def _drag_shared(self, users: list[str]) -> None:
        for alone in (True, False):
            facts = {"users": users[:2], "start_in_seconds": HOUR, "ical_uid": f"shared {alone}"}
            first = self.sandbox.control("POST", "meetings/", [facts])[0]["id"]
            where = {"meeting": first, "start_in_seconds": 26 * HOUR, "alone": alone}
            self._plans.append((1.5, "POST", "drags/", where))

    def _rename(self, user: str) -> None:
        """The row names no bot any more, or another one, before its start, soon after it, or late."""
        for hour in (0.5, 1.05, 1.5, 30.0):
            gone, other = self._meeting(user, 1.0), self._meeting(user, 1.0)
            lone = self.sandbox.control("POST", "bots/", {"join_in_seconds": HOUR - 120, "shape": "fatal"})["bot_id"]
            self._plans.append((hour, "PATCH", f"meetings/{gone}/", {"extra": {"bot_id": None}}))
            self._plans.append((hour, "PATCH", f"meetings/{other}/", {"extra": {"bot_id": lone}}))

    def _correct(self, user: str) -> None:
        """Another start, of what has not begun."""
        for hours in (0.1, 3.0, 40.0):
            meeting = self._meeting(user, 1.0)
            later = {"start_in_seconds": hours * HOUR, "length_minutes": 30}
            self._plans.append((0.75, "PATCH", f"meetings/{meeting}/", later))

    def _delete(self, user: str) -> None:
        for start in (1.0, 30.0):
            for hour in (0.75, 1.05, 2.0, 40.0):
                self._plans.append((hour, "DELETE", f"meetings/{self._meeting(user, start)}/", {}))
