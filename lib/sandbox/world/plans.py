"""Meeting plans: who meets whom, how often and where; a schedule gives them their days."""

from dataclasses import dataclass
from datetime import date
from random import Random

from ..randomness import WeightedChoice, fraction, generator
from . import names
from .companies import Company, Seat

WEEKDAYS = 5
_LINKS = {
    "google": WeightedChoice.of_words("google_meet 68, zoom 20, zoom_no_password 2, microsoft_teams 4, webex 2"),
    "microsoft": WeightedChoice.of_words(
        "microsoft_teams 66, zoom 20, zoom_no_password 2, webex 4, webex_personal_room 1, microsoft_teams_live 1, "
        "goto_meeting 1, google_meet 2"
    ),
}
_SERIES_KINDS = WeightedChoice.of_words("stand-up 1, weekly 3, one-to-one 4, customer 4")
_SEATS_EXTERNAL = ((1, 6), (2, 3), (3, 1))
_SEATS_INTERNAL = ((1, 1), (2, 8), (3, 4), (4, 2), (6, 1))
"""The number of colleagues in a one-off, with weights."""
_SEAT_COUNTS = {True: WeightedChoice(_SEATS_EXTERNAL), False: WeightedChoice(_SEATS_INTERNAL)}
_EXTERNAL_SHARE = 0.55
"""The share of one-offs with guests of another company."""


@dataclass(frozen=True, slots=True)
class Outsider:
    """A guest of another company."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """A meeting without its day. `organizer` is an outsider's address, or None for the first of `seats`."""

    title: str
    seats: tuple[int, ...]
    minute: int
    """Local start, in minutes after midnight."""
    length: int
    """Minutes."""
    link_kind: str | None
    outsiders: tuple[Outsider, ...] = ()
    organizer: str | None = None
    weekdays: frozenset[int] = frozenset()
    every_weeks: int = 1
    phase: int = 0

    @property
    def cost(self) -> float:
        """Invitations a week."""
        return len(self.seats) * len(self.weekdays) / self.every_weeks

    def falls_on(self, day: date) -> bool:
        """Whether the series has an occurrence on this day."""
        week = day.toordinal() // 7
        return day.weekday() in self.weekdays and week % self.every_weeks == self.phase


def link_kind(rng: Random, provider: str, external: bool) -> str | None:
    """The kind of link of a call at a company with this provider; None for the few held in a room."""
    if rng.random() < (0.03 if external else 0.08):
        return None
    return _LINKS[provider if provider in _LINKS else rng.choice(("google", "microsoft"))].pick(rng)


def outsiders(rng: Random, count: int) -> tuple[Outsider, ...]:
    """Guests of one other company."""
    domain = f"{rng.choice(names.PARTNERS)}.example"
    people = ((rng.choice(names.FIRST), rng.choice(names.LAST)) for _ in range(count))
    return tuple(Outsider(f"{f} {last}", f"{f}.{last}@{domain}".lower().replace("á", "a")) for f, last in people)


def series(seed: int, company: Company, people: list[Seat], invitations_a_week: float) -> list[MeetingPlan]:
    """The company's series, with up to this many invitations a week together."""
    rng = generator(seed, "series", company.number)
    found: list[MeetingPlan] = []
    left = invitations_a_week
    for _ in range(20 * company.size):
        plan = _one_series(rng, company, people)
        if plan.cost <= left:
            found.append(plan)
            left -= plan.cost
    return found


def _one_series(rng: Random, company: Company, people: list[Seat]) -> MeetingPlan:
    kind = _SERIES_KINDS.pick(rng)
    if len(people) == 1 or kind == "customer":
        return _customer_series(rng, company)
    if kind == "one-to-one":
        return _one_to_one(rng, company, people)
    return _team_series(rng, company, kind)


def _customer_series(rng: Random, company: Company) -> MeetingPlan:
    guests = outsiders(rng, rng.choice((1, 1, 2, 3)))
    return MeetingPlan(
        title=f"{guests[0].email.split('@')[1].split('.')[0].title()} {rng.choice(('weekly', 'sync', 'check-in'))}",
        seats=_some(rng, company.size, rng.choice((1, 1, 2))),
        outsiders=guests,
        minute=slot(rng),
        length=30,
        link_kind=link_kind(rng, company.provider, external=True),
        organizer=guests[0].email if rng.random() < 0.25 else None,
        weekdays=frozenset({rng.randrange(WEEKDAYS)}),
        every_weeks=(every := rng.choice((1, 1, 2))),
        phase=rng.randrange(every),
    )


def _one_to_one(rng: Random, company: Company, people: list[Seat]) -> MeetingPlan:
    pair = _some(rng, company.size, 2)
    first, second = (people[n].name.split()[0] for n in pair)
    every = rng.choice((1, 2))
    return MeetingPlan(
        title=f"{first} / {second} 1:1",
        seats=pair,
        minute=slot(rng),
        length=30,
        link_kind=link_kind(rng, company.provider, external=False),
        weekdays=frozenset({rng.randrange(WEEKDAYS)}),
        every_weeks=every,
        phase=rng.randrange(every),
    )


def _team_series(rng: Random, company: Company, kind: str) -> MeetingPlan:
    daily = kind == "stand-up"
    return MeetingPlan(
        title=f"{rng.choice(names.TEAMS)} {kind}",
        seats=_some(rng, company.size, rng.randint(3, 6)),
        minute=9 * 60 + rng.choice((0, 15, 30, 45)) if daily else slot(rng),
        length=15 if daily else rng.choice((30, 45, 60)),
        link_kind=link_kind(rng, company.provider, external=False),
        weekdays=frozenset(range(WEEKDAYS)) if daily else frozenset({rng.randrange(WEEKDAYS)}),
    )


def one_off(rng: Random, company: Company) -> MeetingPlan:
    """A meeting that happens once."""
    external = company.size == 1 or rng.random() < _EXTERNAL_SHARE
    guests = outsiders(rng, rng.choice((1, 1, 2, 2, 3, 4))) if external else ()
    return MeetingPlan(
        title=_title(rng, guests),
        seats=_some(rng, company.size, _SEAT_COUNTS[external].pick(rng)),
        outsiders=guests,
        minute=slot(rng),
        length=rng.choice((15, 30, 30, 30, 45, 60, 60, 90)),
        link_kind=link_kind(rng, company.provider, external),
        organizer=guests[0].email if external and rng.random() < 0.3 else None,
    )


def mean_seats(size: int) -> float:
    """The mean number of colleagues in a one-off of a company of this size."""
    external, internal = (_mean(odds, size) for odds in (_SEATS_EXTERNAL, _SEATS_INTERNAL))
    return external if size == 1 else _EXTERNAL_SHARE * external + (1 - _EXTERNAL_SHARE) * internal


def _mean(odds: tuple[tuple[int, int], ...], size: int) -> float:
    return sum(min(wanted, size) * weight for wanted, weight in odds) / sum(weight for _, weight in odds)


def _title(rng: Random, guests: tuple[Outsider, ...]) -> str:
    if not guests:
        return rng.choice(names.INTERNAL_TITLES)
    title = rng.choice(names.EXTERNAL_TITLES)
    other = guests[0].email.split("@")[1].split(".")[0].title()
    return f"{title} with {other}" if rng.random() < 0.5 else title


def slot(rng: Random) -> int:
    """A start within office hours, on a quarter of an hour, mostly on the full hour."""
    return rng.randint(9, 16) * 60 + rng.choice((0, 0, 0, 30, 30, 15, 45))


def _some(rng: Random, size: int, count: int) -> tuple[int, ...]:
    return tuple(rng.sample(range(size), min(count, size)))


def is_skipped(seed: int, company: int, day: int, index: int) -> bool:
    """Whether this occurrence of a series is cancelled, which leaves it out of every calendar."""
    return fraction(seed, "skipped", company, day, index) < 0.05
