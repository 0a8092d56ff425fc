"""What happened here that is no write to Recall: sign-ins, files taken away, links made. Rows are added and stay.

No secret is kept, nothing that a stranger typed, and of calendar users nothing but Recall's id. Which CSVs of customers
were applied stands in `lib.store.assignments`.
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
"""Refused sign-ins that are kept of one minute, so that who tries names all night does not fill the store."""


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


def signed_in(connection: Connection, name: str, *, now: datetime) -> None:
    """A session of this account began."""
    _add(connection, EventKind.SIGNED_IN, now, actor=name)


def signed_out(connection: Connection, name: str, *, now: datetime) -> None:
    """Somebody ended the session of this account."""
    _add(connection, EventKind.SIGNED_OUT, now, actor=name)


def sign_in_refused(connection: Connection, account: str | None, *, by_provider: bool = False, now: datetime) -> None:
    """Somebody was not let in, or not with what the OpenID provider says of them. `account` is one there is: what else
    was typed as a name may be a password."""
    last_minute = select(func.count()).where(event.c.kind == EventKind.SIGN_IN_REFUSED, event.c.at > now - _MINUTE)
    if (connection.scalar(last_minute) or 0) < REFUSALS_KEPT:
        details = {"by_provider": True} if by_provider else None
        _add(connection, EventKind.SIGN_IN_REFUSED, now, actor=account, details=details)


def sign_in_locked(connection: Connection, account: str | None, *, now: datetime) -> None:
    """The last of too many wrong passwords came. `account` as in `sign_in_refused`."""
    _add(connection, EventKind.SIGN_IN_LOCKED, now, actor=account)


def session_expired(connection: Connection, name: str, *, now: datetime) -> None:
    """A session of this account ended by itself."""
    _add(connection, EventKind.SESSION_EXPIRED, now, actor=name)


def session_renewed(connection: Connection, name: str, *, now: datetime) -> None:
    """A session of this account goes on, because its owner proved who they are."""
    _add(connection, EventKind.SESSION_RENEWED, now, actor=name)


def signed_out_by_admin(connection: Connection, by: str | None, whose: str, *, now: datetime) -> None:
    """All sessions of the account `whose` were ended by `by`; None: on the command line."""
    _add(connection, EventKind.SIGNED_OUT_BY_ADMIN, now, actor=by, details={"whose": whose})


def staff_changed(connection: Connection, by: str | None, changed: StaffChange, *, now: datetime) -> None:
    """An account was added or changed by `by`; None: on the command line."""
    _add(connection, EventKind.STAFF_CHANGED, now, actor=by, details=asdict(changed))


def exported(connection: Connection, name: str, export: Export, *, now: datetime) -> None:
    """A file was made for this account."""
    _add(connection, EventKind.EXPORTED, now, actor=name, details=asdict(export))


def link_made(
    connection: Connection, name: str, user_id: str, platform: str, *, now: datetime, expires_at: datetime | None = None
) -> None:
    """This account made a link by which the user connects a calendar. The link itself, and its token, are not kept."""
    details = {"platform": platform} | ({"expires_at": expires_at.isoformat()} if expires_at else {})
    _add(connection, EventKind.LINK_MADE, now, actor=name, user_id=user_id, details=details)


def user_made(connection: Connection, name: str, user_id: str, *, now: datetime) -> None:
    """This account made a calendar user."""
    _add(connection, EventKind.USER_MADE, now, actor=name, user_id=user_id)


def bot_config_kept(connection: Connection, name: str, version: int, *, now: datetime) -> None:
    """This account kept a version of the bot config."""
    _add(connection, EventKind.BOT_CONFIG_KEPT, now, actor=name, details={"version": version})


def bot_config_marked(connection: Connection, name: str, version: int, *, sent: bool, now: datetime) -> None:
    """This account marked a version as handed to Recall, or took that back."""
    _add(connection, EventKind.BOT_CONFIG_MARKED, now, actor=name, details={"version": version, "sent": sent})


def title_shown(connection: Connection, name: str, user_id: str, entry_id: str, *, now: datetime) -> None:
    """This account was shown the title of a private meeting. The title is not kept."""
    _add(connection, EventKind.TITLE_SHOWN, now, actor=name, user_id=user_id, details={"entry": entry_id})


def refresh_asked(connection: Connection, name: str, user_id: str, *, now: datetime) -> None:
    """This account has Recall read the user's calendar again."""
    _add(connection, EventKind.REFRESH_ASKED, now, actor=name, user_id=user_id)


def refresh_ended(
    connection: Connection, name: str, user_id: str, outcome: str, *, again_from: datetime, now: datetime
) -> None:
    """What came of asking Recall to read the user's calendar again."""
    details = {"outcome": outcome, "again_from": again_from.isoformat()}
    _add(connection, EventKind.REFRESH_ENDED, now, actor=name, user_id=user_id, details=details)


def entries_set_aside(connection: Connection, user: int, entries: int, *, now: datetime) -> None:
    """So many entries of the user with this number of the store's were found to be another's."""
    user_id = connection.scalar(select(calendar_user.c.id).where(calendar_user.c.pk == user))
    _add(connection, EventKind.ENTRIES_SET_ASIDE, now, actor=None, user_id=user_id, details={"entries": entries})


def list_believed(connection: Connection, name: str | None, users: int, *, now: datetime) -> None:
    """This account said that so many users are gone indeed; None: on the command line."""
    _add(connection, EventKind.LIST_BELIEVED, now, actor=name, details={"users": users})


def export_refused(connection: Connection, name: str, what: str, *, now: datetime) -> None:
    """This account asked for one more file than it may have for now."""
    _add(connection, EventKind.EXPORT_REFUSED, now, actor=name, details={"what": what})


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


def _add(
    connection: Connection,
    kind: EventKind,
    now: datetime,
    *,
    actor: str | None,
    user_id: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    user = user_key(user_id) if user_id else None
    insert_row(connection, event, at=now, kind=kind, actor=actor, user=user, details=details or {})


def _event(row: AnyRow) -> Event:
    return from_row(Event, row, kind=EventKind(row.kind))
