"""The ledger: what was written since the world began, by clients of the API and by tests through the control route.

Nothing in it replaces the past: preferences, overrides and connections are timelines. A file may keep it: it is written
whole after every change, then moved into place, so that a kill leaves the last good one.
"""

import os
from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import orjson
from pydantic import TypeAdapter

from .settings import Settings
from .world.users import Connection, InitialUser, Preferences
from .world.world import World

T = TypeVar("T")
_STATE_VERSION = 1


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


_LEDGER = TypeAdapter(Ledger)


class StateOfAnotherWorld(Exception):
    """The file was written for another seed, number of users or number of meetings; its ids mean nothing here."""


class StateFile:
    """The file that keeps the ledger of one world."""

    def __init__(self, path: Path, world: World) -> None:
        self._path = path
        self._world = {
            "version": _STATE_VERSION,
            "seed": world.seed,
            "users": world.users,
            "meetings": world.meetings_per_user,
        }

    def load(self) -> Ledger:
        """The saved ledger, or an empty one when there is no file yet. Raises `StateOfAnotherWorld`."""
        if not self._path.exists():
            return Ledger()
        with suppress(PermissionError):  # the file of another account
            self._path.chmod(0o600)
        saved: dict[str, Any] = orjson.loads(self._path.read_bytes())
        if saved["world"] != self._world:
            raise StateOfAnotherWorld(
                f"{self._path} was written for another world ({saved['world']}). Use another file."
            )
        return ledger_of(saved["ledger"])

    def save(self, ledger: Ledger) -> None:
        """Write a new file for the owner alone, force it to the disk, then replace the old one by it."""
        new = self._path.with_name(f"{self._path.name}.new")
        new.unlink(missing_ok=True)  # left by a process that was killed
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            os.fchmod(file.fileno(), 0o600)  # an umask may have left too little
            file.write(b'{"world":' + orjson.dumps(self._world) + b',"ledger":' + json_of(ledger) + b"}")
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)


def world_in(path: Path) -> dict[str, float]:
    """The `seed`, `users` and `meetings` of the world that a file was written for; empty without a file."""
    saved = orjson.loads(path.read_bytes())["world"] if path.exists() else {}
    return {name: saved[name] for name in ("seed", "users", "meetings") if name in saved}


def json_of(ledger: Ledger) -> bytes:
    """The ledger as JSON; of overrides only the changes, as none is set in the beginning."""
    plain = {each.name: getattr(ledger, each.name) for each in fields(ledger)}
    plain["overrides"] = {id_: timeline.changes for id_, timeline in ledger.overrides.items()}
    return orjson.dumps(plain, _as_list, orjson.OPT_NON_STR_KEYS)


def ledger_of(saved: dict[str, Any]) -> Ledger:
    """The ledger that `json_of` wrote, by this version or by one that had fewer fields."""
    saved["overrides"] = {id_: [None, changes] for id_, changes in saved["overrides"].items()}
    saved.setdefault("settings", {"booking_lag_seconds": saved.get("booking_lag_seconds", 2.0)})
    return _LEDGER.validate_python(saved)


def discard(ledger: Ledger) -> None:
    """The `save` of a workspace that keeps nothing."""


def _as_list(value: Any) -> list[Any]:
    """Flags and timelines as JSON writes them."""
    return sorted(value) if isinstance(value, frozenset) else list(value)
