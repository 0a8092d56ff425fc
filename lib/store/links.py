"""Links by which calendars are connected: who made each, for which user, and what was seen to come of it.

Neither a link nor its token is kept, only the SHA-256 of the nonce in its return address. That somebody came back by it
proves nothing: a link counts as connected when a read of Recall showed it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select, update

from lib.domain import CalendarUser
from lib.domain import Connection as Calendar
from lib.errors import UnknownCalendarUser
from lib.store.rows import AnyRow, AnySelect, from_row, insert_row
from lib.store.tables.desk import connect_link
from lib.store.tables.workspace import calendar_user
from lib.store.users import calendars_of

SEEN_WITHIN = timedelta(days=1)
"""How long after its end a link is still looked for in what Recall shows: the sync may have stood still."""


class LinkState(StrEnum):
    """How far a link has come."""

    WAITING = "waiting"
    REFUSED = "refused"
    """Somebody came back by it without success; it can be opened again."""
    RETURNED = "returned"
    """Somebody came back by it with success, which no read of Recall has shown yet."""
    CONNECTED = "connected"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Link:
    """One link. Times are UTC."""

    number: int
    user_id: str
    platform: str
    by: str
    """Name of the staff member."""
    made_at: datetime
    expires_at: datetime
    returned_at: datetime | None
    returned_ok: bool | None
    connected_at: datetime | None
    """Start of the read of Recall that showed it."""
    account: str | None
    """The address that was connected by it. Text from outside; None: Recall named none, or it was erased."""
    account_before: str | None
    """The address known before: of the calendar that was there, connected or lost."""

    def state(self, now: datetime) -> LinkState:
        """How far it has come at `now`."""
        if self.connected_at is not None:
            return LinkState.CONNECTED
        if now >= self.expires_at:
            return LinkState.EXPIRED
        if self.returned_at is None:
            return LinkState.WAITING
        return LinkState.RETURNED if self.returned_ok else LinkState.REFUSED

    @property
    def replaced(self) -> str | None:
        """The account whose bots and overrides went when another was connected in its place (contract 4.6)."""
        return self.account_before if differ(self.account_before, self.account) else None


def differ(before: str | None, now: str | None) -> bool:
    """Whether two addresses are known and are not one account's; case does not count."""
    return bool(before and now) and str(before).casefold() != str(now).casefold()


def add(
    connection: Connection,
    user_id: str,
    platform: str,
    *,
    by: str,
    nonce_hash: str,
    now: datetime,
    expires_at: datetime,
) -> int:
    """Keep that a link was made, and the state of the calendar then; answers its number.

    Raises `UnknownCalendarUser`, also for one who has vanished.
    """
    row = connection.execute(select(calendar_user).where(calendar_user.c.id == user_id)).one_or_none()
    if row is None or row.vanished_at is not None:
        raise UnknownCalendarUser
    values = {"staff": by, "made_at": now, "expires_at": expires_at, "nonce_hash": nonce_hash}
    values |= _before(_calendar(calendars_of(row), platform))
    return insert_row(connection, connect_link, user=row.pk, platform=platform, **values)


def is_news(connection: Connection, nonce_hash: str, *, ok: bool, now: datetime) -> bool:
    """Whether there is such a link, and `returned` would tell something new."""
    row = connection.execute(_all.where(connect_link.c.nonce_hash == nonce_hash)).one_or_none()
    return row is not None and _is_news(row, ok, now)


def returned(connection: Connection, nonce_hash: str, *, ok: bool, now: datetime) -> str | None:
    """Somebody came back by a link. Answers its user's id where this tells something new: once success, once not, and
    nothing once it has ended, when Recall refuses its token."""
    row = connection.execute(_all.where(connect_link.c.nonce_hash == nonce_hash)).one_or_none()
    if row is None or not _is_news(row, ok, now):
        return None
    came = {"returned_at": now, "returned_ok": ok}
    connection.execute(update(connect_link).where(connect_link.c.pk == row.pk).values(came))
    user_id: str = row.user_id
    return user_id


def of_user(connection: Connection, user_id: str, *, limit: int = 50) -> tuple[Link, ...]:
    """A user's links, newest first."""
    wanted = _all.where(calendar_user.c.id == user_id).order_by(connect_link.c.pk.desc()).limit(limit)
    return tuple(_link(row) for row in connection.execute(wanted))


def settle(connection: Connection, users: Iterable[CalendarUser], *, read_at: datetime) -> None:
    """Note which links a read of Recall that began at `read_at` shows to have worked. `users` are as it named them.

    A calendar that was not connected when the link was made, or was another account's, is by this link; one of the
    same account only when somebody came back by it before the read. Of several, the one came back by last.
    """
    waiting = _open(connection, read_at)
    if not waiting:
        return
    named = {user.id: user for user in users}
    for (user_id, platform), rows in groupby(waiting, lambda row: (row.user_id, row.platform)):
        if user := named.get(user_id):
            _settle(connection, list(rows), _calendar(user.connected, platform), read_at)


def _open(connection: Connection, read_at: datetime) -> Collection[AnyRow]:
    still = connect_link.c.connected_at.is_(None) & (connect_link.c.expires_at > read_at - SEEN_WITHIN)
    wanted = _all.where(still, connect_link.c.made_at <= read_at)
    return connection.execute(wanted.order_by(connect_link.c.user, connect_link.c.platform, connect_link.c.pk)).all()


def _settle(connection: Connection, rows: list[AnyRow], calendar: Calendar | None, read_at: datetime) -> None:
    shown = [row for row in rows if calendar and _shows(row, calendar, read_at)]
    first = max(shown, key=_likelihood, default=None)
    for row in rows:
        if row is first and calendar:
            _change(connection, row, {"connected_at": read_at, "account": calendar.email})
        elif first is not None:  # what is connected now is not this link's doing
            _change(connection, row, _before(calendar))
        elif calendar is None and row.was_connected:
            _change(connection, row, {"was_connected": False})


def _is_news(row: AnyRow, ok: bool, now: datetime) -> bool:
    return now < row.expires_at and not row.returned_ok and row.returned_ok is not ok


def _shows(row: AnyRow, calendar: Calendar, read_at: datetime) -> bool:
    came_back = row.returned_ok and row.returned_at <= read_at
    return not row.was_connected or differ(row.account_before, calendar.email) or bool(came_back)


def _likelihood(row: AnyRow) -> tuple[bool, datetime]:
    return bool(row.returned_ok), row.returned_at if row.returned_ok else row.made_at


def _calendar(calendars: Iterable[Calendar], platform: str) -> Calendar | None:
    """Of this platform, a connected one first."""
    return min((c for c in calendars if c.platform == platform), key=lambda c: not c.connected, default=None)


def _before(calendar: Calendar | None) -> dict[str, Any]:
    return {"was_connected": bool(calendar and calendar.connected), "account_before": calendar and calendar.email}


def _change(connection: Connection, row: AnyRow, values: dict[str, Any]) -> None:
    connection.execute(update(connect_link).where(connect_link.c.pk == row.pk).values(values))


_all: AnySelect = select(connect_link, calendar_user.c.id.label("user_id")).join(
    calendar_user, calendar_user.c.pk == connect_link.c.user
)


def _link(row: AnyRow) -> Link:
    return from_row(Link, row, number=row.pk, by=row.staff)
