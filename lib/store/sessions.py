"""Rows of sessions and of the one-time tickets that begin them. Only SHA-256 digests of either are kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from lib.store.staff import StaffRow
from lib.store.tables import session, staff, ticket


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that nobody ended, with its account as it is now. How old it may be is decided in lib/staff."""

    account: StaffRow
    created_at: datetime
    last_seen_at: datetime


_open_session = (
    select(session.c.created_at.label("began_at"), session.c.last_seen_at, staff)
    .join(staff, staff.c.name == session.c.staff)
    .where(session.c.id_hash == bindparam("digest"), session.c.ended_at.is_(None))
)


def find(connection: Connection, digest: str) -> SessionRow | None:
    """The session with this digest unless it was ended. One query, by primary keys: it is asked at every click."""
    row = connection.execute(_open_session, {"digest": digest}).one_or_none()
    if row is None:
        return None
    began_at, last_seen_at, *account = row
    return SessionRow(StaffRow(*account), began_at, last_seen_at)


def begin(connection: Connection, digest: str, name: str, now: datetime) -> None:
    """A new session of the account called `name`."""
    connection.execute(insert(session).values(id_hash=digest, staff=name, created_at=now, last_seen_at=now))


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
        .where(session.c.id_hash == digest, session.c.ended_at.is_(None))
        .values(ended_at=now, ended_why=why)
        .returning(session.c.staff)
    )
    return name


def end_all(connection: Connection, name: str, why: str, now: datetime) -> None:
    """All sessions of one account are over, and its tickets begin none any more."""
    connection.execute(
        update(session).where(session.c.staff == name, session.c.ended_at.is_(None)).values(ended_at=now, ended_why=why)
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
