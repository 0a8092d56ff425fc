"""All bots of the workspace in one stable order, page by page, without ever holding more than a page of them.

Bots without an entry first, then dragged and added meetings, then latest day first; within a day by company. How many
bots a company's day has is remembered while nothing was written to any of its users, so that a page of a large world is
found by counting, not by making everything before it. Counting a large world for the first time takes minutes: an
answer counts for a few seconds and estimates the days that are left.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain

from .bots import Bot
from .calendars import HORIZON, RETENTION
from .platforms import PLATFORM_NUMBERS, platform_number
from .workspace import Workspace
from .world.companies import SOLO
from .world.plans import WEEKDAYS

_PATIENCE_SECONDS = 3.0
_UNSETTLED = 2
"""Days at the far end of the horizon that are still filling up, beside those beyond it."""
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


@dataclass(slots=True)
class _Page:
    """The bots from number `first` on, at most `size`, out of all that are counted."""

    first: int
    size: int
    count: int = 0
    bots: list[Bot] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return len(self.bots) == self.size

    def passes_over(self, number: int) -> bool:
        """Whether the next so many bots need only be counted."""
        return self.is_full or self.count + number <= self.first

    def add(self, bots: list[Bot]) -> None:
        self.bots += bots[max(0, self.first - self.count) :][: self.size - len(self.bots)]
        self.count += len(bots)


class BotList:
    """Counts and pages through the bots of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._counts: dict[int, dict[int, int]] = {}
        """Bots by day and company, of days that stay as they are but for companies that were written to."""
        self._until_written: dict[int, dict[int, int]] = {}
        self._at_once: dict[int, dict[int, int]] = {}
        self._asked = (0, workspace.now())

    async def page(self, wanted: BotFilter, first: int, size: int) -> tuple[int, list[Bot]]:
        """How many bots there are in all, and those from number `first` on, at most `size`."""
        now, enough = self._workspace.now(), time.monotonic() + _PATIENCE_SECONDS
        touched = self._workspace.calendars.touched_companies()
        self._forget(now)
        page = _Page(first, size)
        arranged = chain(self._workspace.bots.lone(now), self._dragged(now), self._added(now))
        page.add([bot for bot in arranged if wanted.takes(bot)])
        days = _days(wanted, now)
        for n, day in enumerate(days):
            if wanted.is_open and page.is_full and time.monotonic() > enough and self._on_a_weekday():
                return page.count + self._estimate(days[n:]), page.bots
            if wanted.is_open:
                await self._add_whole_day(page, day, touched, now)
            else:
                await self._add_day(page, day, wanted, now)
        return page.count, page.bots

    def _estimate(self, days: list[int]) -> int:
        """The bots of these days: as counted, else as on other weekdays."""
        return sum(
            self._counted(day) if self._is_counted(day) else self._on_a_weekday() for day in days if _is_weekday(day)
        )

    def _on_a_weekday(self) -> int:
        """The bots of a weekday as far as any were counted; 0 before that."""
        counted = [self._counted(day) for day in self._counts if _is_weekday(day) and self._is_counted(day)]
        return sum(counted) // max(1, len(counted))

    def _counted(self, day: int) -> int:
        return sum(self._counts.get(day, {}).values())

    def _is_counted(self, day: int) -> bool:
        return len(self._counts.get(day, ())) == len(list(self._companies()))

    async def _add_whole_day(self, page: _Page, day: int, touched: set[int], now: datetime) -> None:
        """All bots of a day. What is remembered of its companies need only be counted."""
        lasting, companies = _is_lasting(day, now), list(self._companies())
        settled = self._counted(day) - sum(self._counts.get(day, {}).get(c, 0) for c in touched)
        if lasting and self._is_counted(day) and page.passes_over(settled):
            page.count += settled
            companies = [c for c in companies if c in touched]
        for n, company in enumerate(companies):
            memory = self._memory(day, company, touched, now)
            known = memory.get(company)
            if known is not None and page.passes_over(known):
                page.count += known
                continue
            bots = list(self._bots(company, day, now))
            memory[company] = len(bots)
            if lasting:
                self._counts.setdefault(day, {})[company] = len(bots)
            page.add(bots)
            await _breathe(n)

    def _memory(self, day: int, company: int, touched: set[int], now: datetime) -> dict[int, int]:
        """Where the number of the company's bots of a day is kept: for ever, until a write, or while time stands."""
        if company not in touched and _is_lasting(day, now):
            return self._counts.setdefault(day, {})
        if day < now.toordinal() - 1:
            return self._until_written.setdefault(day, {})
        return self._at_once.setdefault(day, {})

    def _forget(self, now: datetime) -> None:
        """Forget what does not hold any longer."""
        writes = self._workspace.writes
        if (writes, now) != self._asked:
            self._at_once.clear()
        if writes != self._asked[0]:
            self._until_written.clear()
        self._asked = (writes, now)

    async def _add_day(self, page: _Page, day: int, wanted: BotFilter, now: datetime) -> None:
        for n, company in enumerate(self._companies()):
            page.add([bot for bot in self._bots(company, day, now) if wanted.takes(bot)])
            await _breathe(n)

    def _companies(self) -> Iterator[int]:
        yield from range(len(self._workspace.world.companies))
        yield from range(SOLO, SOLO + len(self._workspace.ledger.accounts))

    def _bots(self, company: int, day: int, now: datetime) -> Iterator[Bot]:
        for call in self._workspace.world.calls(company, day):
            for platform in sorted({platform_number(g.platform) for g in call.guests if g.platform}):
                bot = self._workspace.bots.of_call(call.key, platform, now)
                if bot:
                    yield bot

    def _dragged(self, now: datetime) -> Iterator[Bot]:
        for occurrence, call in self._workspace.calendars.drags.occurrences():
            for platform in range(PLATFORM_NUMBERS):
                bot = self._workspace.bots.of_call(call, platform, now, occurrence)
                if bot:
                    yield bot

    def _added(self, now: datetime) -> Iterator[Bot]:
        for key, platforms in self._workspace.calendars.added.calls().items():
            for platform in sorted(platforms):
                bot = self._workspace.bots.of_call(key, platform, now)
                if bot:
                    yield bot


def _days(wanted: BotFilter, now: datetime) -> list[int]:
    """The days on which a bot of the list may start, the latest first; a margin for time zones at both ends."""
    first = max(now - RETENTION, wanted.join_at_after or now - RETENTION).toordinal() - 1
    last = min(now + HORIZON, wanted.join_at_before or now + HORIZON).toordinal() + 1
    return list(range(last, first - 1, -1))


def _is_lasting(day: int, now: datetime) -> bool:
    return day < (now + HORIZON).toordinal() - _UNSETTLED


def _is_weekday(day: int) -> bool:
    return date.fromordinal(day).weekday() < WEEKDAYS


async def _breathe(n: int) -> None:
    if n % _BREATH == 0:
        await asyncio.sleep(0)
