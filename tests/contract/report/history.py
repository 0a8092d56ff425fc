"""What several readings of a workspace, one after the other, leave to be counted. Plain dicts, and nothing of lib."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

from tests.contract.report.raw_world import World

Json: TypeAlias = dict[str, Any]

PUBLIC = """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com icloud.com me.com aol.com
    proton.me protonmail.com gmx.com gmx.de web.de mail.com zoho.com yandex.com qq.com 163.com
"""


@dataclass
class Row:
    """One entry of one user's calendar, as last shown."""

    user: str
    shown: Json
    sightings: list[tuple[datetime, bool]] = field(default_factory=list)
    """When it was shown with a start to come, and what `will_record` was then."""
    gone_at: datetime | None = None
    gone_connected: bool = True
    gone_user: bool = False

    @property
    def start(self) -> datetime | None:
        return instant(self.shown.get("start_time"))

    @property
    def seen(self) -> bool | None:
        """The last `will_record` that was shown before its start; None: it never was."""
        before = [will_record for at, will_record in self.sightings if self.start is not None and at < self.start]
        return before[-1] if before else None

    @property
    def is_gone_early(self) -> bool:
        """It was shown no longer before it began, or it never was to begin."""
        return self.gone_at is not None and (self.start is None or self.start > self.gone_at)

    @property
    def is_lost(self) -> bool:
        """Gone early, when no calendar of its user could be read: nobody knows what became of it."""
        return self.is_gone_early and not self.gone_connected and not self.gone_user

    @property
    def counts(self) -> bool:
        """Gone early from a connected calendar it was cancelled or moved; gone later it counts for ever."""
        return self.is_lost or not self.is_gone_early


@dataclass
class History:
    """Everything that was shown."""

    users: dict[str, Json] = field(default_factory=dict)
    """Those of the last list, by Recall's id."""
    unread: set[str] = field(default_factory=set)
    customers: dict[str, str | None] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    bots: dict[str, Json | None] = field(default_factory=dict)
    _addresses: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, world: World) -> None:
        """Take in what was shown next."""
        self._gone_users(world)
        self.users = {user["id"]: user for user in world.users}
        self.unread = {id_ for id_ in self.users if world.meetings.get(id_) is None}
        for id_, user in self.users.items():
            self.customers[id_] = self._customer(id_, user.get("connections") or [])
            if (shown := world.meetings.get(id_)) is not None:
                self._show(id_, shown, world.at)
        self.bots |= {id_: bot for id_, bot in world.bots.items() if bot is not None or id_ not in self.bots}

    def _customer(self, id_: str, connections: list[Json]) -> str | None:
        """The domain of the first calendar whose address is, or was, known."""
        known = self._addresses.setdefault(id_, {})
        known |= {c["platform"]: c["email"] for c in reversed(connections) if c.get("email")}
        order = dict.fromkeys([*(c["platform"] for c in connections), *known])
        for address in (known[platform] for platform in order if platform in known):
            domain = address.strip().lower().rpartition("@")[2]
            return None if not domain or domain in PUBLIC.split() else domain
        return None

    def _show(self, user: str, shown: list[Json], at: datetime) -> None:
        for meeting in shown:
            row = self.rows.setdefault(meeting["id"], Row(user, meeting))
            row.shown, row.gone_at = meeting, None
            if row.start is not None and row.start > at:
                row.sightings.append((at, meeting["will_record"] is True))
        listed = {meeting["id"] for meeting in shown}
        for id_, row in self.rows.items():
            if row.user == user and id_ not in listed and row.gone_at is None:
                row.gone_at, row.gone_connected = at, is_connected(self.users[user])

    def _gone_users(self, world: World) -> None:
        listed = {user["id"] for user in world.users}
        for row in self.rows.values():
            if row.user not in listed and row.gone_at is None:
                row.gone_at, row.gone_user = world.at, True


def history_of(worlds: Sequence[World]) -> History:
    """What all of them showed, the oldest first."""
    history = History()
    for world in worlds:
        history.add(world)
    return history


def is_connected(user: Json) -> bool:
    return any(connection.get("connected") is True for connection in user.get("connections") or [])


def instant(text: str | None) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
