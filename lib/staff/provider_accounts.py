"""The account of somebody who signs in by an OpenID provider, found by their identity there or added; their session."""

from datetime import datetime

from lib.clock import Clock, utc_now
from lib.errors import NotLetIn, StaffError
from lib.settings import Settings
from lib.staff import sessions
from lib.staff.accounts import MANAGER, credentials, first_sight, new_row, normalised
from lib.staff.permissions import LEAST_ROLE, Role
from lib.staff.provider import Identity, Refusal, require_roles
from lib.store import Store, Transaction, events
from lib.store import sessions as session_rows
from lib.store import staff as rows
from lib.store.events import EventKind, StaffChange
from lib.store.staff import StaffRow


def require_way_in(store: Store, settings: Settings) -> None:
    """Raise `StaffError`, with the command that adds an account, or `SettingsError`, unless somebody can sign in."""
    if settings.oidc_metadata_url is not None:
        require_roles(settings)
    elif not credentials(store):
        raise StaffError(
            "Nobody can sign in yet: there is no active staff account. "
            f"With the same settings, add the first {MANAGER}: "
            f'.venv/bin/python -m lib.staff add NAME --role {MANAGER} --display "FULL NAME"'
        )


def admit(store: Store, identity: Identity, settings: Settings, *, clock: Clock = utc_now) -> str:
    """Let `identity` in with the role they have now; answers the name of their account, which may be new.

    Raises `NotLetIn`: STRANGER, GROUPS_LEFT_OUT, NAME_TAKEN or DISABLED. An account that lost every role loses its
    sessions too; when the role cannot be told just now, these last until their own end.
    """
    now = clock()
    if identity.role is None and identity.groups_left_out:
        raise NotLetIn(Refusal.GROUPS_LEFT_OUT)
    if identity.role is None:
        _turn_away(store, identity, clock)
        raise NotLetIn(Refusal.STRANGER)
    with store.write() as connection:
        row = _account_of(connection, identity)
        if row is None:
            row = _new_account(identity, identity.role, settings, clock)
            if not rows.add(connection, row):
                raise NotLetIn(Refusal.NAME_TAKEN)
            events.staff_changed(connection, row.name, StaffChange(row.name, "added", after=identity.role), now=now)
        elif not row.active:
            raise NotLetIn(Refusal.DISABLED)
        else:
            _bring_up_to_date(connection, row, identity, identity.role, now)
    return row.name


def refused(store: Store, *, clock: Clock = utc_now) -> None:
    """Record that somebody whom the provider sent was refused. Who it was is not kept: they have no business here."""
    with store.write() as connection:
        events.sign_in_refused(connection, None, by_provider=True, now=clock())


def unlink(store: Store, name: str, *, clock: Clock = utc_now) -> None:
    """Forget who this is at the provider, which may have given its people other ids, and end their sessions.

    The next sign-in with that e-mail address takes the account. Raises `StaffError` for an unknown name.
    """
    name, now = normalised(name), clock()
    with store.write() as connection:
        if rows.find(connection, name) is None:
            raise StaffError(f"There is no account {name}. To see all of them: python -m lib.staff list")
        rows.change(connection, name, changed_at=now, subject=None)
        session_rows.end_all(connection, name, "unlinked from the provider", now)
        events.staff_changed(connection, None, StaffChange(name, "provider", "linked", "not linked"), now=now)


def begin_session(store: Store, name: str, *, proven_at: datetime | None, clock: Clock = utc_now) -> str:
    """Begin a session of the account called `name`; answers the cookie's value.

    It counts as a proof for deletions only if they proved at the provider, at `proven_at`, who they are: whoever is
    signed in there is mostly let through without being asked.

    Raises `NotLetIn` (DISABLED) when the account was disabled meanwhile.
    """
    try:
        ticket = sessions.mint_ticket(store, name, clock=clock)
        cookie = sessions.redeem(store, ticket, proven_at=proven_at or sessions.NEVER, clock=clock)
    except StaffError:
        cookie = None
    if cookie is None:
        raise NotLetIn(Refusal.DISABLED)
    return cookie


def renew_session(store: Store, name: str, digest: str, *, clock: Clock = utc_now) -> None:
    """Renew their session under its cookie, as a password does (`sessions.renew`).

    Raises `NotLetIn` (ANOTHER) when the session is not theirs, or was ended by somebody.
    """
    with store.write() as connection:
        if session_rows.renew(connection, digest, clock()) != name:
            raise NotLetIn(Refusal.ANOTHER)
        events.add(connection, EventKind.SESSION_RENEWED, name, now=clock())


def _account_of(connection: Transaction, identity: Identity) -> StaffRow | None:
    """The account of their identity; else one of their name that was added for them and that nobody uses yet.

    An account with a password, or of another identity, is never handed over, whatever an e-mail address says.
    """
    row = rows.find_by_subject(connection, identity.subject)
    if row is not None:
        return row
    row = rows.find(connection, identity.name)
    if row is None:
        return None
    if row.subject or row.password_hash or not identity.email_verified:
        raise NotLetIn(Refusal.NAME_TAKEN)
    return row


def _bring_up_to_date(connection: Transaction, row: StaffRow, identity: Identity, role: Role, now: datetime) -> None:
    told = {"display": identity.display, "role": role, "subject": identity.subject}
    if any(getattr(row, column) != value for column, value in told.items()):
        rows.change(connection, row.name, changed_at=now, **told)
    if row.role != role:
        events.staff_changed(connection, row.name, StaffChange(row.name, "role", row.role, role), now=now)


def _new_account(identity: Identity, role: Role, settings: Settings, clock: Clock) -> StaffRow:
    # The sight of the least role: their role may be another at the next sign-in.
    sight, now = first_sight(settings, LEAST_ROLE), clock()
    return new_row(identity.name, identity.display, role, sight, now, subject=identity.subject)


def _turn_away(store: Store, identity: Identity, clock: Clock) -> None:
    with store.write() as connection:
        row = rows.find_by_subject(connection, identity.subject)
        if row is not None:
            session_rows.end_all(connection, row.name, "no role at the provider any more", clock())
