"""Meetings in the making: who meets whom, how often and where, before a day is filled in."""

from dataclasses import dataclass
from datetime import date
from random import Random

from ..chance import Odds, dice, share
from . import names
from .companies import Company, Seat

WEEKDAYS = 5
_LINKS = {
    "google": Odds((("google_meet", 68), ("zoom", 20), ("zoom_no_password", 2), ("microsoft_teams", 4), ("webex", 2))),
    "microsoft": Odds(
        (
            ("microsoft_teams", 66),
            ("zoom", 20),
            ("zoom_no_password", 2),
            ("webex", 4),
            ("webex_personal_room", 1),
            ("microsoft_teams_live", 1),
            ("goto_meeting", 1),
            ("google_meet", 2),
        )
    ),
}
_STANDING = Odds((("stand-up", 1), ("weekly", 3), ("one-to-one", 4), ("customer", 4)))
_SEATS_WITH_OUTSIDERS = ((1, 6), (2, 3), (3, 1))
_SEATS_INSIDE = ((1, 1), (2, 8), (3, 4), (4, 2), (6, 1))
"""How many of the company come to a one-off, with weights."""
_ODDS_WITH_OUTSIDERS, _ODDS_INSIDE = Odds(_SEATS_WITH_OUTSIDERS), Odds(_SEATS_INSIDE)
_OUTSIDE = 0.55
"""The share of one-offs with somebody from outside."""


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody of another domain."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting without its day. The organiser is an outsider's address, or None for the first of `seats`."""

    title: str
    seats: tuple[int, ...]
    outsiders: tuple[Outsider, ...]
    minute: int
    """Local start, in minutes after midnight."""
    length: int
    """Minutes."""
    link_kind: str | None
    organizer: str | None = None
    weekdays: frozenset[int] = frozenset()
    every_weeks: int = 1
    phase: int = 0

    @property
    def cost(self) -> float:
        """Places taken in calendars, a week."""
        return len(self.seats) * len(self.weekdays) / self.every_weeks

    def falls_on(self, day: date) -> bool:
        """Whether the series has an occurrence on this day."""
        week = day.toordinal() // 7
        return day.weekday() in self.weekdays and week % self.every_weeks == self.phase


def link_kind(rng: Random, provider: str, outside: bool) -> str | None:
    """Where a call of such a company is held; now and then in a room, without a link."""
    if rng.random() < (0.03 if outside else 0.08):
        return None
    return _LINKS[provider if provider in _LINKS else rng.choice(("google", "microsoft"))].pick(rng)


def outsiders(rng: Random, count: int) -> tuple[Outsider, ...]:
    """People of one other company."""
    domain = f"{rng.choice(names.PARTNERS)}.example"
    people = ((rng.choice(names.FIRST), rng.choice(names.LAST)) for _ in range(count))
    return tuple(Outsider(f"{f} {last}", f"{f}.{last}@{domain}".lower().replace("á", "a")) for f, last in people)


def series(seed: int, company: Company, people: list[Seat], places_a_week: float) -> list[Plan]:
    """The company's standing meetings, taking up to this many places in its people's calendars each week."""
    rng = dice(seed, "series", company.number)
    found: list[Plan] = []
    left = places_a_week
    for _ in range(20 * company.size):
        plan = _standing(rng, company, people)
        if plan.cost <= left:
            found.append(plan)
            left -= plan.cost
    return found


def _standing(rng: Random, company: Company, people: list[Seat]) -> Plan:
    kind = _STANDING.pick(rng)
    if len(people) == 1 or kind == "customer":
        return _customer_series(rng, company)
    if kind == "one-to-one":
        return _one_to_one(rng, company, people)
    return _team_series(rng, company, kind)


def _customer_series(rng: Random, company: Company) -> Plan:
    guests = outsiders(rng, rng.choice((1, 1, 2, 3)))
    return Plan(
        title=f"{guests[0].email.split('@')[1].split('.')[0].title()} {rng.choice(('weekly', 'sync', 'check-in'))}",
        seats=_some(rng, company.size, rng.choice((1, 1, 2))),
        outsiders=guests,
        minute=slot(rng),
        length=30,
        link_kind=link_kind(rng, company.provider, outside=True),
        organizer=guests[0].email if rng.random() < 0.25 else None,
        weekdays=frozenset({rng.randrange(WEEKDAYS)}),
        every_weeks=(every := rng.choice((1, 1, 2))),
        phase=rng.randrange(every),
    )


def _one_to_one(rng: Random, company: Company, people: list[Seat]) -> Plan:
    pair = _some(rng, company.size, 2)
    first, second = (people[n].name.split()[0] for n in pair)
    every = rng.choice((1, 2))
    return Plan(
        title=f"{first} / {second} 1:1",
        seats=pair,
        outsiders=(),
        minute=slot(rng),
        length=30,
        link_kind=link_kind(rng, company.provider, outside=False),
        weekdays=frozenset({rng.randrange(WEEKDAYS)}),
        every_weeks=every,
        phase=rng.randrange(every),
    )


def _team_series(rng: Random, company: Company, kind: str) -> Plan:
    daily = kind == "stand-up"
    return Plan(
        title=f"{rng.choice(names.TEAMS)} {kind}",
        seats=_some(rng, company.size, rng.randint(3, 6)),
        outsiders=(),
        minute=9 * 60 + rng.choice((0, 15, 30, 45)) if daily else slot(rng),
        length=15 if daily else rng.choice((30, 45, 60)),
        link_kind=link_kind(rng, company.provider, outside=False),
        weekdays=frozenset(range(WEEKDAYS)) if daily else frozenset({rng.randrange(WEEKDAYS)}),
    )


def one_off(rng: Random, company: Company) -> Plan:
    """A meeting that happens once."""
    outside = company.size == 1 or rng.random() < _OUTSIDE
    guests = outsiders(rng, rng.choice((1, 1, 2, 2, 3, 4))) if outside else ()
    return Plan(
        title=_title(rng, guests),
        seats=_some(rng, company.size, (_ODDS_WITH_OUTSIDERS if outside else _ODDS_INSIDE).pick(rng)),
        outsiders=guests,
        minute=slot(rng),
        length=rng.choice((15, 30, 30, 30, 45, 60, 60, 90)),
        link_kind=link_kind(rng, company.provider, outside),
        organizer=guests[0].email if outside and rng.random() < 0.3 else None,
    )


def mean_seats(size: int) -> float:
    """How many places a one-off takes on average in a company of this size."""
    outside, inside = (_mean(odds, size) for odds in (_SEATS_WITH_OUTSIDERS, _SEATS_INSIDE))
    return outside if size == 1 else _OUTSIDE * outside + (1 - _OUTSIDE) * inside


def _mean(odds: tuple[tuple[int, int], ...], size: int) -> float:
    return sum(min(wanted, size) * weight for wanted, weight in odds) / sum(weight for _, weight in odds)


def _title(rng: Random, guests: tuple[Outsider, ...]) -> str:
    if not guests:
        return rng.choice(names.INTERNAL_TITLES)
    title = rng.choice(names.EXTERNAL_TITLES)
    other = guests[0].email.split("@")[1].split(".")[0].title()
    return f"{title} with {other}" if rng.random() < 0.5 else title


def slot(rng: Random) -> int:
    """A start within office hours, on a quarter of an hour, mostly on the half."""
    return rng.randint(9, 16) * 60 + rng.choice((0, 0, 0, 30, 30, 15, 45))


def _some(rng: Random, size: int, count: int) -> tuple[int, ...]:
    return tuple(rng.sample(range(size), min(count, size)))


def is_skipped(seed: int, company: int, day: int, index: int) -> bool:
    """Whether this occurrence of a series was cancelled: it is then in no calendar."""
    return share(seed, "skipped", company, day, index) < 0.05
