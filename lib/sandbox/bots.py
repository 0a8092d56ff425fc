"""Bots as they are at an instant: which entries they were booked for, where they go, and how far they have come."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache, partial
from typing import Any

from .booking import EARLY, Booking, BotKey
from .directory import Directory
from .entries import Entry
from .ledger import Ledger
from .lifecycle import Lifecycle, Outcome, StatusChange, draw, draw_lifecycle, forced
from .randomness import Key, generator, hash_of
from .world.calls import CallKey
from .world.links import Link

READY = "ready"
LONE = (1 << 24) - 2
"""The company number in the ids of bots without a calendar entry."""
_CACHED_LIFECYCLES = 1 << 14


@dataclass(frozen=True)
class Bot:
    """A bot at the instant `now`, booked for `claimants`: the entries that asked for it, none for a lone bot."""

    id: str
    key: BotKey
    claimants: tuple[Entry, ...]
    link: Link | None
    name: str
    start: datetime
    end: datetime
    now: datetime
    _draw: Callable[[], Lifecycle]

    @cached_property
    def lifecycle(self) -> Lifecycle:
        """All that happens to it, drawn on first use only: most bots are merely counted."""
        return self._draw()

    @property
    def join_at(self) -> datetime | None:
        """When it will join; None once it has joined (contract 9.1)."""
        return None if self.status_changes else self.start - EARLY

    @property
    def status_changes(self) -> tuple[StatusChange, ...]:
        """The statuses it has had so far."""
        return self.lifecycle.until(self.now)

    @property
    def status(self) -> str:
        """The status by which the list filters."""
        return self.status_changes[-1].code if self.status_changes else READY

    @property
    def platform(self) -> str:
        """The meeting platform it is sent to."""
        return _platform(self.link)


class Bots:
    """Finds bots, by id, by call, or without a calendar entry."""

    def __init__(self, seed: int, ledger: Ledger, directory: Directory, booking: Booking) -> None:
        self._seed = seed
        self._ledger = ledger
        self._directory = directory
        self._booking = booking
        self._lifecycle = lru_cache(_CACHED_LIFECYCLES)(self._draw_lifecycle)

    def bot(self, id_: str, now: datetime) -> Bot | None:
        """The bot with this id, if one is booked."""
        key = self._booking.read_id(id_)
        if key and key.call.company == LONE:
            return self._lone(key, now)
        return self.of_call(key.call, key.calendar_platform, now, key.occurrence) if key else None

    def of_call(self, call: CallKey, calendar_platform: int, now: datetime, occurrence: int = 0) -> Bot | None:
        """The bot that serves an occurrence of a call on one calendar platform, if one is booked."""
        key = BotKey(calendar_platform, call, occurrence)
        claimants = tuple(self._booking.claimants(key, now))
        if not claimants:
            return None
        first = claimants[0]
        start = first.facts.start or now
        name = self._directory.preferences(first.user, min(now, start - EARLY)).bot_name
        times = start, first.facts.end or start
        seed = ("life", *first.call, first.calendar_platform, *([occurrence] if occurrence else ()))
        id_ = self._booking.id_of(key)
        return Bot(id_, key, claimants, first.link, name, *times, now, self._later(id_, first.link, times, seed))

    def add_lone(self, facts: dict[str, Any]) -> str:
        """Add a bot without a calendar entry; answers its id."""
        self._ledger.lone_bots.append(facts)
        return self._booking.id_of(_lone_key(len(self._ledger.lone_bots) - 1))

    def lone(self, now: datetime) -> Iterator[Bot]:
        """All bots without a calendar entry."""
        found = (self._lone(_lone_key(n), now) for n in range(len(self._ledger.lone_bots)))
        return (bot for bot in found if bot)

    def _lone(self, key: BotKey, now: datetime) -> Bot | None:
        n = key.call.day << 16 | key.call.number
        if n >= len(self._ledger.lone_bots) or key != _lone_key(n):
            return None
        facts = self._ledger.lone_bots[n]
        start = datetime.fromisoformat(facts["join_at"]) + EARLY
        times = start, start + timedelta(minutes=facts["length_minutes"])
        link = Link(facts["link"], hash_of(self._seed, "lone", n))
        id_ = self._booking.id_of(key)
        return Bot(id_, key, (), link, facts["bot_name"], *times, now, self._later(id_, link, times, ("lone", n)))

    def _later(
        self, id_: str, link: Link | None, times: tuple[datetime, datetime], seed: tuple[Key, ...]
    ) -> Callable[[], Lifecycle]:
        """What draws the lifecycle of a bot when it is needed."""
        wanted = self._ledger.outcomes.get(id_)
        return partial(self._lifecycle, seed, *times, _platform(link), forced(wanted) if wanted else None)

    def _draw_lifecycle(
        self, seed: tuple[Key, ...], start: datetime, end: datetime, platform: str, wanted: Outcome | None
    ) -> Lifecycle:
        rng = generator(self._seed, *seed)
        drawn = draw(rng, platform)
        return draw_lifecycle(rng, wanted or drawn, start, end, platform)


def _lone_key(n: int) -> BotKey:
    return BotKey(0, CallKey(LONE, n >> 16, n & 0xFFFF))


def _platform(link: Link | None) -> str:
    return link.meeting_platform if link else "unknown"
