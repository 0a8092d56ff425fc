"""What was written since the world began: by clients through the API, by tests through the control route.

Nothing here replaces the past: preferences, overrides and connections are timelines.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from .settings import Settings
from .world.users import Connection, InitialUser, Preferences

T = TypeVar("T")


class Timeline(NamedTuple, Generic[T]):
    """A value over time: what it was from the beginning, and each later change with its instant, oldest first."""

    first: T
    changes: list[tuple[datetime, T]]

    def at(self, when: datetime) -> T:
        """The value at this instant; a change counts from its own instant on."""
        passed = bisect_right(self.changes, when, key=lambda change: change[0])
        return self.changes[passed - 1][1] if passed else self.first

    def set(self, when: datetime, value: T) -> None:
        """Change the value from this instant on. Changes at later instants, made before the clock was set back, go."""
        passed = bisect_right(self.changes, when, key=lambda change: change[0])
        self.changes[passed:] = [(when, value)]


@dataclass(slots=True)
class Ledger:
    """Users by number, meetings and bots by id. Numbers of created users follow those of the world."""

    created: list[InitialUser] = field(default_factory=list)
    external_ids: dict[int, str] = field(default_factory=dict)
    deleted: dict[int, datetime] = field(default_factory=dict)
    preferences: dict[int, Timeline[Preferences]] = field(default_factory=dict)
    connections: dict[int, dict[str, Timeline[Connection | None]]] = field(default_factory=dict)
    overrides: dict[str, Timeline[bool | None]] = field(default_factory=dict)
    """By meeting id; none is set in the beginning."""
    added: list[dict[str, Any]] = field(default_factory=list)
    """Meetings added by the control route: `user`, `calendar_platform` and facts (see `entries.with_facts`)."""
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Facts changed by the control route, by meeting id."""
    drags: list[dict[str, Any]] = field(default_factory=list)
    """Events dragged by the control route: `at`, `call`, and by meeting id `was` (facts before) and `kept` (bots)."""
    lone_bots: list[dict[str, Any]] = field(default_factory=list)
    """Bots without a calendar entry: `join_at`, `length_minutes`, `link`, `bot_name`."""
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Outcomes forced by the control route, by bot id."""
    raw_users: dict[int, dict[str, Any]] = field(default_factory=dict)
    """The `extra` and `omit` of `bodies.with_raw_fields` for a user's answers, by number."""
    raw_bots: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The `extra` and `omit` of `bodies.with_raw_fields` for a bot's answers, by id."""
    accounts: list[tuple[str, str]] = field(default_factory=list)
    """Platform and address of calendars that were connected by an account unknown to the world."""
    settings: Settings = field(default_factory=Settings)
    clock: tuple[datetime | None, float] | None = None
    """The clock's setting, if the control route moved it."""

    def set_override(self, meeting_id: str, at: datetime, value: bool | None) -> None:
        """Set or clear a meeting's override from this instant on."""
        self.overrides.setdefault(meeting_id, Timeline(None, [])).set(at, value)
