"""Staff accounts: adding, changing and finding them. Every change is one transaction.

A new password and disabling end that person's sessions; a new role applies from the next look-up.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lib.clock import Clock, utc_now
from lib.customer.csv_file import LONGEST_NAME
from lib.customer.names import tidy
from lib.customer.sight import EVERYTHING, Sight
from lib.errors import NotInSight, NotPermitted, StaffError
from lib.settings import Settings
from lib.staff.passwords import hashed
from lib.staff.permissions import Permission, Role, role_needed_for
from lib.store import Store, Transaction, events, users
from lib.store import sessions as session_rows
from lib.store import staff as rows
from lib.store.events import StaffChange

_NAME = re.compile(r"[a-z0-9._@-]{1,64}")
_MAX_DISPLAY = 100
_ALL, _NONE = "all customers", "no customer"
MANAGER = role_needed_for(Permission.STAFF_MANAGE)


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who may sign in. `display` was typed by an admin: text, never Markdown."""

    name: str
    display: str
    role: Role
    active: bool = True
    sight: Sight = EVERYTHING
    """Whose data this person may see."""
    session: str | None = field(default=None, repr=False)
    """Digest of the cookie of this person's session; None outside a browser."""

    def may(self, permission: Permission) -> bool:
        """Whether this person may do it. A disabled account may do nothing."""
        return self.active and permission in self.role.permissions

    def require(self, permission: Permission) -> None:
        """Raise `NotPermitted`, naming the role that may, unless this person may do it."""
        if not self.may(permission):
            raise NotPermitted(role_needed_for(permission))

    def require_sight_of(self, customers: Iterable[str | None]) -> None:
        """Raise `NotInSight` unless this person sees all of these customers. None: a user without one, or nobody."""
        if not all(self.sight.sees(customer) for customer in customers):
            raise NotInSight("This belongs to a customer that is not one of yours, or is gone. Ask an admin.")

    def require_all_in_sight(self, sight: Sight = EVERYTHING) -> None:
        """Raise `NotInSight` unless this person sees all that `sight` covers, by default everything."""
        if not self.sight.covers(sight):
            raise NotInSight(f"{_how_many(self.sight)}; this is for {_for(sight)}. Ask an admin.")


def member_of(row: rows.StaffRow) -> StaffMember:
    """The staff member of a row. Raises `StaffError` for a role that only another version knows."""
    if row.role not in set(Role):
        raise StaffError(f"The account {row.name} has a role that this version does not know. Set it again.")
    role = Role(row.role)
    return StaffMember(row.name, row.display, role, row.active, EVERYTHING if role.sees_every_customer else _sight(row))


def require_now(
    connection: Transaction,
    name: str,
    permission: Permission,
    *,
    user_id: str | None = None,
    user_ids: Collection[str] = (),
) -> StaffMember:
    """Raise `NotPermitted` unless the account of that name may do it, in this very transaction, and sees the customers
    of these calendar users (Recall's ids). Answers the account.

    What a session knew a moment ago does not count: a role may have been taken away since.
    """
    row = rows.find(connection, name)
    member = member_of(row) if row else None
    if member is None or not member.may(permission):
        raise NotPermitted(role_needed_for(permission))
    whom = {*user_ids, *(() if user_id is None else (user_id,))}
    if whom and not member.sight.is_everything:
        customers = users.customers_of(connection, whom)
        member.require_sight_of(customers.get(each) for each in whom)
    return member


def normalised(name: str) -> str:
    """The form in which a name is kept and looked up: lower case. Raises `StaffError` when it cannot be a name."""
    if not name.isascii() or not _NAME.fullmatch(name.lower()):
        raise StaffError("A staff name has 1 to 64 of these: letters a to z, digits, and . _ - @. Choose another.")
    return name.lower()


def first_sight(settings: Settings, role: Role) -> Sight:
    """What a new account sees: everything, or no customer until one is assigned (NEW_STAFF_SEE_NO_CUSTOMER)."""
    sees_none = settings.new_staff_see_no_customer and not role.sees_every_customer
    return Sight(frozenset()) if sees_none else EVERYTHING


def add(
    store: Store,
    name: str,
    *,
    role: Role,
    display: str,
    password: str | None,
    sight: Sight = EVERYTHING,
    subject: str | None = None,
    by: str | None = None,
    clock: Clock = utc_now,
) -> StaffMember:
    """Add an account and record it. `password` None: this person signs in at the provider, as `subject`. `by` is the
    account that adds it, whose right is checked in the same transaction; None: the command line.

    Raises `StaffError` when the name is taken, or something is not acceptable, and `NotPermitted`.
    """
    name, display, sight, now = normalised(name), _shown(display), checked(sight), clock()
    password_hash = None if password is None else hashed(password)
    row = new_row(name, display, role, sight, now, password_hash=password_hash, subject=subject)
    with store.write() as connection:
        _add(connection, row, by)
        seen = "" if sight.is_everything else f", who sees {sight_words(sight)}"
        events.staff_changed(connection, by, StaffChange(name, "added", after=f"{role}{seen}"), now=now)
    return member_of(row)


def add_with_hash(
    store: Store,
    name: str,
    *,
    role: Role,
    display: str,
    password_hash: str | None,
    sight: Sight = EVERYTHING,
    clock: Clock = utc_now,
) -> StaffMember:
    """Add an account whose password is hashed already. It is not recorded, and name and display are not checked."""
    row = new_row(name, display, role, sight, clock(), password_hash=password_hash)
    with store.write() as connection:
        _add(connection, row, None)
    return member_of(row)


def change(
    store: Store,
    name: str,
    *,
    role: Role | None = None,
    password: str | None = None,
    sight: Sight | None = None,
    by: str | None = None,
    clock: Clock = utc_now,
) -> StaffMember:
    """Change role, password or the customers that are seen. A new password ends all sessions of that person.

    `by` as in `add`. Raises `StaffError` for an unknown name, a password that is not acceptable, or when no admin would
    be left, and `NotPermitted`.
    """
    now = clock()
    columns: dict[str, Any] = {} if role is None else {"role": role}
    if password is not None:
        columns |= {"password_hash": hashed(password), "password_changed_at": now}
    if sight is not None:
        columns |= {"sees_all": sight.is_everything, "customers": checked(sight).customers or frozenset()}
    ends = None if password is None else "password changed"
    return _write(store, name, columns, ends_sessions=ends, by=by, now=now)


def checked(sight: Sight) -> Sight:
    """`sight` without blanks around names. Raises `StaffError` for a name that no customer can have."""
    if sight.customers is None:
        return sight
    names = frozenset(tidy(name) for name in sight.customers)
    if any(not 1 <= len(name) <= LONGEST_NAME for name in names):
        raise StaffError(f"The name of a customer has 1 to {LONGEST_NAME} letters. Correct it.")
    return Sight(names)


def disable(store: Store, name: str, *, by: str | None = None, clock: Clock = utc_now) -> StaffMember:
    """Let nobody in by this account, and end its sessions. Raises as `change` does."""
    return _write(store, name, {"active": False}, ends_sessions="disabled", by=by, now=clock())


def enable(store: Store, name: str, *, by: str | None = None, clock: Clock = utc_now) -> StaffMember:
    """Let this person sign in again; ended sessions stay ended. Raises as `change` does."""
    return _write(store, name, {"active": True}, ends_sessions=None, by=by, now=clock())


def find(store: Store, name: str) -> StaffMember | None:
    """The account of that name, in whatever case it is written; None when there is none."""
    try:
        name = normalised(name)
    except StaffError:
        return None
    with store.read() as connection:
        row = rows.find(connection, name)
    return member_of(row) if row else None


def everyone(store: Store) -> tuple[StaffMember, ...]:
    """All accounts, disabled ones too, by name."""
    with store.read() as connection:
        return tuple(map(member_of, rows.everyone(connection)))


def sight_words(sight: Sight) -> str:
    """ "all customers", "no customer", or their names, which are text from outside."""
    return _ALL if sight.customers is None else ", ".join(map(_told, sorted(sight.customers))) or _NONE


def customers(store: Store) -> tuple[str, ...]:
    """Names of all customers that users belong to, vanished ones too: those that a sight may name."""
    with store.read() as connection:
        return users.customers(connection)


def last_seen(store: Store) -> dict[str, datetime]:
    """When each person was last active (UTC, exact to a minute). Those who never were are missing."""
    with store.read() as connection:
        return rows.last_seen(connection)


def credentials(store: Store) -> dict[str, dict[str, Any]]:
    """The active accounts with a password, by name, as streamlit-authenticator has them. They hold hashes: never show
    or log them. It writes into what it is given, so every call returns a dictionary of its own."""
    with store.read() as connection:
        accounts = rows.everyone(connection)
    return {
        row.name: {"name": row.display, "password": row.password_hash, "roles": [row.role]}
        for row in accounts
        if row.active and row.password_hash
    }


def new_row(
    name: str,
    display: str,
    role: Role,
    sight: Sight,
    now: datetime,
    *,
    password_hash: str | None = None,
    subject: str | None = None,
) -> rows.StaffRow:
    """The row of an account that is made at `now`."""
    return rows.StaffRow(
        name,
        display,
        role,
        password_hash,
        active=True,
        created_at=now,
        changed_at=now,
        password_changed_at=now if password_hash else None,
        sees_all=sight.is_everything,
        subject=subject,
        customers=sight.customers or frozenset(),
    )


def _add(connection: Transaction, row: rows.StaffRow, by: str | None) -> None:
    if by is not None:
        require_now(connection, by, Permission.STAFF_MANAGE)
    if not rows.add(connection, row):
        raise StaffError(f"There is an account {row.name} already. To change it: python -m lib.staff set {row.name}")


def _write(
    store: Store, name: str, columns: dict[str, Any], *, ends_sessions: str | None, by: str | None, now: datetime
) -> StaffMember:
    """Change one account, `customers` with its columns, and record each thing that is another afterwards."""
    name = normalised(name)
    with store.write() as connection:
        if by is not None:
            require_now(connection, by, Permission.STAFF_MANAGE)
        before = rows.find(connection, name)
        if before is None:
            raise StaffError(f"There is no account {name}. To see all of them: python -m lib.staff list")
        had_manager = _has_manager(rows.everyone(connection))
        if (customers := columns.pop("customers", None)) is not None:
            rows.set_customers(connection, name, customers)
        rows.change(connection, name, changed_at=now, **columns)
        accounts = rows.everyone(connection)
        # Raised inside the transaction, which takes the change back.
        if had_manager and not _has_manager(accounts):
            raise StaffError(f"{name} is the last active {MANAGER}. Give somebody else this role first.")
        if ends_sessions:
            session_rows.end_all(connection, name, ends_sessions, now)
        after = next(row for row in accounts if row.name == name)
        for changed in _differences(before, after):
            events.staff_changed(connection, by, changed, now=now)
    return member_of(after)


def _differences(before: rows.StaffRow, after: rows.StaffRow) -> Iterator[StaffChange]:
    pairs = {
        "role": (before.role, after.role),
        "customers": tuple(sight_words(_sight(row)) for row in (before, after)),
        "active": tuple("active" if row.active else "disabled" for row in (before, after)),
    }
    for what, (was, is_now) in pairs.items():
        if was != is_now:
            yield StaffChange(after.name, what, was, is_now)
    if before.password_hash != after.password_hash:
        yield StaffChange(after.name, "password")


def _told(customer: str) -> str:
    """The name, in quotation marks where it could be taken for a word of ours or for two names."""
    return f'"{customer}"' if customer in (_ALL, _NONE) or "," in customer else customer


def _sight(row: rows.StaffRow) -> Sight:
    """The sight as it was set, whatever the role."""
    return EVERYTHING if row.sees_all else Sight(row.customers)


def _how_many(sight: Sight) -> str:
    number = len(sight.customers or ())
    return "You see no customer yet" if not number else f"You see {number} customer{'s' if number > 1 else ''}"


def _for(sight: Sight) -> str:
    return "all of them" if sight.is_everything else "more than these"


def _has_manager(accounts: tuple[rows.StaffRow, ...]) -> bool:
    managers = {role for role in Role if Permission.STAFF_MANAGE in role.permissions}
    return any(row.active and row.role in managers for row in accounts)


def _shown(display: str) -> str:
    shown = display.strip()
    if not 1 <= len(shown) <= _MAX_DISPLAY or not shown.isprintable():
        raise StaffError(f"The display name needs 1 to {_MAX_DISPLAY} visible characters, such as Ada Okafor.")
    return shown
