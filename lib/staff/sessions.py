"""The session that the server keeps (design, section 4): a one-time ticket becomes a cookie, a cookie names a session.

Neither is stored, only its SHA-256. A cookie is worth nothing once its session was ended here, whoever holds a copy.
A session that ended by itself is brought back by its owner's password alone; one that was ended never is.
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
from lib.staff.locks import Door
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
"""How long after a password was typed deletions and changes of many users are done without asking again."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When somebody proved who they are who did not."""

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
        """`last_seen_at` is written no oftener than this, so that a click is a read; idleness is exact to as much."""
        return min(timedelta(minutes=1), self.idle / 60)


LIMITS = Limits()


def limits_of(settings: Settings) -> Limits:
    """As they are set (SESSION_IDLE_HOURS, SESSION_MAX_HOURS)."""
    return Limits(timedelta(hours=settings.session_idle_hours), timedelta(hours=settings.session_max_hours))


@dataclass(frozen=True, slots=True)
class Session:
    """A session in force, of a person as the account is now. Times are UTC."""

    staff: StaffMember
    created_at: datetime
    last_seen_at: datetime
    limits: Limits = LIMITS

    @property
    def idle_until(self) -> datetime:
        """When it ends unless something is clicked."""
        return self.last_seen_at + self.limits.idle

    @property
    def lasts_until(self) -> datetime:
        """When it ends whatever is clicked."""
        return self.created_at + self.limits.max_age


def mint_ticket(store: Store, name: str, *, clock: Clock = utc_now) -> str:
    """A ticket for somebody whose password was just verified: good once, for 60 seconds.

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
    """Use a ticket up and begin its session. Answers the cookie's value, or None for a ticket that is no good.

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
    """Somebody was not let in: with the wrong password of `account`, or with a name that no account has (None)."""
    with store.write() as connection:
        events.sign_in_refused(connection, account, now=clock())


def locked(store: Store, account: str | None, *, clock: Clock = utc_now) -> None:
    """The same, and it was the last of too many."""
    with store.write() as connection:
        events.sign_in_refused(connection, account, now=clock())
        events.add(connection, EventKind.SIGN_IN_LOCKED, account, now=clock())


def who(
    store: Store, cookie: str | None, *, limits: Limits = LIMITS, seen: bool = True, clock: Clock = utc_now
) -> Session | None:
    """The session that a cookie names, or None when it names none, or one that is over.

    Over means: ended, idle for longer or older than `limits`, or of an account that is disabled now. What a page does
    by itself is no sign of life: it asks with `seen=False`.
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


def named_by(cookie: str | None) -> str | None:
    """What stands for the session of a cookie where the cookie itself must not be; None for what cannot be one."""
    return _digest(cookie) if _could_be_ours(cookie) else None


def whose_expired(store: Store, cookie: str | None) -> StaffMember | None:
    """Whose session it was that a cookie names and that ended by itself; None for all others.

    Their password brings it back (`renew`), as long as the account is active.
    """
    if not _could_be_ours(cookie):
        return None
    with store.read() as connection:
        row = rows.expired(connection, _digest(cookie))
    return member_of(row.account) if row and row.account.active else None


def renew(store: Store, cookie: str | None, password: str, door: Door, *, clock: Clock = utc_now) -> None:
    """Let the session begin anew under the same cookie, once its owner typed their password: also one that ended by
    itself. Raises as `verify` does."""
    digest = _checked(store, cookie, password, door, clock)
    now = clock()
    with store.write() as connection:
        name = rows.renew(connection, digest, now)
        if name is None:
            raise StaffError(_ENDED)
        events.add(connection, EventKind.SESSION_RENEWED, name, now=now)


def verify(store: Store, cookie: str | None, password: str, door: Door, *, clock: Clock = utc_now) -> None:
    """The owner of a session types their password again: for `PROVEN_FOR` it counts as theirs (`require_proof`).

    Raises `SignInLocked` after too many wrong ones, which count as those of the sign-in do, and `StaffError` for a
    password that is not theirs, or a session that was ended.
    """
    digest = _checked(store, cookie, password, door, clock)
    with store.write() as connection:
        rows.verified(connection, digest, clock())


def proven(connection: Transaction, digest: str | None, *, now: datetime) -> bool:
    """Whether the password of this session's owner was typed within `PROVEN_FOR`, to begin it or anew.

    In either direction: clocks of two servers differ a little, and one that was put back proves nobody for an hour.
    """
    typed_at = rows.verified_at(connection, digest) if digest else None
    return typed_at is not None and abs(now - typed_at) <= PROVEN_FOR


def require_proof(connection: Transaction, member: StaffMember, *, now: datetime) -> None:
    """Raise `ProofNeeded` unless `member` came by a session that is `proven` in this very transaction."""
    if not proven(connection, member.session, now=now):
        raise ProofNeeded


def has_password(store: Store, name: str) -> bool:
    """Whether this person has a password here. Who has not signs in anew where they do that."""
    with store.read() as connection:
        row = staff_rows.find(connection, name)
    return row is not None and row.password_hash is not None


def end(store: Store, cookie: str | None, *, clock: Clock = utc_now) -> None:
    """Sign out: the session is over in every tab that holds the cookie. A cookie that names none changes nothing."""
    if _could_be_ours(cookie):
        with store.write() as connection:
            now = clock()
            if name := rows.end(connection, _digest(cookie), "signed out", now):
                events.add(connection, EventKind.SIGNED_OUT, name, now=now)


def end_all(store: Store, name: str, *, by: str | None = None, clock: Clock = utc_now) -> None:
    """End all sessions of one person, and the tickets that would begin another. `by` is the admin who does, whose right
    is looked at in the same transaction; None: the command line."""
    name, now = normalised(name), clock()
    with store.write() as connection:
        if by is not None:
            require_now(connection, by, Permission.STAFF_MANAGE)
        rows.end_all(connection, name, "ended by an admin", now)
        events.add(connection, EventKind.SIGNED_OUT_BY_ADMIN, by, now=now, whose=name)


def _note_seen(store: Store, session: Session, digest: str, now: datetime) -> Session:
    """While the store cannot be written, people may read on: the next click tries again."""
    try:
        with store.write() as connection:
            rows.seen(connection, digest, now)
    except StoreError as problem:
        log.warning("When somebody was last seen could not be kept: %s", problem)
        return session
    return replace(session, last_seen_at=now)


def _expire(store: Store, digest: str, row: SessionRow, ended_at: datetime, now: datetime) -> None:
    """Written once, by whoever finds it first. It is over whether or not that can be written."""
    try:
        with store.write() as connection:
            if rows.expire(connection, digest, at=ended_at):
                events.add(connection, EventKind.SESSION_EXPIRED, row.account.name, now=now)
    except StoreError as problem:
        log.warning("The end of a session could not be kept: %s", problem)


def _checked(store: Store, cookie: str | None, password: str, door: Door, clock: Clock) -> str:
    """The digest of a session whose owner's password this is."""
    if not _could_be_ours(cookie):
        raise StaffError(_ENDED)
    digest = _digest(cookie)
    with store.read() as connection:
        row = rows.find(connection, digest) or rows.expired(connection, digest)
    if row is None or not row.account.active:
        raise StaffError(_ENDED)
    name = row.account.name
    locked_until = locks.attempt(store, name, door, clock=clock)
    if not matches(password, row.account.password_hash):
        (locked if locked_until else refused)(store, name, clock=clock)
        raise SignInLocked(locked_until) if locked_until else StaffError(_WRONG)
    locks.passed(store, name, door)
    return digest


def _could_be_ours(secret: str | None) -> TypeGuard[str]:
    """Whether it has the form of what is handed out here. What has not is turned away before anything is computed."""
    return secret is not None and len(secret) == _SECRET_LENGTH and secret.isascii()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
