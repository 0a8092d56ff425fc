"""What was written since the world began: by clients through the API, by tests through the control route.

Nothing here replaces the past: preferences, overrides and connections are timelines. All of it can be written as JSON.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from . import settings
from .settings import Settings
from .timeline import Timeline
from .world.users import Connection, Person, Preferences


@dataclass(slots=True)
class Ledger:
    """Users by number, meetings and bots by id. Numbers of created users follow those of the world."""

    created: list[Person] = field(default_factory=list)
    external_ids: dict[int, str] = field(default_factory=dict)
    deleted: dict[int, datetime] = field(default_factory=dict)
    preferences: dict[int, Timeline[Preferences]] = field(default_factory=dict)
    connections: dict[int, dict[str, Timeline[Connection | None]]] = field(default_factory=dict)
    overrides: dict[str, Timeline[bool | None]] = field(default_factory=dict)
    added: list[dict[str, Any]] = field(default_factory=list)
    """Meetings added by the control route: `user`, `calendar_platform` and facts (see `entries.changed`)."""
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Facts changed by the control route, by meeting id."""
    drags: list[dict[str, Any]] = field(default_factory=list)
    """Events dragged by the control route: `at`, `call`, and by meeting id `was` (facts before) and `kept` (bots)."""
    lone_bots: list[dict[str, Any]] = field(default_factory=list)
    """Bots that no calendar entry names: `join_at`, `length_minutes`, `link`, `bot_name`."""
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Outcomes forced by the control route, by bot id."""
    raw_users: dict[int, dict[str, Any]] = field(default_factory=dict)
    raw_bots: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What `raw.put_over` puts over the answers of users, by number, and of bots, by id."""
    accounts: list[tuple[str, str]] = field(default_factory=list)
    """Platform and address of the calendars that came by connecting an account the world does not know."""
    settings: Settings = field(default_factory=Settings)
    clock: tuple[datetime | None, float] | None = None
    """The clock's setting, if the control route moved it."""

    def as_json(self) -> dict[str, Any]:
        """Everything as plain values; times stay datetimes, which orjson writes."""
        return {
            "created": [_person_as_json(person) for person in self.created],
            "external_ids": _keyed_by_text(self.external_ids),
            "deleted": _keyed_by_text(self.deleted),
            "preferences": {
                str(n): [_preferences_as_json(t.first), [(at, _preferences_as_json(p)) for at, p in t.changes]]
                for n, t in self.preferences.items()
            },
            "connections": {
                str(n): {
                    platform: [_maybe(t.first), [(at, _maybe(c)) for at, c in t.changes]] for platform, t in of.items()
                }
                for n, of in self.connections.items()
            },
            "overrides": {id_: t.changes for id_, t in self.overrides.items()},
            "added": self.added,
            "facts": self.facts,
            "drags": self.drags,
            "lone_bots": self.lone_bots,
            "outcomes": self.outcomes,
            "raw_users": _keyed_by_text(self.raw_users),
            "raw_bots": self.raw_bots,
            "accounts": self.accounts,
            "settings": asdict(self.settings),
            "clock": self.clock,
        }

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "Ledger":
        """The ledger that `as_json` described, now or before it had all of these, after its times went through JSON."""
        return cls(
            created=[_person(p) for p in saved["created"]],
            external_ids={int(n): text for n, text in saved["external_ids"].items()},
            deleted={int(n): _time(at) for n, at in saved["deleted"].items()},
            preferences={
                int(n): Timeline(_preferences(first), [(_time(at), _preferences(p)) for at, p in changes])
                for n, (first, changes) in saved["preferences"].items()
            },
            connections={int(n): _connections(of) for n, of in saved["connections"].items()},
            overrides={
                id_: Timeline(None, [(_time(at), value) for at, value in changes])
                for id_, changes in saved["overrides"].items()
            },
            added=saved["added"],
            facts=saved["facts"],
            drags=saved.get("drags", []),
            lone_bots=saved.get("lone_bots", []),
            outcomes=saved["outcomes"],
            raw_users={int(n): raw for n, raw in saved.get("raw_users", {}).items()},
            raw_bots=saved.get("raw_bots", {}),
            accounts=[(platform, email) for platform, email in saved["accounts"]],
            settings=settings.read(
                saved.get("settings", {"booking_lag_seconds": saved.get("booking_lag_seconds", 2.0)})
            ),
            clock=_clock(saved["clock"]),
        )


def _keyed_by_text(of: dict[int, Any]) -> dict[str, Any]:
    return {str(number): value for number, value in of.items()}


def _preferences_as_json(preferences: Preferences) -> dict[str, Any]:
    return {"flags": sorted(preferences.flags), "bot_name": preferences.bot_name}


def _person_as_json(person: Person) -> dict[str, Any]:
    plain = {"number": person.number, "external_id": person.external_id}
    connections = [asdict(c) for c in person.connections]
    return plain | {"connections": connections, "preferences": _preferences_as_json(person.preferences)}


def _maybe(connection: Connection | None) -> dict[str, Any] | None:
    return asdict(connection) if connection else None


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _clock(saved: list[Any] | None) -> tuple[datetime | None, float] | None:
    return (_time(saved[0]) if saved[0] else None, saved[1]) if saved else None


def _preferences(saved: dict[str, Any]) -> Preferences:
    return Preferences(frozenset(saved["flags"]), saved["bot_name"])


def _connection(saved: dict[str, Any] | None) -> Connection | None:
    if saved is None:
        return None
    return Connection(**saved | {"since": _time(saved["since"]) if saved["since"] else None})


def _connections(saved: dict[str, Any]) -> dict[str, Timeline[Connection | None]]:
    return {
        platform: Timeline(_connection(first), [(_time(at), _connection(c)) for at, c in changes])
        for platform, (first, changes) in saved.items()
    }


def _person(saved: dict[str, Any]) -> Person:
    connections = tuple(c for c in map(_connection, saved["connections"]) if c)
    return Person(saved["number"], saved["external_id"], connections, _preferences(saved["preferences"]))
