"""Make links by which people connect their calendars, and calendar users on purpose. Neither happens by accident.

A link holds a calendar token (contract 2.2): it is returned once, to whoever asked for it, and kept nowhere. What came
of it is seen by asking Recall; that a browser came back from it proves nothing (contract 4.3).
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr

from lib.clock import Clock, utc_now
from lib.domain import CalendarUser
from lib.errors import (
    CalendarUserExists,
    ChangeUnderWay,
    InvalidChange,
    RecallError,
    RecallOutcomeUnknown,
    UnknownCalendarUser,
)
from lib.recall_api import external_id_of
from lib.recall_api.oauth import connect_url, oauth_flow
from lib.settings import Settings
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import Store, events, links, new_users, users, users_list
from lib.store.events import EventKind
from lib.store.new_users import NewUser
from lib.writes import WriteContext, writes_in_flight

LASTS = timedelta(days=1)
"""How long a calendar token lives, and the link with it (contract 2.2)."""
LONGEST_ID = 200
BEING_MADE = timedelta(minutes=3)
"""A new user without a recorded end counts for so long as being made by another process."""
_NONCE_BYTES = 32
_NONCE_LONGEST = 100


@dataclass(frozen=True, slots=True, repr=False)
class ConnectLink:
    """A link that was just made. Whoever has it can connect a calendar to this user."""

    number: int
    platform: str
    made_at: datetime
    expires_at: datetime
    url: SecretStr

    def __repr__(self) -> str:
        return f"ConnectLink({self.number})"


def make_link(
    context: WriteContext, settings: Settings, member: StaffMember, user: CalendarUser, platform: str
) -> ConnectLink:
    """A link for one user and platform, with a token minted for it alone. A link that cannot be recorded is not made.

    Raises `NotPermitted`, `SettingsError` for what is not set up, `UnknownCalendarUser`, `CalendarUserWithoutId`, a
    `RecallError`, or `StoreError`.
    """
    store = context.store
    with store.read() as connection:
        accounts.require_now(connection, member.name, Permission.CONNECTIONS_WRITE, user_id=user.id)
        row = users.find(connection, user.id)
    if row is None or row.vanished_at is not None:
        raise UnknownCalendarUser
    flow = oauth_flow(settings, platform)
    token = context.recall.fresh_token(external_id_of(user))
    nonce, made_at, expires_at = secrets.token_urlsafe(_NONCE_BYTES), context.now(), token.minted_at + LASTS
    with store.write() as connection:
        accounts.require_now(connection, member.name, Permission.CONNECTIONS_WRITE, user_id=user.id)
        kept = {"by": member.name, "nonce_hash": _hashed(nonce)}
        number = links.add(connection, user.id, platform, now=made_at, expires_at=expires_at, **kept)
        events.link_made(connection, member.name, user.id, platform, now=made_at, expires_at=expires_at)
    return ConnectLink(number, platform, made_at, expires_at, connect_url(flow, token.secret, nonce))


def note_return(store: Store, nonce: str, *, ok: bool, clock: Clock = utc_now) -> CalendarUser | None:
    """Note that a browser came back from a link. Returns the user whom Recall is to be asked about; None: nothing new.

    Anybody can call this with anything: a nonce that no link of ours has changes nothing.
    """
    if not 0 < len(nonce) <= _NONCE_LONGEST:
        return None
    digest, now = _hashed(nonce), clock()
    with store.read() as connection:
        if not links.is_news(connection, digest, ok=ok, now=now):
            return None
    with store.write() as connection:
        user_id = links.returned(connection, digest, ok=ok, now=now)
        row = users.find(connection, user_id) if user_id else None
    return row.user if row and row.vanished_at is None else None


def problem_with_external_id(external_id: str) -> str | None:
    """Why a new user cannot have this external id, as a sentence; None if it can."""
    if not external_id.strip():
        return "Type the external id: the id that the person has in your product, and will have for ever."
    if external_id != external_id.strip() or not external_id.isprintable():
        return "The external id begins or ends with a blank, or holds signs that cannot be seen. Type it plainly."
    if len(external_id) > LONGEST_ID:
        return f"The external id has {len(external_id):,} characters. Use at most {LONGEST_ID}."
    return None


def make_new_user(context: WriteContext, member: StaffMember, external_id: str, typed_again: str) -> CalendarUser:
    """Make a calendar user at Recall on purpose (contract 2.4), recorded before it is asked for. A new user belongs to
    no customer yet, so `member` must see everything.

    Raises `NotPermitted`, `InvalidChange` when the two ids differ or cannot be one, `CalendarUserExists`,
    `ChangeUnderWay` while somebody else makes the same one, `ServerEnding`, a `RecallError`, or `StoreError`.
    """
    if problem := problem_with_external_id(external_id):
        raise InvalidChange(problem)
    if external_id != typed_again:
        raise InvalidChange("The two external ids are not the same. Nothing was sent; type it twice, letter by letter.")
    with writes_in_flight.one():
        number = _record_new_user(context, member, external_id)
        try:
            made = context.recall.create_calendar_user(external_id)
        except RecallOutcomeUnknown:
            raise  # settled when the users list is read again
        except (RecallError, CalendarUserExists):
            with context.store.write() as connection:
                new_users.not_made(connection, number)
            raise
        _close(context, number, made, member.name)
        return made


def settle_new_users(context: WriteContext) -> int:
    """Close the new users of whom nobody recorded what became of them, by the users list; returns how many.

    Raises a `RecallError`, or `StoreError`.
    """
    with context.store.read() as connection:
        left = [row for row in new_users.open_ones(connection) if not _is_being_made(row, context.now())]
    if not left:
        return 0
    listing = context.recall.list_users()
    listed = {user.external_id: user for user in listing}
    closed = 0
    for row in left:
        if user := listed.get(row.external_id):
            _close(context, row.number, user, row.by)
        elif listing.complete:
            with context.store.write() as connection:
                new_users.not_made(connection, row.number)
        closed += bool(user) or listing.complete
    return closed


def _record_new_user(context: WriteContext, member: StaffMember, external_id: str) -> int:
    now = context.now()
    with context.store.write() as connection:
        accounts.require_now(connection, member.name, Permission.CONNECTIONS_WRITE).require_all_in_sight()
        rows = [row for row in new_users.open_ones(connection) if _is_being_made(row, now)]
        if any(row.external_id == external_id for row in rows):
            raise ChangeUnderWay
        return new_users.add(connection, external_id, by=member.name, now=now)


def _is_being_made(row: NewUser, now: datetime) -> bool:
    return now - row.at < BEING_MADE


def _close(context: WriteContext, number: int, made: CalendarUser, by: str) -> None:
    """Store the user, so that every server shows it, and record that it was made."""
    now = context.now()
    with context.store.write() as connection:
        users_list.store(connection, [made], read_at=now, complete=False, now=now)
        if new_users.made(connection, number, made.id):
            events.add(connection, EventKind.USER_MADE, by, now=now, user_id=made.id)


def _hashed(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()
