"""The session that the server keeps (design, section 4): a one-time ticket becomes a cookie, a cookie names a session.

Neither is stored, only its SHA-256. A cookie is worth nothing once its session was ended here, whoever holds a copy.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeGuard

from lib.clock import Clock, utc_now
from lib.errors import StaffError
from lib.staff.accounts import StaffMember, member_of, normalised
from lib.store import Store, events
from lib.store import sessions as rows
from lib.store import staff as staff_rows

TICKET_AGE = timedelta(seconds=60)
IDLE = timedelta(hours=2)
MAX_AGE = timedelta(hours=8)
SEEN_EVERY = timedelta(minutes=1)
"""`last_seen_at` is written no oftener than this, so that a click is a read; idleness is exact to as much."""

_SECRET_BYTES = 32
_SECRET_LENGTH = len(secrets.token_urlsafe(_SECRET_BYTES))


@dataclass(frozen=True, slots=True)
class Session:
    """A session in force, of a person as the account is now. Times are UTC."""

    staff: StaffMember
    created_at: datetime
    last_seen_at: datetime


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


def redeem(store: Store, ticket: str | None, *, clock: Clock = utc_now) -> str | None:
    """Use a ticket up and begin its session. Answers the cookie's value, or None for a ticket that is no good.

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
        rows.begin(connection, _digest(cookie), name, now)
        events.signed_in(connection, name, now=now)
    return cookie


def refused(store: Store, account: str | None, *, clock: Clock = utc_now) -> None:
    """Somebody was not let in: with the wrong password of `account`, or with a name that no account has (None)."""
    with store.write() as connection:
        events.sign_in_refused(connection, account, now=clock())


def who(store: Store, cookie: str | None, *, clock: Clock = utc_now) -> Session | None:
    """The session that a cookie names, or None when it names none, or one that is over.

    Over means: ended, idle for more than `IDLE`, older than `MAX_AGE`, or of an account that is disabled now.
    """
    if not _could_be_ours(cookie):
        return None
    now, digest = clock(), _digest(cookie)
    with store.read() as connection:
        row = rows.find(connection, digest)
    if row is None or not row.account.active or now - row.last_seen_at > IDLE or now - row.created_at > MAX_AGE:
        return None
    if now - row.last_seen_at >= SEEN_EVERY:
        with store.write() as connection:
            rows.seen(connection, digest, now)
    return Session(member_of(row.account), row.created_at, row.last_seen_at)


def end(store: Store, cookie: str | None, *, clock: Clock = utc_now) -> None:
    """Sign out: the session is over in every tab that holds the cookie. A cookie that names none changes nothing."""
    if _could_be_ours(cookie):
        with store.write() as connection:
            now = clock()
            if name := rows.end(connection, _digest(cookie), "signed out", now):
                events.signed_out(connection, name, now=now)


def end_all(store: Store, name: str, *, clock: Clock = utc_now) -> None:
    """End all sessions of one person, and the tickets that would begin another."""
    with store.write() as connection:
        rows.end_all(connection, normalised(name), "ended by an admin", clock())


def _could_be_ours(secret: str | None) -> TypeGuard[str]:
    """Whether it has the form of what is handed out here. What has not is turned away before anything is computed."""
    return secret is not None and len(secret) == _SECRET_LENGTH and secret.isascii()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
