"""What several readings of a workspace, one after the other, leave to be counted. Plain dicts, and nothing of lib."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from tests.contract.report.bodies import has_joined_for
from tests.contract.report.raw_world import World
from tests.contract.report.rows import Answer, instant, read_answer

Json: TypeAlias = dict[str, Any]

PUBLIC = """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com icloud.com me.com aol.com
    proton.me protonmail.com gmx.com gmx.de web.de mail.com zoho.com yandex.com qq.com 163.com
"""
CONCLUDED_AHEAD = timedelta(days=27)
HELD_BACK_AT_MOST = timedelta(hours=24)


@dataclass(frozen=True)
class Read:
    """One entry as an answer showed it, and its user as the list showed them then."""

    at: datetime
    shown: Json
    user: Json

    @property
    def start(self) -> datetime | None:
        return instant(self.shown.get("start_time"))


@dataclass
class Occurrence:
    """One entry of one user's calendar; one that was dragged after it was held is several of these."""

    user: str
    reads: list[Read]
    gone_at: datetime | None = None
    gone_connected: bool = True
    gone_user: bool = False
    is_dragged: bool = False
    """Away: what follows is another occurrence."""

    @property
    def shown(self) -> Json:
        """As last shown."""
        return self.reads[-1].shown

    @property
    def id(self) -> str:
        return str(self.shown["id"])

    @property
    def start(self) -> datetime | None:
        return self.reads[-1].start

    @property
    def seen(self) -> Read | None:
        """The last time that it was shown before its start, as one to come; None: it never was."""
        start = self.start
        ahead = [r for r in self.reads if start and r.at < start and r.start and r.at < r.start]
        return ahead[-1] if ahead else None

    @property
    def is_gone_early(self) -> bool:
        """It was shown no longer before it began, or it never was to begin."""
        return self.gone_at is not None and (self.start is None or self.start > self.gone_at)

    @property
    def is_lost(self) -> bool:
        """Gone early, when no calendar of its user could be read: nobody knows what became of it."""
        return self.is_gone_early and not self.gone_connected and not self.gone_user

    def lose_user(self, at: datetime) -> None:
        """Its user is gone, and with them what they had before them."""
        if self.gone_at is None or (self.is_lost and (self.start is None or self.start > at)):
            self.gone_at, self.gone_user = at, True

    def miss(self, at: datetime, connected: bool) -> None:
        """An answer does not hold it. Lost with its calendar it may turn out to be gone, before it would have begun."""
        is_told_anew = connected and (self.start is None or self.start > at)
        if self.gone_at is None or is_told_anew:
            self.gone_at, self.gone_connected = at, connected

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
    entries: dict[str, list[Occurrence]] = field(default_factory=dict)
    """By id; the latest occurrence last."""
    bots: dict[str, Json | None] = field(default_factory=dict)
    """By id, as last read; None: never."""
    bots_read: dict[str, datetime] = field(default_factory=dict)
    """By id, when they could last be read."""
    listed: dict[str, list[tuple[datetime, Json]]] = field(default_factory=dict)
    """By user: how each list showed them, and when."""
    answers: dict[str, Answer] = field(default_factory=dict)
    """By user, the last."""
    _addresses: dict[str, dict[str, str]] = field(default_factory=dict)
    _held_back: dict[str, datetime] = field(default_factory=dict)

    def add(self, world: World) -> None:
        """Take in what was shown next."""
        self._gone_users(world)
        self.users = {user["id"]: user for user in world.users}
        self.unread = {id_ for id_ in self.users if world.meetings.get(id_) is None}
        self.bots |= {id_: bot for id_, bot in world.bots.items() if bot is not None or id_ not in self.bots}
        self.bots_read |= {id_: world.at for id_, bot in world.bots.items() if bot is not None}
        for id_, user in self.users.items():
            self.listed.setdefault(id_, []).append((world.at, user))
            self.customers[id_] = self._customer(id_, user.get("connections") or [])
            if (raw := world.meetings.get(id_)) is not None:
                self.answers[id_] = answer = read_answer(raw)
                self._show(user, answer, world.at)
                self._miss(user, answer, world.at)

    def occurrences(self) -> Iterator[Occurrence]:
        """All of all entries."""
        return (occurrence for of_one in self.entries.values() for occurrence in of_one)

    def _customer(self, id_: str, connections: list[Json]) -> str | None:
        """The domain of the first calendar whose address is, or was, known."""
        known = self._addresses.setdefault(id_, {})
        known |= {c["platform"]: c["email"] for c in reversed(connections) if c.get("email")}
        order = dict.fromkeys([*(c["platform"] for c in connections), *known])
        for address in (known[platform] for platform in order if platform in known):
            domain = address.strip().lower().rpartition("@")[2]
            return None if not domain or domain in PUBLIC.split() else domain
        return None

    def _show(self, user: Json, answer: Answer, at: datetime) -> None:
        for id_, shown in answer.rows.items():
            read = Read(at, shown, user)
            of_one = self.entries.setdefault(id_, [])
            if of_one and not self._was_dragged(of_one, read):
                of_one[-1].reads.append(read)
                of_one[-1].gone_at = None
            else:
                if of_one:
                    of_one[-1].is_dragged = True
                of_one.append(Occurrence(user["id"], [read]))

    def _was_dragged(self, of_one: list[Occurrence], read: Read) -> bool:
        """Held where it was, and shown anew with a start after the last read that showed the old one."""
        old, new, last = of_one[-1].start, read.start, of_one[-1].reads[-1]
        if old is None or new is None or old == new or new <= last.at:
            return False
        bot = self.bots.get(str(last.shown.get("bot_id")))
        others = [start for occurrence in of_one[:-1] if (start := occurrence.start)]
        return last.at >= old or (bot is not None and has_joined_for(bot, old, [*others, new]))

    def _miss(self, user: Json, answer: Answer, at: datetime) -> None:
        """Conclude what is gone; nothing at all, for a day at most, where a row does not say which one it is."""
        if answer.is_whole:
            self._held_back.pop(user["id"], None)
        elif at - self._held_back.setdefault(user["id"], at) < HELD_BACK_AT_MOST:
            return
        for id_, of_one in self.entries.items():
            latest = of_one[-1]
            is_far = latest.start is not None and latest.start > at + CONCLUDED_AHEAD
            is_known_gone = latest.gone_at is not None and not latest.is_lost
            is_missing = latest.user == user["id"] and not is_known_gone and id_ not in answer.rows
            if is_missing and not is_far and not answer.exempts(latest.shown):
                latest.miss(at, is_connected(user))

    def _gone_users(self, world: World) -> None:
        listed = {user["id"] for user in world.users}
        for occurrence in self.occurrences():
            if occurrence.user not in listed and not occurrence.gone_user:
                occurrence.lose_user(world.at)


def is_connected(user: Json) -> bool:
    return any(connection.get("connected") is True for connection in user.get("connections") or [])
