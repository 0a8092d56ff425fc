"""What happened here that is no write to Recall: sign-ins, files taken away, links made. Rows are added and stay.

No secret is kept, nothing that a stranger typed, and of calendar users nothing but Recall's id. Which CSVs of customers
were applied is kept by `lib.store.assignments`.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select

from lib.store.rows import AnyRow, AnySelect, from_row, insert_row, rows_in, user_key
from lib.store.tables.desk import event
from lib.store.tables.workspace import calendar_user

REFUSALS_KEPT = 60
"""Refused sign-ins that are kept of one minute, so that somebody who tries names all night does not fill the store."""


class EventKind(StrEnum):
    """What happened."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    """Actor is the account whose password was not the right one; nobody, where there is no such account."""
    SIGN_IN_LOCKED = "sign_in_locked"
    """Too many wrong passwords: the account is locked from where they came from. Actor as of a refusal."""
    SIGNED_OUT = "signed_out"
    SESSION_EXPIRED = "session_expired"
    """The session ended by itself: nothing was clicked for long, or it was too old."""
    SESSION_RENEWED = "session_renewed"
    """The password was typed again, or they signed in at the provider again, and the session went on."""
    SIGNED_OUT_BY_ADMIN = "signed_out_by_admin"
    """All sessions of an account were ended. Actor is who ended them, `whose` the account."""
    STAFF_CHANGED = "staff_changed"
    """An account was added or changed; see `StaffChange`. Actor None: on the command line."""
    EXPORTED = "exported"
    """A file was made and handed out; see `Export`."""
    LINK_MADE = "link_made"
    """A link by which a calendar can be connected. `platform`, and `expires_at` where it is known."""
    USER_MADE = "user_made"
    """A calendar user was made on purpose."""
    BOT_CONFIG_KEPT = "bot_config_kept"
    """A version of the workspace's bot config was kept. `version` is its number."""
    BOT_CONFIG_MARKED = "bot_config_marked"
    """A version was marked as handed to Recall, or as not (`sent`)."""
    TITLE_SHOWN = "title_shown"
    """The title of a private meeting was shown. `entry` is Recall's id of the calendar entry."""
    ENTRIES_SET_ASIDE = "entries_taken_out"
    """Entries of a user were found to be another's and count no more. `entries` is how many."""
    LIST_BELIEVED = "list_believed"
    """Users whom Recall does not list any more were taken for gone at an admin's word. `users` is how many. Actor None:
    on the command line."""
    REFRESH_ASKED = "refresh_asked"
    """Recall is to be asked to read a user's calendar again."""
    REFRESH_ENDED = "refresh_ended"
    """What came of that: `outcome`, and `again_from`, when Recall may be asked again."""
    EXPORT_REFUSED = "export_refused"
    """A file was not handed out, because this account had taken as many as one may in a while. `what` was asked for."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. Times are UTC."""

    seq: int
    at: datetime
    kind: EventKind
    actor: str | None
    """Name of the staff member; None: nobody with an account."""
    user_id: str | None
    """Recall's id of the calendar user it is about."""
    details: Mapping[str, Any]

    @property
    def entry_id(self) -> str | None:
        """Recall's id of the calendar entry it is about."""
        return self.details.get("entry")


@dataclass(frozen=True, slots=True)
class Export:
    """A file that was handed out, in words of ours."""

    what: str
    """What the file is called, such as "meetings"."""
    rows: int
    format: str
    filters: Mapping[str, str]
    """Parameter of the address and the word it had. Never what somebody typed to search."""


@dataclass(frozen=True, slots=True)
class StaffChange:
    """What was changed of one account, in words of ours and names of customers. Never a password."""

    whose: str
    """Name of the account."""
    what: str
    """"added", "role", "customers", "password", "active" or "provider"."""
    before: str = ""
    after: str = ""


def add(
    connection: Connection,
    kind: EventKind,
    actor: str | None,
    *,
    now: datetime,
    user_id: str | None = None,
    **details: Any,
) -> None:
    """Keep that `actor` did something, and what about it (`EventKind`); None: nobody with an account."""
    user = user_key(user_id) if user_id else None
    insert_row(connection, event, at=now, kind=kind, actor=actor, user=user, details=details)


def sign_in_refused(connection: Connection, account: str | None, *, by_provider: bool = False, now: datetime) -> None:
    """Somebody was not let in, or not with what the OpenID provider says of them. `account` is one there is: what else
    was typed as a name may be a password."""
    last_minute = select(func.count()).where(event.c.kind == EventKind.SIGN_IN_REFUSED, event.c.at > now - _MINUTE)
    if (connection.scalar(last_minute) or 0) < REFUSALS_KEPT:
        details: dict[str, Any] = {"by_provider": True} if by_provider else {}
        add(connection, EventKind.SIGN_IN_REFUSED, account, now=now, **details)


def staff_changed(connection: Connection, by: str | None, changed: StaffChange, *, now: datetime) -> None:
    """An account was added or changed by `by`; None: on the command line."""
    add(connection, EventKind.STAFF_CHANGED, by, now=now, **asdict(changed))


def exported(connection: Connection, name: str, export: Export, *, now: datetime) -> None:
    """A file was made for this account."""
    add(connection, EventKind.EXPORTED, name, now=now, **asdict(export))


def link_made(
    connection: Connection, name: str, user_id: str, platform: str, *, now: datetime, expires_at: datetime | None = None
) -> None:
    """This account made a link by which the user connects a calendar. The link itself, and its token, are not kept."""
    details = {"expires_at": expires_at.isoformat()} if expires_at else {}
    add(connection, EventKind.LINK_MADE, name, now=now, user_id=user_id, platform=platform, **details)


def entries_set_aside(connection: Connection, user: int, entries: int, *, now: datetime) -> None:
    """So many entries of the user with this number of the store's were found to be another's."""
    user_id = connection.scalar(select(calendar_user.c.id).where(calendar_user.c.pk == user))
    add(connection, EventKind.ENTRIES_SET_ASIDE, None, now=now, user_id=user_id, entries=entries)


def exports_since(connection: Connection, name: str, since: datetime) -> int:
    """How many files this account was handed after an instant."""
    handed = select(func.count()).where(event.c.kind == EventKind.EXPORTED, event.c.actor == name, event.c.at > since)
    return connection.scalar(handed) or 0


def last_of(connection: Connection, kinds: Collection[EventKind], user_id: str) -> Event | None:
    """The last event of these kinds that is about this user."""
    wanted = _all.where(event.c.kind.in_(kinds), calendar_user.c.id == user_id).order_by(event.c.seq.desc()).limit(1)
    row = connection.execute(wanted).one_or_none()
    return _event(row) if row else None


def numbered(connection: Connection, numbers: Collection[int]) -> tuple[Event, ...]:
    """The events with these numbers, as far as there are any."""
    return tuple(map(_event, rows_in(connection, _all, event.c.seq, numbers)))


_MINUTE = timedelta(minutes=1)
_all: AnySelect = select(event, calendar_user.c.id.label("user_id")).outerjoin(
    calendar_user, calendar_user.c.pk == event.c.user
)


def _event(row: AnyRow) -> Event:
    return from_row(Event, row, kind=EventKind(row.kind))
