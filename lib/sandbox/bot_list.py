"""All bots of the workspace in one stable order, page by page, without ever holding more than a page of them.

Latest day first; within a day by company. How many bots a company's day has is remembered while nothing was written to
any of its users, so that a page of a large world is found by counting, not by making everything before it. Counting a
large world for the first time takes minutes: an answer counts on for a few seconds and estimates the rest.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime

from .bots import Bot
from .calendars import HORIZON, RETENTION
from .platforms import platform_number
from .workspace import Workspace
from .world.calls import CallKey
from .world.companies import SOLO

_PATIENCE_SECONDS = 3.0
_BREATH = 20
"""Company-days made between two chances for other requests."""


@dataclass(frozen=True, slots=True)
class BotFilter:
    """What the list is asked for. A bot that has joined has no `join_at` and is in no window (contract 9.1)."""

    join_at_after: datetime | None = None
    join_at_before: datetime | None = None
    statuses: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether nothing is asked for in particular."""
        return self == BotFilter()

    def takes(self, bot: Bot) -> bool:
        """Whether this bot is in the list."""
        if self.statuses and bot.status not in self.statuses:
            return False
        if self.platforms and bot.platform not in self.platforms:
            return False
        has_window = self.join_at_after is not None or self.join_at_before is not None
        return not has_window or self._takes_time(bot.join_at)

    def _takes_time(self, join_at: datetime | None) -> bool:
        if join_at is None:
            return False
        late_enough = self.join_at_after is None or join_at >= self.join_at_after
        return late_enough and (self.join_at_before is None or join_at <= self.join_at_before)


class BotList:
    """Counts and pages through the bots of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._counts: dict[tuple[int, int], int] = {}

    async def page(self, wanted: BotFilter, first: int, size: int) -> tuple[int, list[Bot]]:
        """How many bots there are in all, and those from number `first` on, at most `size`."""
        now = self._workspace.now()
        touched = self._workspace.calendars.touched_companies()
        settled = (now + HORIZON).toordinal() - 2
        enough = time.monotonic() + _PATIENCE_SECONDS
        count = places = skipped = 0
        found: list[Bot] = []
        async for place in self._places(wanted, now):
            lasting = wanted.is_open and place[0] not in touched and 0 < place[1] < settled
            known = self._counts.get(place) if lasting else None
            places += 1
            if known is not None and (count + known <= first or len(found) == size):
                count += known
                continue
            if lasting and len(found) == size and time.monotonic() > enough:
                skipped += 1
                continue
            bots = [bot for bot in self._bots(place, now) if wanted.takes(bot)]
            if lasting:
                self._counts[place] = len(bots)
            found += bots[max(0, first - count) :][: size - len(found)]
            count += len(bots)
        return count + round(count * skipped / (places - skipped)), found

    async def _places(self, wanted: BotFilter, now: datetime) -> AsyncIterator[tuple[int, int]]:
        """Company and day, the added meetings before all."""
        yield _ADDED_PLACE
        first = max(now - RETENTION, wanted.join_at_after or now - RETENTION).toordinal() - 1
        last = min(now + HORIZON, wanted.join_at_before or now + HORIZON).toordinal() + 1
        breath = 0
        for day in range(last, first - 1, -1):
            for company in self._company_numbers():
                yield company, day
                breath += 1
                if breath % _BREATH == 0:
                    await asyncio.sleep(0)

    def _company_numbers(self) -> Iterator[int]:
        yield from range(len(self._workspace.world.companies))
        yield from range(SOLO, SOLO + len(self._workspace.ledger.accounts))

    def _bots(self, place: tuple[int, int], now: datetime) -> Iterator[Bot]:
        for key, platforms in self._calls(place):
            for platform in sorted(platforms):
                bot = self._workspace.bots.of_call(key, platform, now)
                if bot:
                    yield bot

    def _calls(self, place: tuple[int, int]) -> Iterator[tuple[CallKey, set[int]]]:
        if place == _ADDED_PLACE:
            yield from self._workspace.calendars.added.calls().items()
            return
        for call in self._workspace.world.calls(*place):
            yield call.key, {platform_number(g.platform) for g in call.guests if g.platform}


_ADDED_PLACE = (-1, 0)
