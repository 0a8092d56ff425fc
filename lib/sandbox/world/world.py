"""The world as the rest of the sandbox sees it: users by number, calls by company, mailboxes by address."""

from datetime import date
from functools import cached_property, lru_cache

from .calls import Call, CallKey
from .companies import SOLO, Company, Mailbox, Seat, companies, seats
from .schedule import Schedule
from .users import InitialUser, connections, preferences

_CACHED_COMPANIES = 256
_CACHED_USERS = 1 << 15
_CACHED_DAYS = 6_000
"""Days of companies in memory, such as 88 days of about seventy companies."""
_DUPLICATES = 1
_LAST_DAY = date.max.toordinal()


class World:
    """Made from a seed, a number of users and the mean number of meetings a user has in the 88 days shown."""

    def __init__(self, seed: int, users: int, meetings_per_user: float) -> None:
        self.seed = seed
        self.users = users
        self.meetings_per_user = meetings_per_user
        self._seats = users - _DUPLICATES if users >= 12 else users
        self.companies = companies(seed, self._seats)
        self._company_of = [c.number for c in self.companies for _ in range(c.size)]
        self._solo: list[Company] = []
        self.user = lru_cache(_CACHED_USERS)(self._initial_user)
        self.seats_of = lru_cache(_CACHED_COMPANIES)(self._seats_of)
        self._schedule = lru_cache(_CACHED_COMPANIES)(self._make_schedule)
        self._day = lru_cache(_CACHED_DAYS)(self._make_day)

    def external_id(self, number: int) -> str | None:
        """The integrator's id of a user: one user has none, and the last differs from the first in case only."""
        if number >= self._seats:
            return f"{self.companies[0].slug}-1000".upper()
        if self.users > self._seats and number == self._seats - 1:
            return None
        return f"{self.companies[self._company_of[number]].slug}-{1000 + number}"

    def company_of_user(self, number: int) -> int:
        """The number of the company at which this user is invited."""
        return self._company_of[number] if number < self._seats else 0

    def company(self, number: int) -> Company:
        """A company of the world, or an added company of one."""
        return self._solo[number - SOLO] if number >= SOLO else self.companies[number]

    def calls(self, company: int, day: int) -> tuple[Call, ...]:
        """A company's calls on an absolute day."""
        return self._day(company, day)

    def call(self, key: CallKey) -> Call | None:
        """The call with this key, if there is one."""
        known = key.company < len(self.companies) or 0 <= key.company - SOLO < len(self._solo)
        found = self.calls(key.company, key.day) if known and 0 < key.day < _LAST_DAY else ()
        return next((call for call in found if call.key == key), None)

    def holders(self, company: int, seat: int) -> tuple[int, ...]:
        """The users who had the mailboxes of this seat in the beginning."""
        if company >= SOLO:
            return ()
        first = self.companies[company].first_user + seat
        return (first, self.users - 1) if first == 0 and self._seats < self.users else (first,)

    def company_of_calendar(self, platform: str, email: str) -> int | None:
        """The number of the company at which this calendar is invited, if any."""
        return self._companies_of_calendars.get((platform, email))

    def mailboxes_of(self, number: int) -> tuple[Mailbox, ...]:
        """The mailboxes of this user's seat, connected or not."""
        return self._seat(number).mailboxes

    def add_account(self, platform: str, email: str) -> None:
        """Give an account unknown so far a company of its own."""
        number = SOLO + len(self._solo)
        domain = email.split("@")[-1]
        self._solo.append(Company(number, domain.split(".")[0], domain, "Europe/London", -1, 1, platform, email))
        self._companies_of_calendars[platform, email] = number

    @cached_property
    def _companies_of_calendars(self) -> dict[tuple[str, str], int]:
        people = ((c.number, seat) for c in self.companies for seat in self._seats_of(c.number))
        return {(m.platform, m.email): company for company, seat in people for m in seat.mailboxes}

    def _initial_user(self, number: int) -> InitialUser:
        seat = self._seat(number)
        return InitialUser(
            number=number,
            external_id=self.external_id(number),
            connections=connections(self.seed, seat.mailboxes, seat.lost, number if number < self._seats else 0),
            preferences=preferences(self.seed, number),
        )

    def _seat(self, number: int) -> Seat:
        company = self.company(self.company_of_user(number))
        return self.seats_of(company.number)[number - company.first_user if number < self._seats else 0]

    def _seats_of(self, company: int) -> list[Seat]:
        return seats(self.seed, self.company(company))

    def _make_schedule(self, company: int) -> Schedule:
        return Schedule(self.seed, self.company(company), self.seats_of(company), self.meetings_per_user)

    def _make_day(self, company: int, day: int) -> tuple[Call, ...]:
        return self._schedule(company).on(day)
