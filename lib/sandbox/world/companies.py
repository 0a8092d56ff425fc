"""Companies, their people, and the mailboxes of each: one, two or none."""

from dataclasses import dataclass
from random import Random

from ..randomness import generator
from . import names

SOLO = 1 << 20
"""The first number of companies of one: accounts unknown to the world that were connected later."""
_PUBLIC = (3, 7)
"""Two in nine companies are one person with a public mail address, who belongs to no customer."""


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
    """The only mailbox, of a company of one."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A calendar account at a provider, `google` or `microsoft`."""

    platform: str
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A person at a company. `lost`: Recall can no longer read the mailboxes."""

    number: int
    name: str
    email: str
    mailboxes: tuple[Mailbox, ...]
    lost: bool


def companies(seed: int, seats: int) -> list[Company]:
    """Companies with exactly this many seats in total; the first one is large, also in a small world."""
    found: list[Company] = []
    taken = 0
    while taken < seats:
        size = min(_size(seed, len(found)), seats - taken)
        found.append(_company(seed, len(found), taken, size))
        taken += size
    return found


def _size(seed: int, number: int) -> int:
    if number % 9 in _PUBLIC:
        return 1
    return generator(seed, "size", number).choice((14, 11, 9, 8, 6, 5, 4, 3) if number else (14, 12))


def _company(seed: int, number: int, first_user: int, size: int) -> Company:
    rng = generator(seed, "company", number)
    slug, zone = _slug(seed, number), rng.choice(names.ZONES)
    if number % 9 in _PUBLIC:
        domain, provider = names.PUBLIC_MAIL[number // 4 % len(names.PUBLIC_MAIL)]
        return Company(number, slug, domain, zone, first_user, size, provider)
    provider = "mixed" if number % 5 == 2 else rng.choice(("google", "google", "google", "microsoft", "microsoft"))
    return Company(number, slug, f"{slug}.example", zone, first_user, size, provider)


def _slug(seed: int, number: int) -> str:
    """A slug unlike any other: the numbers run through all pairs of words, then a suffix counts on."""
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
    rng = generator(seed, "seat", company.number, number)
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
