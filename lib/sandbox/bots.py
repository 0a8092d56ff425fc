"""Bots as they stand: who sent for them, where, and how far their life has come."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial

from . import lives, outcomes
from .booking import EARLY, Booking
from .chance import dice
from .directory import Directory
from .entries import Entry
from .ledger import Ledger
from .lives import Life, Step
from .world.calls import CallKey

READY = "ready"


@dataclass(frozen=True)
class Bot:
    """A bot of a call on one calendar platform, booked for `claimants` (never none), as it stands at `now`."""

    id: str
    call: CallKey
    calendar_platform: int
    claimants: tuple[Entry, ...]
    name: str
    start: datetime
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
        return _platform(self.claimants[0])


class Bots:
    """Finds bots and tells their lives."""

    def __init__(self, seed: int, ledger: Ledger, directory: Directory, booking: Booking) -> None:
        self._seed = seed
        self._ledger = ledger
        self._directory = directory
        self._booking = booking

    def bot(self, id_: str, now: datetime) -> Bot | None:
        """The bot with this id, if one is booked."""
        named = self._booking.read_id(id_)
        return self.of_call(*named, now) if named else None

    def of_call(self, key: CallKey, calendar_platform: int, now: datetime) -> Bot | None:
        """The bot that serves a call on one calendar platform, if one is booked."""
        claimants = tuple(self._booking.claimants(key, calendar_platform, now))
        if not claimants:
            return None
        id_ = self._booking.id_of(key, calendar_platform)
        first = claimants[0]
        start = first.facts.start or now
        return Bot(
            id=id_,
            call=key,
            calendar_platform=calendar_platform,
            claimants=claimants,
            name=self._directory.preferences(first.user, min(now, start - EARLY)).bot_name,
            start=start,
            now=now,
            _live=partial(self._life, id_, first, start),
        )

    def _life(self, id_: str, entry: Entry, start: datetime) -> Life:
        rng = dice(self._seed, "life", *entry.call, entry.calendar_platform)
        wanted = self._ledger.outcomes.get(id_)
        drawn = outcomes.draw(rng, _platform(entry))
        outcome = outcomes.forced(wanted) if wanted else drawn
        return lives.live(rng, outcome, start, entry.facts.end or start, _platform(entry))


def _platform(entry: Entry) -> str:
    return entry.link.meeting_platform if entry.link else "unknown"
