"""Meetings in the making: who meets whom, how often and where, before a day is filled in."""

from dataclasses import dataclass
from datetime import date
from random import Random

from ..chance import dice, share
from . import names
from .companies import Company, Seat

WEEKDAYS = 5
_LINKS = {
    "google": (("google_meet", 68), ("zoom", 20), ("zoom_no_password", 2), ("microsoft_teams", 4), ("webex", 2)),
    "microsoft": (
        ("microsoft_teams", 66),
        ("zoom", 20),
        ("zoom_no_password", 2),
        ("webex", 4),
        ("webex_personal_room", 1),
        ("microsoft_teams_live", 1),
        ("goto_meeting", 1),
        ("google_meet", 2),
    ),
}


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
    kinds = _LINKS[provider if provider in _LINKS else rng.choice(("google", "microsoft"))]
    return rng.choices([k for k, _ in kinds], [w for _, w in kinds])[0]


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
    kind = rng.choices(("stand-up", "weekly", "one-to-one", "customer"), (1, 3, 4, 4))[0]
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
    outside = rng.random() < 0.55 or company.size == 1
    guests = outsiders(rng, rng.choice((1, 1, 2, 2, 3, 4))) if outside else ()
    return Plan(
        title=_title(rng, guests),
        seats=_some(rng, company.size, seats_wanted(rng, outside)),
        outsiders=guests,
        minute=slot(rng),
        length=rng.choice((15, 30, 30, 30, 45, 60, 60, 90)),
        link_kind=link_kind(rng, company.provider, outside),
        organizer=guests[0].email if outside and rng.random() < 0.3 else None,
    )


def seats_wanted(rng: Random, outside: bool) -> int:
    """How many of the company come, before its size sets a limit."""
    return rng.choices((1, 2, 3), (6, 3, 1))[0] if outside else rng.choices((1, 2, 3, 4, 6), (1, 8, 4, 2, 1))[0]


def mean_seats(size: int) -> float:
    """How many places a one-off takes on average in a company of this size."""
    outside = (6 * 1 + 3 * min(2, size) + min(3, size)) / 10
    inside = (1 + 8 * min(2, size) + 4 * min(3, size) + 2 * min(4, size) + min(6, size)) / 16
    return outside if size == 1 else 0.55 * outside + 0.45 * inside


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
