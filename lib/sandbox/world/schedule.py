"""A company's schedule: its calls on a day, which are occurrences of series and one-offs, a few of them edge cases."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from ..randomness import WeightedChoice, fraction, generator, hash_of
from . import names, plans
from .calls import Call, CallKey, Guest, google_uid, microsoft_uid
from .companies import Company, Seat
from .edge_cases import with_edge_case
from .links import Link
from .plans import MeetingPlan

WEEKDAYS_IN_WINDOW = 88 * 5 / 7
_SERIES_SHARE = 0.45
"""The share of invitations that series take; one-offs take the rest."""
_ANSWERS = WeightedChoice.of_words("accepted 74, not_available 16, tentative 6, declined 4")
_DATED_UID_SHARE = 0.2
_READABLE_SHARE = 0.9
"""The share of invitations in a readable calendar: some people have none connected, some calendars are lost."""


class Schedule:
    """A company's calls by day. `meetings_per_user` is the mean over the 88 days that the API shows."""

    def __init__(self, seed: int, company: Company, people: list[Seat], meetings_per_user: float) -> None:
        self._seed = seed
        self._company = company
        self._people = people
        invitations_a_day = meetings_per_user / WEEKDAYS_IN_WINDOW / _READABLE_SHARE * company.size
        self._series = plans.series(seed, company, people, invitations_a_day * plans.WEEKDAYS * _SERIES_SHARE)
        standing = 0.95 * sum(plan.cost for plan in self._series) / plans.WEEKDAYS
        self._one_offs_a_day = max(0.0, invitations_a_day - standing) / plans.mean_seats(company.size)

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
        rng = generator(self._seed, "day", self._company.number, day)
        first = len(self._series)
        once = [
            self._call(plans.one_off(rng, self._company), date_, first + n)
            for n in range(_poisson(rng, self._one_offs_a_day))
        ]
        return tuple(with_edge_case(self._seed, call, self._company.zone) for call in standing + once)

    def _call(self, plan: MeetingPlan, on: date, index: int) -> Call:
        rng = generator(self._seed, "call", self._company.number, on.toordinal(), index)
        guests = [guest for seat in plan.seats for guest in self._colleague(rng, self._people[seat])]
        guests += [Guest(o.email, o.name, _ANSWERS.pick(rng)) for o in plan.outsiders]
        organizer = plan.organizer or guests[0].email
        local = time(plan.minute // 60, plan.minute % 60)
        start = datetime.combine(on, local, ZoneInfo(self._company.zone)).astimezone(UTC)
        platform = guests[0].platform or "google"
        series = hash_of(self._seed, "uid", self._company.number, index, None if plan.weekdays else on.toordinal())
        uid = google_uid(series) if platform == "google" else microsoft_uid(series)
        if plan.weekdays:
            guests = [replace(g, dated_uid=self._is_dated(index, g)) for g in guests]
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
            guests=tuple(replace(g, status="accepted") if g.email == organizer else g for g in guests),
            external=len({g.email.split("@")[1] for g in guests}) > 1,
            recurring=bool(plan.weekdays),
            visibility="default" if platform == "google" else "normal",
        )

    def _is_dated(self, index: int, guest: Guest) -> bool:
        """Whether this mailbox shows dates in the uids of this series."""
        chance = fraction(self._seed, "dated uid", self._company.number, index, guest.seat)
        return guest.seat is not None and chance < _DATED_UID_SHARE

    def _colleague(self, rng: Random, seat: Seat) -> list[Guest]:
        """A colleague's invitation: mostly by the first mailbox, sometimes by the second, rarely by both."""
        if not seat.mailboxes:
            return [Guest(seat.email, seat.name, _ANSWERS.pick(rng), None, seat.number)]
        chosen = seat.mailboxes[:1]
        if len(seat.mailboxes) > 1 and rng.random() < 0.3:
            chosen = seat.mailboxes[1:] if rng.random() < 0.8 else seat.mailboxes
        return [Guest(m.email, m.name, _ANSWERS.pick(rng), m.platform, seat.number) for m in chosen]


def _poisson(rng: Random, mean: float) -> int:
    """A number from the Poisson distribution (Knuth), bounded by what the index of a day can hold."""
    floor, product, count = math.exp(-min(mean, 500.0)), rng.random(), 0
    while product > floor:
        product *= rng.random()
        count += 1
    return count
