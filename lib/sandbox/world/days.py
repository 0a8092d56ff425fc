"""One company's calls on one day: occurrences of its series, then one-offs, then the odd ones among them."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from ..chance import Odds, dice, number_from, share
from . import names, plans, uids
from .calls import Call, CallKey, Guest
from .companies import Company, Seat
from .links import Link
from .oddities import made_odd
from .plans import Plan

WEEKDAYS_IN_WINDOW = 88 * 5 / 7
_STANDING = 0.45
"""The share of places that series take; one-offs take the rest."""
_ANSWERS = Odds((("accepted", 74), ("not_available", 16), ("tentative", 6), ("declined", 4)))
_DATED = 0.2
_REACHABLE = 0.9
"""Places that turn up in a readable calendar: some people have none connected, some calendars are lost."""


class Diary:
    """A company's calls by day. `meetings_per_user` is the mean over the 88 days that the API shows."""

    def __init__(self, seed: int, company: Company, people: list[Seat], meetings_per_user: float) -> None:
        self._seed = seed
        self._company = company
        self._people = people
        places_a_day = meetings_per_user / WEEKDAYS_IN_WINDOW / _REACHABLE * company.size
        self._series = plans.series(seed, company, people, places_a_day * plans.WEEKDAYS * _STANDING)
        standing = 0.95 * sum(plan.cost for plan in self._series) / plans.WEEKDAYS
        self._one_offs_a_day = max(0.0, places_a_day - standing) / plans.mean_seats(company.size)

    def on(self, day: int) -> tuple[Call, ...]:
        """The calls of this absolute day (ordinal, local to the company), in no promised order."""
        date_ = date.fromordinal(day)
        if date_.weekday() >= plans.WEEKDAYS:
            return ()
        standing = [
            self._call(plan, date_, n)
            for n, plan in enumerate(self._series)
            if plan.falls_on(date_) and not plans.is_skipped(self._seed, self._company.number, day, n)
        ]
        rng = dice(self._seed, "day", self._company.number, day)
        first = len(self._series)
        once = [
            self._call(plans.one_off(rng, self._company), date_, first + n)
            for n in range(_poisson(rng, self._one_offs_a_day))
        ]
        return tuple(made_odd(self._seed, call, self._company.zone) for call in standing + once)

    def _call(self, plan: Plan, on: date, index: int) -> Call:
        rng = dice(self._seed, "call", self._company.number, on.toordinal(), index)
        guests = self._guests(rng, plan)
        organizer = plan.organizer or guests[0].email
        start = _local(on, plan.minute, self._company.zone)
        platform = guests[0].platform or "google"
        series = number_from(self._seed, "uid", self._company.number, index, None if plan.weekdays else on.toordinal())
        uid = uids.google(series) if platform == "google" else uids.microsoft(series)
        named = [replace(g, dated_uid=self._is_dated(index, g)) for g in guests] if plan.weekdays else guests
        return Call(
            key=CallKey(self._company.number, on.toordinal(), index),
            on=on,
            start=start,
            end=start + timedelta(minutes=plan.length),
            title=plan.title,
            description=rng.choice(names.DESCRIPTIONS),
            link=Link(plan.link_kind, series) if plan.link_kind else None,
            ical_uid=uid,
            platform_id=f"{series:013x}_{start:%Y%m%dT%H%M%SZ}" if platform == "google" else f"AAMkAD{series:016x}==",
            organizer_email=organizer,
            guests=tuple(replace(g, status="accepted") if g.email == organizer else g for g in named),
            external=len({g.email.split("@")[1] for g in guests}) > 1,
            recurring=bool(plan.weekdays),
            visibility="default" if platform == "google" else "normal",
        )

    def _is_dated(self, index: int, guest: Guest) -> bool:
        """Whether this mailbox gives the series' occurrences uids with their dates, where the uid's form has one."""
        chance = share(self._seed, "dated uid", self._company.number, index, guest.seat)
        return guest.seat is not None and chance < _DATED

    def _guests(self, rng: Random, plan: Plan) -> tuple[Guest, ...]:
        invited = [guest for seat in plan.seats for guest in self._insiders(rng, self._people[seat])]
        return (*invited, *(Guest(o.email, o.name, _answer(rng)) for o in plan.outsiders))

    def _insiders(self, rng: Random, seat: Seat) -> list[Guest]:
        """By the first mailbox mostly, sometimes by the second, rarely by both."""
        if not seat.mailboxes:
            return [Guest(seat.email, seat.name, _answer(rng), None, seat.number)]
        chosen = seat.mailboxes[:1]
        if len(seat.mailboxes) > 1 and rng.random() < 0.3:
            chosen = seat.mailboxes[1:] if rng.random() < 0.8 else seat.mailboxes
        return [Guest(m.email, m.name, _answer(rng), m.platform, seat.number) for m in chosen]


def _answer(rng: Random) -> str:
    return _ANSWERS.pick(rng)


def _local(on: date, minute: int, zone: str) -> datetime:
    local = datetime.combine(on, time(minute // 60, minute % 60), ZoneInfo(zone))
    return local.astimezone(UTC)


def _poisson(rng: Random, mean: float) -> int:
    """How many, when they come on their own (Knuth); no more than a day's index can number."""
    floor, product, count = math.exp(-min(mean, 500.0)), rng.random(), 0
    while product > floor:
        product *= rng.random()
        count += 1
    return count
