"""Rows of sessions and of the one-time tickets that begin them. Only SHA-256 digests of either are kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, or_, select, update

from lib.store.rows import AnyRow
from lib.store.staff import StaffRow, account_of, with_customers
from lib.store.tables.desk import session, staff, ticket

EXPIRED = "expired"
"""Why a session ended that ended by itself. Its owner's password brings it back."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that nobody ended, with its account as it is now. How old it may be is decided in lib/staff."""

    account: StaffRow
    created_at: datetime
    last_seen_at: datetime


_session = (
    select(staff, session.c.created_at.label("began_at"), session.c.last_seen_at)
    .join(staff, staff.c.name == session.c.staff)
    .where(session.c.id_hash == bindparam("digest"))
)
_open_session = _session.where(session.c.ended_at.is_(None))
_expired_session = _session.where(session.c.ended_why == EXPIRED)


def find(connection: Connection, digest: str) -> SessionRow | None:
    """The session with this digest unless it was ended.

    It is asked at every click, so it is one query by primary keys; a second one reads the customers of an account that
    does not see all of them.
    """
    row = connection.execute(_open_session, {"digest": digest}).one_or_none()
    return _found(row, with_customers(connection, account_of(row))) if row else None


def expired(connection: Connection, digest: str) -> SessionRow | None:
    """The session with this digest if it ended by itself, and nothing else ended it since."""
    row = connection.execute(_expired_session, {"digest": digest}).one_or_none()
    return _found(row, account_of(row)) if row else None


def expire(connection: Connection, digest: str, *, at: datetime) -> bool:
    """Keep that the session ended by itself at that time. False: it had ended before."""
    open_one = and_(session.c.id_hash == digest, session.c.ended_at.is_(None))
    ended = connection.execute(update(session).where(open_one).values(ended_at=at, ended_why=EXPIRED))
    return ended.rowcount > 0


def renew(connection: Connection, digest: str, now: datetime) -> str | None:
    """The session begins anew under the same digest, an expired one too; answers whose it is, None for one that was
    ended otherwise."""
    anew = {"created_at": now, "last_seen_at": now, "verified_at": now, "ended_at": None, "ended_why": None}
    where = and_(session.c.id_hash == digest, _could_go_on())
    name: str | None = connection.scalar(update(session).where(where).values(anew).returning(session.c.staff))
    return name


def verified(connection: Connection, digest: str, now: datetime) -> None:
    """The password of this session's owner was typed again, and was right."""
    connection.execute(
        update(session).where(session.c.id_hash == digest, session.c.ended_at.is_(None)).values(verified_at=now)
    )


def verified_at(connection: Connection, digest: str) -> datetime | None:
    """When the password was last asked for and right, or the session began; None for one that is over."""
    since = func.coalesce(session.c.verified_at, session.c.created_at)
    found: datetime | None = connection.scalar(
        select(since).where(session.c.id_hash == digest, session.c.ended_at.is_(None))
    )
    return found


def _found(row: AnyRow, account: StaffRow) -> SessionRow:
    return SessionRow(account, row.began_at, row.last_seen_at)


def _could_go_on() -> ColumnElement[bool]:
    return or_(session.c.ended_at.is_(None), session.c.ended_why == EXPIRED)


def begin(connection: Connection, digest: str, name: str, now: datetime, *, verified_at: datetime | None) -> None:
    """A new session of the account called `name`, who proved at `verified_at` who they are; None: as it begins."""
    connection.execute(
        insert(session).values(id_hash=digest, staff=name, created_at=now, last_seen_at=now, verified_at=verified_at)
    )


def seen(connection: Connection, digest: str, now: datetime) -> None:
    """The session is in use; never back in time, and never once it was ended."""
    connection.execute(
        update(session)
        .where(session.c.id_hash == digest, session.c.ended_at.is_(None), session.c.last_seen_at < now)
        .values(last_seen_at=now)
    )


def end(connection: Connection, digest: str, why: str, now: datetime) -> str | None:
    """The session is over; answers whose it was. One that was ended before keeps its reason, and there is none."""
    name: str | None = connection.scalar(
        update(session)
        .where(session.c.id_hash == digest, _could_go_on())
        .values(ended_at=now, ended_why=why)
        .returning(session.c.staff)
    )
    return name


def end_all(connection: Connection, name: str, why: str, now: datetime) -> None:
    """All sessions of one account are over, those that ended by themselves for good, and its tickets begin none."""
    connection.execute(
        update(session).where(session.c.staff == name, _could_go_on()).values(ended_at=now, ended_why=why)
    )
    connection.execute(update(ticket).where(ticket.c.staff == name, ticket.c.used_at.is_(None)).values(used_at=now))


def add_ticket(connection: Connection, digest: str, name: str, now: datetime) -> None:
    """A ticket that begins one session of the account called `name`."""
    connection.execute(insert(ticket).values(hash=digest, staff=name, created_at=now))


def spend_ticket(connection: Connection, digest: str, *, minted_after: datetime, now: datetime) -> str | None:
    """Use a ticket up and answer whose it is; None when it is unknown, used or too old. Only one asker gets it."""
    name: str | None = connection.scalar(
        update(ticket)
        .where(ticket.c.hash == digest, ticket.c.used_at.is_(None), ticket.c.created_at > minted_after)
        .values(used_at=now)
        .returning(ticket.c.staff)
    )
    return name


def drop_tickets(connection: Connection, *, minted_before: datetime) -> None:
    """Forget tickets that can no longer be used."""
    connection.execute(delete(ticket).where(ticket.c.created_at < minted_before))
