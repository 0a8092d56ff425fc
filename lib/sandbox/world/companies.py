"""Who there is: companies, their people, and the mailbox (or two, or none) that each has."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from ..chance import dice
from . import names

SOLO = 1 << 20
"""Numbers from here on are companies of one: mailboxes that came in by connecting an account unknown to the world."""
_PUBLIC = (3, 7)
"""Two in nine are a single person with a public mail address, who belongs to no customer."""


@dataclass(frozen=True, slots=True)
class Company:
    """A number of seats under one domain; seat n belongs to calendar user `first_user + n`."""

    number: int
    slug: str
    domain: str
    zone: str
    first_user: int
    size: int
    provider: str
    """`google`, `microsoft` or `mixed`: where its mailboxes are."""
    address: str | None = None
    """The one mailbox of a company of one."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A calendar account at a provider, `google` or `microsoft`."""

    platform: str
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A person of a company. `mailboxes` has one, two or none; `lost` says that Recall may no longer read them."""

    number: int
    name: str
    email: str
    mailboxes: tuple[Mailbox, ...]
    lost: bool


def companies(seed: int, seats: int) -> list[Company]:
    """Companies with exactly this many seats together, the larger ones first in a small world."""
    return list(_companies(seed, seats))


def _companies(seed: int, seats: int) -> Iterator[Company]:
    taken, number = 0, 0
    while taken < seats:
        size = min(_size(seed, number), seats - taken)
        yield _company(seed, number, taken, size)
        taken, number = taken + size, number + 1


def _size(seed: int, number: int) -> int:
    if number % 9 in _PUBLIC:
        return 1
    return dice(seed, "size", number).choice((14, 11, 9, 8, 6, 5, 4, 3) if number else (14, 12))


def _company(seed: int, number: int, first_user: int, size: int) -> Company:
    rng = dice(seed, "company", number)
    slug, zone = _slug(seed, number), rng.choice(names.ZONES)
    if number % 9 in _PUBLIC:
        domain, provider = names.PUBLIC_MAIL[number // 4 % len(names.PUBLIC_MAIL)]
        return Company(number, slug, domain, zone, first_user, size, provider)
    provider = "mixed" if number % 5 == 2 else rng.choice(("google", "google", "google", "microsoft", "microsoft"))
    return Company(number, slug, f"{slug}.example", zone, first_user, size, provider)


def _slug(seed: int, number: int) -> str:
    """Unlike every other: the numbers walk through all pairs of words, then count on."""
    pairs = len(names.PLACES) * len(names.TRADES)
    place, trade = divmod((number * 487 + seed) % pairs, len(names.TRADES))
    again = number // pairs
    return (names.PLACES[place] + names.TRADES[trade]).lower() + (str(again + 1) if again else "")


def seats(seed: int, company: Company) -> list[Seat]:
    """The people of a company, in the order of their seats; no two share an address."""
    if company.address:
        return [_solo_seat(company)]
    taken: set[str] = set()
    return [_seat(seed, company, n, taken) for n in range(company.size)]


def _solo_seat(company: Company) -> Seat:
    address = company.address or ""
    name = address.split("@")[0].replace(".", " ").title()
    return Seat(0, name, address, (Mailbox(company.provider, address, name),), False)


def _seat(seed: int, company: Company, number: int, taken: set[str]) -> Seat:
    rng = dice(seed, "seat", company.number, number)
    first, last = rng.choice(names.FIRST), rng.choice(names.LAST)
    local = f"{first}.{last}".lower().replace("á", "a")
    if company.number % 9 in _PUBLIC:
        local += str(company.number)
    while f"{local}@{company.domain}" in taken:
        local += str(number)
    email = f"{local}@{company.domain}"
    taken.add(email)
    mailboxes = _mailboxes(rng, company, f"{first} {last}", email)
    return Seat(number, f"{first} {last}", email, mailboxes, rng.random() < 0.05)


def _mailboxes(rng: Random, company: Company, name: str, email: str) -> tuple[Mailbox, ...]:
    kind = rng.random() if company.size > 1 else 1.0
    if kind < 0.05:
        return ()
    first = rng.choice(("google", "microsoft")) if company.provider == "mixed" else company.provider
    main = Mailbox(first, email, name)
    if kind < 0.11:
        other = "microsoft" if first == "google" else "google"
        return main, Mailbox(other, f"{email.split('@')[0]}@{company.slug}-legal.example", name)
    return (main,)
