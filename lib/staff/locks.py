"""Rate limit on passwords: five wrong ones lock a name for the address they came from, for 15 minutes.

The lock is of a name and an address together, so that a stranger locks out nobody elsewhere. Names without an account
are counted alike. An attempt counts as wrong before the password is checked: however many come at once, no more than
five are checked.

A lock is never dropped before its end. An address with too many names counted can try no other until one of them
expires. Of all addresses together the oldest counts that are not locks make room, which takes more addresses than an
attacker needs to guess with. If all are locks, no other name is checked until the first ends.
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
from lib.staff.passwords import check_in_vain
from lib.store import Store, Transaction
from lib.store import sign_in_locks as rows
from lib.store.sign_in_locks import LockRow

MISSES = 5
LOCKED_FOR = timedelta(minutes=15)
COUNTED_FOR = timedelta(minutes=15)
"""How long wrong passwords count, from the first of them."""

_THIS_MACHINE = "this machine"
_NETWORK_BITS_LEFT = 64
"""Of an IPv6 address that a client chooses as it pleases."""


@dataclass(frozen=True, slots=True)
class Client:
    """Where a password is typed: `address` is the client's as the server sees it."""

    address: str | None
    key: bytes = field(repr=False)

    def lock_key(self, name: str) -> tuple[str, str]:
        """Keyed digests of the name and of the address: neither can be told from them."""
        return self._digest(name.strip().lower()), self._digest(network_of(self.address))

    def _digest(self, text: str) -> str:
        return hmac.new(self.key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def key_of(settings: Settings) -> bytes:
    """The key of the digests: the same on every server of a workspace, and nowhere in its store."""
    return hashlib.sha256(b"wrong passwords\0" + settings.api_key.get_secret_value().encode()).digest()


def attempt(store: Store, name: str, client: Client, *, clock: Clock = utc_now) -> datetime | None:
    """Count an attempt before its password is checked: it counts as wrong unless `passed` follows.

    Answers until when (UTC) the name is locked for this client if it is wrong; None: more attempts are left.
    Raises `SignInLocked`, after as long as a check takes, when it is locked already: then nothing may be checked.
    """
    lock_key, now = client.lock_key(name), clock()
    with store.write() as connection:
        rows.drop(connection, begun_before=now - COUNTED_FOR, now=now)
        before = rows.find(connection, *lock_key)
        locked_until = _no_room_until(connection, lock_key[1]) if before is None else _still_locked(before, now)
        if locked_until is None:
            counted = _one_more(before, now)
            rows.keep(connection, *lock_key, counted)
            return counted.until
    check_in_vain()
    raise SignInLocked(locked_until)


def locked(store: Store, names: Iterable[str], key: bytes, *, clock: Clock = utc_now) -> dict[str, datetime]:
    """Which of these accounts are locked for some address now, and until when (UTC)."""
    digests = {Client(None, key).lock_key(name)[0]: name for name in names}
    with store.read() as connection:
        found = rows.locked(connection, digests, clock())
    return {digests[digest]: until for digest, until in found.items()}


def passed(store: Store, name: str, client: Client) -> None:
    """The password was right: forget the wrong ones."""
    with store.write() as connection:
        rows.forget(connection, *client.lock_key(name))


def _no_room_until(connection: Transaction, address: str) -> datetime | None:
    """Until when no other name may be tried; None: one may be."""
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


def network_of(address: str | None) -> str:
    """What an address is counted as: itself; for IPv6 its network, in which a client has any number of addresses."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return address or _THIS_MACHINE
    if not isinstance(known, IPv6Address):
        return str(known)
    return str(known.ipv4_mapped or IPv6Address(int(known) >> _NETWORK_BITS_LEFT << _NETWORK_BITS_LEFT))
