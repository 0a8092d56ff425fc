"""Bots as they stand: who sent for them, where, and how far their life has come."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache, partial
from typing import Any

from . import lives, outcomes
from .booking import EARLY, Booking, BotKey
from .chance import Key, dice, number_from
from .directory import Directory
from .entries import Entry
from .ledger import Ledger
from .lives import Life, Step
from .outcomes import Outcome
from .world.calls import CallKey
from .world.links import Link

READY = "ready"
LONE = (1 << 24) - 2
"""The company number that bots without a calendar entry carry in their ids."""
_LIVES_KEPT = 1 << 14


@dataclass(frozen=True)
class Bot:
    """A bot as it stands at `now`, booked for `claimants`: the entries that sent for it, none for a lone bot."""

    id: str
    key: BotKey
    claimants: tuple[Entry, ...]
    link: Link | None
    name: str
    start: datetime
    end: datetime
    now: datetime
    _live: Callable[[], Life]

    @cached_property
    def life(self) -> Life:
        """All that happens to it; most bots are only counted, so it is told when asked for."""
        return self._live()

    @property
    def join_at(self) -> datetime | None:
        """When it will join; cleared once it has (contract 9.1)."""
        return None if self.steps else self.start - EARLY

    @property
    def steps(self) -> tuple[Step, ...]:
        """The statuses it has had."""
        return self.life.until(self.now)

    @property
    def status(self) -> str:
        """The status by which the list filters."""
        return self.steps[-1].code if self.steps else READY

    @property
    def platform(self) -> str:
        """The meeting platform it is sent to."""
        return _platform(self.link)


class Bots:
    """Finds bots and tells their lives."""

    def __init__(self, seed: int, ledger: Ledger, directory: Directory, booking: Booking) -> None:
        self._seed = seed
        self._ledger = ledger
        self._directory = directory
        self._booking = booking
        self._lived = lru_cache(_LIVES_KEPT)(self._live)

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
        fate = ("life", *first.call, first.calendar_platform, *([occurrence] if occurrence else ()))
        return self._bot(key, claimants, first.link, name, (start, first.facts.end or start), now, fate)

    def add_lone(self, facts: dict[str, Any]) -> str:
        """A bot that no calendar entry names; answers its id."""
        self._ledger.lone_bots.append(facts)
        return self._booking.id_of(_numbered(len(self._ledger.lone_bots) - 1))

    def lone(self, now: datetime) -> Iterator[Bot]:
        """All bots that no calendar entry names."""
        found = (self._lone(_numbered(n), now) for n in range(len(self._ledger.lone_bots)))
        return (bot for bot in found if bot)

    def _lone(self, key: BotKey, now: datetime) -> Bot | None:
        n = key.call.day << 16 | key.call.place
        if n >= len(self._ledger.lone_bots) or key != _numbered(n):
            return None
        facts = self._ledger.lone_bots[n]
        start = datetime.fromisoformat(facts["join_at"]) + EARLY
        times = start, start + timedelta(minutes=facts["length_minutes"])
        link = Link(facts["link"], number_from(self._seed, "lone", n))
        return self._bot(key, (), link, facts["bot_name"], times, now, ("lone", n))

    def _bot(
        self,
        key: BotKey,
        claimants: tuple[Entry, ...],
        link: Link | None,
        name: str,
        times: tuple[datetime, datetime],
        now: datetime,
        fate: tuple[Key, ...],
    ) -> Bot:
        id_ = self._booking.id_of(key)
        live = partial(self._life, id_, link, times, fate)
        return Bot(id_, key, claimants, link, name, *times, now, live)

    def _life(self, id_: str, link: Link | None, times: tuple[datetime, datetime], fate: tuple[Key, ...]) -> Life:
        wanted = self._ledger.outcomes.get(id_)
        return self._lived(fate, *times, _platform(link), outcomes.forced(wanted) if wanted else None)

    def _live(
        self, fate: tuple[Key, ...], start: datetime, end: datetime, platform: str, wanted: Outcome | None
    ) -> Life:
        rng = dice(self._seed, *fate)
        drawn = outcomes.draw(rng, platform)
        return lives.live(rng, wanted or drawn, start, end, platform)


def _numbered(n: int) -> BotKey:
    return BotKey(0, CallKey(LONE, n >> 16, n & 0xFFFF))


def _platform(link: Link | None) -> str:
    return link.meeting_platform if link else "unknown"
