"""Five wrong passwords lock an account from the address they came from, for a quarter of an hour. Then it ends itself.

The lock is of an account and an address together, so that a stranger locks out nobody but the neighbours at their own
address. A name that no account has is counted alike. An attempt counts as missed before the password is looked at:
however many come at once, no more than five are looked at.

What is locked stays so whatever else is tried. Where an address has too many names counted, it can try no other until
one of them counts no more; of all addresses together the oldest that are not locked yet are forgotten, which takes more
addresses than whoever has them needs to guess with. Should all be locked, no other name is looked at for so long.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from lib.clock import Clock, utc_now
from lib.errors import SignInLocked
from lib.settings import Settings
from lib.staff.passwords import look_in_vain
from lib.store import Store, Transaction
from lib.store import sign_in_locks as rows
from lib.store.sign_in_locks import LockRow

MISSES = 5
LOCKED_FOR = timedelta(minutes=15)
COUNTED_FOR = timedelta(minutes=15)
"""How long a wrong password counts from the first of them on."""

_THIS_MACHINE = "this machine"
_NETWORK_BITS_LEFT = 64
"""Of an IPv6 address that a client chooses as it pleases."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where somebody stands who types a password: `address` is the client's as the server sees it."""

    address: str | None
    key: bytes = field(repr=False)

    def place(self, name: str) -> tuple[str, str]:
        """Digests of the account's name and of the address, which say nothing to who has not the key."""
        return self._digest(name.strip().lower()), self._digest(neighbourhood(self.address))

    def _digest(self, text: str) -> str:
        return hmac.new(self.key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def key_of(settings: Settings) -> bytes:
    """What the digests are made with: the same on every server of a workspace, and nowhere in its store."""
    return hashlib.sha256(b"wrong passwords\0" + settings.api_key.get_secret_value().encode()).digest()


def attempt(store: Store, name: str, door: Door, *, clock: Clock = utc_now) -> datetime | None:
    """A password is about to be looked at: it counts as wrong unless `passed` follows.

    Answers until when (UTC) the account is locked from there should it be wrong, None as long as it is not the last.
    Raises `SignInLocked` where it is locked already: then nothing may be looked at. That takes as long as a look.
    """
    place, now = door.place(name), clock()
    with store.write() as connection:
        rows.drop(connection, begun_before=now - COUNTED_FOR, now=now)
        before = rows.find(connection, *place)
        locked_until = _no_room_until(connection, place[1]) if before is None else _still_locked(before, now)
        if locked_until is None:
            counted = _one_more(before, now)
            rows.keep(connection, *place, counted)
            return counted.until
    look_in_vain()
    raise SignInLocked(locked_until)


def locked(store: Store, names: Iterable[str], key: bytes, *, clock: Clock = utc_now) -> dict[str, datetime]:
    """Those of these accounts that are locked from some address now, and until when (UTC)."""
    digests = {Door(None, key).place(name)[0]: name for name in names}
    with store.read() as connection:
        found = rows.locked(connection, digests, clock())
    return {digests[digest]: until for digest, until in found.items()}


def passed(store: Store, name: str, door: Door) -> None:
    """The password was right: nothing is counted any more."""
    with store.write() as connection:
        rows.forget(connection, *door.place(name))


def _no_room_until(connection: Transaction, address: str) -> datetime | None:
    """None: another name may be counted from this address."""
    if not rows.has_room(connection, address):
        return rows.next_end(connection, COUNTED_FOR, address)
    return None if rows.make_room(connection) else rows.next_end(connection, COUNTED_FOR)


def _still_locked(before: LockRow, now: datetime) -> datetime | None:
    return before.until if before.until and before.until > now else None


def _one_more(before: LockRow | None, now: datetime) -> LockRow:
    if before is None or before.until or before.first_at <= now - COUNTED_FOR:
        return LockRow(1, now, None)
    misses = before.misses + 1
    return LockRow(misses, before.first_at, now + LOCKED_FOR if misses >= MISSES else None)


def neighbourhood(address: str | None) -> str:
    """Where somebody stands: the address itself; of IPv6 the network, in which a client has any number of addresses."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return address or _THIS_MACHINE
    if not isinstance(known, IPv6Address):
        return str(known)
    return str(known.ipv4_mapped or IPv6Address(int(known) >> _NETWORK_BITS_LEFT << _NETWORK_BITS_LEFT))
