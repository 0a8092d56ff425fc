"""All bots of the workspace in one stable order, page by page, with never more than a page of them in memory.

Bots without an entry come first, then those of dragged and of added meetings, then the latest day first; within a day
by company. The number of bots of a company's day is cached while nothing is written to its users, so that a page of a
large world is found by counting instead of making every bot before it. To count a large world for the first time takes
minutes: an answer counts for a few seconds and estimates the remaining days.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain

from .bots import Bot
from .calendars import HORIZON, RETENTION
from .ids import PLATFORM_COUNT, platform_number
from .workspace import Workspace
from .world.calls import CallKey
from .world.companies import SOLO
from .world.plans import WEEKDAYS

_COUNTING_SECONDS = 3.0
_FILLING_DAYS = 2
"""Days before the horizon whose bots are still being booked."""
_COMPANIES_AT_ONCE = 20
"""Companies of a day whose bots are made before other requests get their turn."""


@dataclass(frozen=True, slots=True)
class BotFilter:
    """The filters of a list. A bot that has joined has no `join_at` and is in no window (contract 9.1)."""

    join_at_after: datetime | None = None
    join_at_before: datetime | None = None
    statuses: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether it matches every bot."""
        return self == BotFilter()

    def matches(self, bot: Bot) -> bool:
        """Whether the list includes this bot."""
        if self.statuses and bot.status not in self.statuses:
            return False
        if self.platforms and bot.platform not in self.platforms:
            return False
        if self.join_at_after is None and self.join_at_before is None:
            return True
        join_at = bot.join_at
        if join_at is None or (self.join_at_after and join_at < self.join_at_after):
            return False
        return self.join_at_before is None or join_at <= self.join_at_before


@dataclass(slots=True)
class _Page:
    """At most `size` bots from number `first` on, and the count of all bots."""

    first: int
    size: int
    count: int = 0
    bots: list[Bot] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return len(self.bots) == self.size

    def skips(self, number: int) -> bool:
        """Whether none of the next `number` bots is on the page, so that they need only be counted."""
        return self.is_full or self.count + number <= self.first

    def add(self, bots: list[Bot]) -> None:
        self.bots += bots[max(0, self.first - self.count) :][: self.size - len(self.bots)]
        self.count += len(bots)


class BotList:
    """Counts and pages through the bots of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._counts: dict[int, dict[int, int]] = {}
        """Numbers of bots by day and company, valid for good for companies that nothing was written to."""
        self._recent_counts: dict[tuple[int, int], tuple[object, int]] = {}
        """Other numbers of bots by day and company, each with the writes and the time for which it is valid."""

    async def page(self, wanted: BotFilter, first: int, size: int) -> tuple[int, list[Bot]]:
        """The count of all bots, and at most `size` of them from number `first` on."""
        now, deadline = self._workspace.now(), time.monotonic() + _COUNTING_SECONDS
        touched = self._workspace.calendars.touched_companies()
        page = _Page(first, size)
        listed_first = chain(self._workspace.bots.lone(now), self._dragged(now), self._added(now))
        page.add([bot for bot in listed_first if wanted.matches(bot)])
        days = _days(wanted, now)
        for n, day in enumerate(days):
            if wanted.is_empty and page.is_full and time.monotonic() > deadline and self._weekday_average():
                return page.count + self._estimate(days[n:]), page.bots
            if wanted.is_empty:
                await self._add_whole_day(page, day, touched, now)
            else:
                await self._add_day(page, day, wanted, now)
        return page.count, page.bots

    def _estimate(self, days: list[int]) -> int:
        """The number of bots of these days: as counted, else as on the average weekday."""
        return sum(
            self._counted(day) if self._is_counted(day) else self._weekday_average() for day in days if _is_weekday(day)
        )

    def _weekday_average(self) -> int:
        """The mean number of bots of the weekdays that were counted; 0 without any."""
        counted = [self._counted(day) for day in self._counts if _is_weekday(day) and self._is_counted(day)]
        return sum(counted) // max(1, len(counted))

    def _counted(self, day: int) -> int:
        return sum(self._counts.get(day, {}).values())

    def _is_counted(self, day: int) -> bool:
        return len(self._counts.get(day, ())) == len(list(self._companies()))

    async def _add_whole_day(self, page: _Page, day: int, touched: set[int], now: datetime) -> None:
        """Add the bots of a day, from cached counts where none of them is on the page."""
        lasting, companies = _is_lasting(day, now), list(self._companies())
        settled = self._counted(day) - sum(self._counts.get(day, {}).get(c, 0) for c in touched)
        if lasting and self._is_counted(day) and page.skips(settled):
            page.count += settled
            companies = [c for c in companies if c in touched]
        for n, company in enumerate(companies):
            valid_for = (self._workspace.writes, None if day < now.toordinal() - 1 else now)
            known = self._known(day, company, None if lasting and company not in touched else valid_for)
            if known is not None and page.skips(known):
                page.count += known
                continue
            bots = list(self._bots(company, day, now))
            self._recent_counts[day, company] = valid_for, len(bots)
            if lasting:
                self._counts.setdefault(day, {})[company] = len(bots)
            page.add(bots)
            await _yield_to_requests(n)

    def _known(self, day: int, company: int, valid_for: object) -> int | None:
        """The cached number of the company's bots of a day; without `valid_for`, one that is valid for good."""
        if valid_for is None:
            return self._counts.get(day, {}).get(company)
        counted_for, count = self._recent_counts.get((day, company), (None, 0))
        return count if counted_for == valid_for else None

    async def _add_day(self, page: _Page, day: int, wanted: BotFilter, now: datetime) -> None:
        for n, company in enumerate(self._companies()):
            page.add([bot for bot in self._bots(company, day, now) if wanted.matches(bot)])
            await _yield_to_requests(n)

    def _companies(self) -> Iterator[int]:
        yield from range(len(self._workspace.world.companies))
        yield from range(SOLO, SOLO + len(self._workspace.ledger.accounts))

    def _bots(self, company: int, day: int, now: datetime) -> Iterator[Bot]:
        for call in self._workspace.world.calls(company, day):
            yield from self._of_call(call.key, {platform_number(g.platform) for g in call.guests if g.platform}, now)

    def _dragged(self, now: datetime) -> Iterator[Bot]:
        for occurrence, call in self._workspace.calendars.drags.occurrences():
            yield from self._of_call(call, range(PLATFORM_COUNT), now, occurrence)

    def _added(self, now: datetime) -> Iterator[Bot]:
        for key, platforms in self._workspace.calendars.added.calls().items():
            yield from self._of_call(key, platforms, now)

    def _of_call(self, call: CallKey, platforms: Iterable[int], now: datetime, occurrence: int = 0) -> Iterator[Bot]:
        found = (self._workspace.bots.of_call(call, platform, now, occurrence) for platform in sorted(platforms))
        return (bot for bot in found if bot)


def _days(wanted: BotFilter, now: datetime) -> list[int]:
    """The days on which a bot of the list may start, the latest first, with a margin for time zones at both ends."""
    first = max(now - RETENTION, wanted.join_at_after or now - RETENTION).toordinal() - 1
    last = min(now + HORIZON, wanted.join_at_before or now + HORIZON).toordinal() + 1
    return list(range(last, first - 1, -1))


def _is_lasting(day: int, now: datetime) -> bool:
    return day < (now + HORIZON).toordinal() - _FILLING_DAYS


def _is_weekday(day: int) -> bool:
    return date.fromordinal(day).weekday() < WEEKDAYS


async def _yield_to_requests(n: int) -> None:
    if n % _COMPANIES_AT_ONCE == 0:
        await asyncio.sleep(0)
