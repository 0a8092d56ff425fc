"""Sessions, kept by the server (design, section 4): a one-time ticket becomes a cookie, a cookie names a session.

Only SHA-256 digests of both are stored. A cookie is worthless once its session was ended here, whoever holds a copy.
A session that expired is brought back by its owner's password; one that was ended never is.
"""

import hashlib
import logging
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeGuard

from lib.clock import Clock, utc_now
from lib.errors import ProofNeeded, SignInLocked, StaffError, StoreError
from lib.settings import Settings
from lib.staff import locks
from lib.staff.accounts import StaffMember, member_of, normalised, require_now
from lib.staff.locks import Client
from lib.staff.passwords import matches
from lib.staff.permissions import Permission
from lib.store import Store, Transaction, events
from lib.store import sessions as rows
from lib.store import staff as staff_rows
from lib.store.events import EventKind
from lib.store.sessions import SessionRow

log = logging.getLogger(__name__)

TICKET_AGE = timedelta(seconds=60)
PROVEN_FOR = timedelta(minutes=5)
"""How long after a password was typed deletions and changes of many users need no other proof."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of a proof that was never given."""

_SECRET_BYTES = 32
_SECRET_LENGTH = len(secrets.token_urlsafe(_SECRET_BYTES))
_WRONG = "This is not your password. Nothing was changed; type it again."
_ENDED = "This session was ended. Sign in again."


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session may go unused, and how long it may last whatever is clicked."""

    idle: timedelta = timedelta(hours=2)
    max_age: timedelta = timedelta(hours=8)

    @property
    def seen_every(self) -> timedelta:
        """How often `last_seen_at` is written at most, so that most clicks only read; idleness is exact to as much."""
        return min(timedelta(minutes=1), self.idle / 60)


LIMITS = Limits()


def limits_of(settings: Settings) -> Limits:
    """The limits that are set (SESSION_IDLE_HOURS, SESSION_MAX_HOURS)."""
    return Limits(timedelta(hours=settings.session_idle_hours), timedelta(hours=settings.session_max_hours))


@dataclass(frozen=True, slots=True)
class Session:
    """A session in force, with its account as it is now. Times are UTC."""

    staff: StaffMember
    created_at: datetime
    last_seen_at: datetime
    limits: Limits = LIMITS

    @property
    def idle_until(self) -> datetime:
        """When it ends for inactivity."""
        return self.last_seen_at + self.limits.idle

    @property
    def lasts_until(self) -> datetime:
        """When it ends however active its owner is."""
        return self.created_at + self.limits.max_age


def mint_ticket(store: Store, name: str, *, clock: Clock = utc_now) -> str:
    """A ticket for somebody whose password was just checked: valid once, for 60 seconds.

    Raises `StaffError` when there is no active account of that name.
    """
    name, now = normalised(name), clock()
    ticket = secrets.token_urlsafe(_SECRET_BYTES)
    with store.write() as connection:
        row = staff_rows.find(connection, name)
        if row is None or not row.active:
            raise StaffError("This account cannot sign in. Ask an admin.")
        rows.drop_tickets(connection, minted_before=now - TICKET_AGE)
        rows.add_ticket(connection, _digest(ticket), name, now)
    return ticket


def redeem(
    store: Store, ticket: str | None, *, proven_at: datetime | None = None, clock: Clock = utc_now
) -> str | None:
    """Spend a ticket and begin its session. Answers the cookie's value, or None for an invalid ticket.

    `proven_at`: when its owner proved who they are, where that was not just now by a password.
    However many redeem the same ticket, and however close together, one of them gets a session.
    """
    if not _could_be_ours(ticket):
        return None
    now, cookie = clock(), secrets.token_urlsafe(_SECRET_BYTES)
    with store.write() as connection:
        name = rows.spend_ticket(connection, _digest(ticket), minted_after=now - TICKET_AGE, now=now)
        if name is None:
            return None
        row = staff_rows.find(connection, name)
        if row is None or not row.active:
            return None
        rows.begin(connection, _digest(cookie), name, now, verified_at=proven_at)
        events.add(connection, EventKind.SIGNED_IN, name, now=now)
    return cookie


def refused(store: Store, account: str | None, *, clock: Clock = utc_now) -> None:
    """Record a refused sign-in: a wrong password for `account`, or a name without an account (None)."""
    with store.write() as connection:
        events.sign_in_refused(connection, account, now=clock())


def locked(store: Store, account: str | None, *, clock: Clock = utc_now) -> None:
    """Record a refused sign-in that locked the name."""
    with store.write() as connection:
        events.sign_in_refused(connection, account, now=clock())
        events.add(connection, EventKind.SIGN_IN_LOCKED, account, now=clock())


def find(
    store: Store, cookie: str | None, *, limits: Limits = LIMITS, seen: bool = True, clock: Clock = utc_now
) -> Session | None:
    """The session that a cookie names, or None when it names none, or one that is over.

    Over means: ended, idle for longer or older than `limits`, or of an account that is disabled now. What a page does
    by itself is no activity: it asks with `seen=False`.
    """
    if not _could_be_ours(cookie):
        return None
    now, digest = clock(), _digest(cookie)
    with store.read() as connection:
        row = rows.find(connection, digest)
    if row is None or not row.account.active:
        return None
    session = Session(replace(member_of(row.account), session=digest), row.created_at, row.last_seen_at, limits)
    if now > (ended_at := min(session.idle_until, session.lasts_until)):
        _expire(store, digest, row, ended_at, now)
        return None
    if seen and now - row.last_seen_at >= limits.seen_every:
        return _note_seen(store, session, digest, now)
    return session


def digest_of(cookie: str | None) -> str | None:
    """The digest by which a cookie's session is known; None for what cannot be a cookie of ours."""
    return _digest(cookie) if _could_be_ours(cookie) else None


def expired_owner(store: Store, cookie: str | None) -> StaffMember | None:
    """Whose expired session a cookie names; None when it names no such session.

    Their password brings it back (`renew`), as long as the account is active.
    """
    if not _could_be_ours(cookie):
        return None
    with store.read() as connection:
        row = rows.expired(connection, _digest(cookie))
    return member_of(row.account) if row and row.account.active else None


def renew(store: Store, cookie: str | None, password: str, client: Client, *, clock: Clock = utc_now) -> None:
    """Renew a session under its cookie by its owner's password, also one that expired. Raises as `verify` does."""
    digest = _checked(store, cookie, password, client, clock)
    now = clock()
    with store.write() as connection:
        name = rows.renew(connection, digest, now)
        if name is None:
            raise StaffError(_ENDED)
        events.add(connection, EventKind.SESSION_RENEWED, name, now=now)


def verify(store: Store, cookie: str | None, password: str, client: Client, *, clock: Clock = utc_now) -> None:
    """Check the password of a session's owner again: for `PROVEN_FOR` it counts as a proof (`require_proof`).

    Raises `SignInLocked` after too many wrong ones, which count as those of the sign-in do, and `StaffError` for a
    password that is not theirs, or a session that was ended.
    """
    digest = _checked(store, cookie, password, client, clock)
    with store.write() as connection:
        rows.verified(connection, digest, clock())


def proven(connection: Transaction, digest: str | None, *, now: datetime) -> bool:
    """Whether this session's owner typed their password within `PROVEN_FOR`.

    Before or after `now`: the clocks of two servers differ a little, and one set back must not prove anybody for hours.
    """
    typed_at = rows.verified_at(connection, digest) if digest else None
    return typed_at is not None and abs(now - typed_at) <= PROVEN_FOR


def require_proof(connection: Transaction, member: StaffMember, *, now: datetime) -> None:
    """Raise `ProofNeeded` unless `member` came by a session that is `proven` in this very transaction."""
    if not proven(connection, member.session, now=now):
        raise ProofNeeded


def has_password(store: Store, name: str) -> bool:
    """Whether this person has a password here. Those without sign in again at the provider."""
    with store.read() as connection:
        row = staff_rows.find(connection, name)
    return row is not None and row.password_hash is not None


def end(store: Store, cookie: str | None, *, clock: Clock = utc_now) -> None:
    """Sign out: the session is over in every tab with this cookie. A cookie without a session changes nothing."""
    if _could_be_ours(cookie):
        with store.write() as connection:
            now = clock()
            if name := rows.end(connection, _digest(cookie), "signed out", now):
                events.add(connection, EventKind.SIGNED_OUT, name, now=now)


def end_all(store: Store, name: str, *, by: str | None = None, clock: Clock = utc_now) -> None:
    """End all sessions and tickets of one person. `by` is the account that does, whose right is checked in the same
    transaction; None: the command line."""
    name, now = normalised(name), clock()
    with store.write() as connection:
        if by is not None:
            require_now(connection, by, Permission.STAFF_MANAGE)
        rows.end_all(connection, name, "ended by an admin", now)
        events.add(connection, EventKind.SIGNED_OUT_BY_ADMIN, by, now=now, whose=name)


def _note_seen(store: Store, session: Session, digest: str, now: datetime) -> Session:
    """Note the activity. While the store cannot be written, reading goes on, and the next click tries again."""
    try:
        with store.write() as connection:
            rows.seen(connection, digest, now)
    except StoreError as problem:
        log.warning("When somebody was last seen could not be kept: %s", problem)
        return session
    return replace(session, last_seen_at=now)


def _expire(store: Store, digest: str, row: SessionRow, ended_at: datetime, now: datetime) -> None:
    """Record the expiry, once. The session is over whether or not that can be written."""
    try:
        with store.write() as connection:
            if rows.expire(connection, digest, at=ended_at):
                events.add(connection, EventKind.SESSION_EXPIRED, row.account.name, now=now)
    except StoreError as problem:
        log.warning("The end of a session could not be kept: %s", problem)


def _checked(store: Store, cookie: str | None, password: str, client: Client, clock: Clock) -> str:
    """Check the password of a session's owner; answers the session's digest."""
    if not _could_be_ours(cookie):
        raise StaffError(_ENDED)
    digest = _digest(cookie)
    with store.read() as connection:
        row = rows.find(connection, digest) or rows.expired(connection, digest)
    if row is None or not row.account.active:
        raise StaffError(_ENDED)
    name = row.account.name
    locked_until = locks.attempt(store, name, client, clock=clock)
    if not matches(password, row.account.password_hash):
        (locked if locked_until else refused)(store, name, clock=clock)
        raise SignInLocked(locked_until) if locked_until else StaffError(_WRONG)
    locks.passed(store, name, client)
    return digest


def _could_be_ours(secret: str | None) -> TypeGuard[str]:
    """Whether it has the form of our tickets and cookies. Anything else is refused before anything is computed."""
    return secret is not None and len(secret) == _SECRET_LENGTH and secret.isascii()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
