"""The account of somebody who signs in by an OpenID provider, found by who they are there or made; their session."""

from datetime import datetime

from lib.clock import Clock, utc_now
from lib.errors import NotLetIn, StaffError
from lib.settings import Settings
from lib.staff import sessions
from lib.staff.accounts import first_sight, normalised, require_staff
from lib.staff.permissions import LEAST_ROLE, Role
from lib.staff.provider import Person, Refusal, require_roles
from lib.store import Store, Transaction, events
from lib.store import sessions as session_rows
from lib.store import staff as rows
from lib.store.events import EventKind, StaffChange
from lib.store.staff import StaffRow


def require_way_in(store: Store, settings: Settings) -> None:
    """Raise `StaffError` or `SettingsError`, with what to do, unless somebody could sign in."""
    if settings.oidc_metadata_url is None:
        require_staff(store)
    else:
        require_roles(settings)


def admit(store: Store, person: Person, settings: Settings, *, clock: Clock = utc_now) -> str:
    """Let `person` in with the role they have now; answers the name of their account, which may be new.

    Raises `NotLetIn`: STRANGER, GROUPS_LEFT_OUT, NAME_TAKEN or DISABLED. Who had an account and has no role any more
    loses what sessions they have left; where the role cannot be told just now, these go on to their own end.
    """
    now = clock()
    if person.role is None and person.groups_left_out:
        raise NotLetIn(Refusal.GROUPS_LEFT_OUT)
    if person.role is None:
        _turn_away(store, person, clock)
        raise NotLetIn(Refusal.STRANGER)
    with store.write() as connection:
        row = _account_of(connection, person)
        if row is None:
            row = _new_account(person, person.role, settings, clock)
            if not rows.add(connection, row):
                raise NotLetIn(Refusal.NAME_TAKEN)
            events.staff_changed(connection, row.name, StaffChange(row.name, "added", after=person.role), now=now)
        elif not row.active:
            raise NotLetIn(Refusal.DISABLED)
        else:
            _bring_up_to_date(connection, row, person, person.role, now)
    return row.name


def refused(store: Store, *, clock: Clock = utc_now) -> None:
    """Somebody whom the provider sent was not let in. Who it was is not kept: they have no business here."""
    with store.write() as connection:
        events.sign_in_refused(connection, None, by_provider=True, now=clock())


def unlink(store: Store, name: str, *, clock: Clock = utc_now) -> None:
    """Forget who this is at the provider, which may know its people by other ids by now, and end their sessions.

    Who signs in next with that e-mail address takes the account. Raises `StaffError` for an unknown name.
    """
    name, now = normalised(name), clock()
    with store.write() as connection:
        if rows.find(connection, name) is None:
            raise StaffError(f"There is no account {name}. To see all of them: python -m lib.staff list")
        rows.change(connection, name, changed_at=now, subject=None)
        session_rows.end_all(connection, name, "unlinked from the provider", now)
        events.staff_changed(connection, None, StaffChange(name, "provider", "linked", "not linked"), now=now)


def begin_session(store: Store, name: str, *, proven_at: datetime | None, clock: Clock = utc_now) -> str:
    """A session of the account called `name`, as a password begins one; answers the cookie's value.

    For what cannot be taken back it is a proof only where they proved at the provider, at `proven_at`, who they are:
    whoever is signed in there is mostly let through without being asked.

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
    """Let their session begin anew under the same cookie, as the password of who has one does (`sessions.renew`).

    Raises `NotLetIn` (ANOTHER) when the session is not theirs, or was ended by somebody.
    """
    with store.write() as connection:
        if session_rows.renew(connection, digest, clock()) != name:
            raise NotLetIn(Refusal.ANOTHER)
        events.add(connection, EventKind.SESSION_RENEWED, name, now=clock())


def _account_of(connection: Transaction, person: Person) -> StaffRow | None:
    """Theirs by who they are at the provider; or one of their name that an admin made for them and nobody uses yet.

    An account with a password, or of somebody else there, is never handed over, whatever an e-mail address says.
    """
    row = rows.find_by_subject(connection, person.subject)
    if row is not None:
        return row
    row = rows.find(connection, person.name)
    if row is None:
        return None
    if row.subject or row.password_hash or not person.email_verified:
        raise NotLetIn(Refusal.NAME_TAKEN)
    return row


def _bring_up_to_date(connection: Transaction, row: StaffRow, person: Person, role: Role, now: datetime) -> None:
    told = {"display": person.display, "role": role, "subject": person.subject}
    if any(getattr(row, column) != value for column, value in told.items()):
        rows.change(connection, row.name, changed_at=now, **told)
    if row.role != role:
        events.staff_changed(connection, row.name, StaffChange(row.name, "role", row.role, role), now=now)


def _new_account(person: Person, role: Role, settings: Settings, clock: Clock) -> StaffRow:
    # What they see as if they were no admin: admins see everything anyhow, and may be none at their next sign-in.
    sight, now = first_sight(settings, LEAST_ROLE), clock()
    return StaffRow(
        person.name,
        person.display,
        role,
        None,
        active=True,
        created_at=now,
        changed_at=now,
        password_changed_at=None,
        sees_all=sight.is_everything,
        subject=person.subject,
    )


def _turn_away(store: Store, person: Person, clock: Clock) -> None:
    with store.write() as connection:
        row = rows.find_by_subject(connection, person.subject)
        if row is not None:
            session_rows.end_all(connection, row.name, "no role at the provider any more", clock())
