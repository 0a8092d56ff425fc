"""The world as the rest of the sandbox asks it: users by number, diaries by company, mailboxes by address."""

from datetime import date
from functools import cached_property, lru_cache

from . import companies as firms
from .calls import Call, CallKey
from .companies import SOLO, Company, Mailbox, Seat
from .days import Diary
from .users import Person, connections, preferences

_DIARIES_KEPT = 256
_PERSONS_KEPT = 1 << 15
_DAYS_KEPT = 6_000
"""Company-days in memory: about as many as two hundred companies show in 88 days with ten calls a day."""
_DUPLICATES = 1
_LAST_DAY = date.max.toordinal()


class World:
    """Made from a seed, a number of users and the mean number of meetings a user has in the 88 days shown."""

    def __init__(self, seed: int, users: int, meetings_per_user: float) -> None:
        self.seed = seed
        self.users = users
        self.meetings_per_user = meetings_per_user
        self._seats = users - _DUPLICATES if users >= 12 else users
        self.companies = firms.companies(seed, self._seats)
        self._company_of = [c.number for c in self.companies for _ in range(c.size)]
        self._solo: list[Company] = []
        self.person = lru_cache(_PERSONS_KEPT)(self._person)
        self.people_of = lru_cache(_DIARIES_KEPT)(self._people_of)
        self._diary = lru_cache(_DIARIES_KEPT)(self._make_diary)
        self._day = lru_cache(_DAYS_KEPT)(self._make_day)

    def external_id(self, number: int) -> str | None:
        """The integrator's id of a user: one has none, and the last one's differs from the first one's in case only."""
        if number >= self._seats:
            return f"{self.companies[0].slug}-1000".upper()
        if self.users > self._seats and number == self._seats - 1:
            return None
        return f"{self.companies[self._company_of[number]].slug}-{1000 + number}"

    def company_of_user(self, number: int) -> int:
        """The number of the company in whose diary this user is invited."""
        return self._company_of[number] if number < self._seats else 0

    def company(self, number: int) -> Company:
        """A company of the world, or a company of one that was added."""
        return self._solo[number - SOLO] if number >= SOLO else self.companies[number]

    def calls(self, company: int, day: int) -> tuple[Call, ...]:
        """A company's calls on an absolute day."""
        return self._day(company, day)

    def call(self, key: CallKey) -> Call | None:
        """The call of this key, if there is one."""
        known = key.company < len(self.companies) or 0 <= key.company - SOLO < len(self._solo)
        found = self.calls(key.company, key.day) if known and 0 < key.day < _LAST_DAY else ()
        return next((call for call in found if call.key == key), None)

    def holders(self, company: int, seat: int) -> tuple[int, ...]:
        """The users whom the world gave the mailboxes of this seat."""
        if company >= SOLO:
            return ()
        first = self.companies[company].first_user + seat
        return (first, self.users - 1) if first == 0 and self._seats < self.users else (first,)

    def company_of_calendar(self, platform: str, email: str) -> int | None:
        """The number of the company in whose diary this calendar is invited, if any."""
        return self._companies_of_calendars.get((platform, email))

    def mailboxes_of(self, number: int) -> tuple[Mailbox, ...]:
        """The mailboxes that this user's person has, connected or not."""
        return self._seat(number).mailboxes

    def add_account(self, platform: str, email: str) -> int:
        """Give an account unknown so far a diary of its own; answers its company's number."""
        number = SOLO + len(self._solo)
        domain = email.split("@")[-1]
        self._solo.append(Company(number, domain.split(".")[0], domain, "Europe/London", -1, 1, platform, email))
        self._companies_of_calendars[platform, email] = number
        return number

    @cached_property
    def _companies_of_calendars(self) -> dict[tuple[str, str], int]:
        people = ((c.number, seat) for c in self.companies for seat in self._people_of(c.number))
        return {(m.platform, m.email): company for company, seat in people for m in seat.mailboxes}

    def _person(self, number: int) -> Person:
        """A user before anything was written."""
        seat = self._seat(number)
        return Person(
            number=number,
            external_id=self.external_id(number),
            connections=connections(self.seed, seat.mailboxes, seat.lost, number if number < self._seats else 0),
            preferences=preferences(self.seed, number),
        )

    def _seat(self, number: int) -> Seat:
        company = self.company(self.company_of_user(number))
        return self.people_of(company.number)[number - company.first_user if number < self._seats else 0]

    def _people_of(self, company: int) -> list[Seat]:
        return firms.seats(self.seed, self.company(company))

    def _make_diary(self, company: int) -> Diary:
        return Diary(self.seed, self.company(company), self.people_of(company), self.meetings_per_user)

    def _make_day(self, company: int, day: int) -> tuple[Call, ...]:
        return self._diary(company).on(day)
