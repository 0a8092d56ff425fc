"""Staff as admins manage them in the app. Each command looks at the right where it is done, and is recorded.

Nobody can shut themselves out: what an admin cannot do to their own account, another admin does.
"""

from lib.clock import Clock, utc_now
from lib.customer.sight import Sight
from lib.errors import StaffError
from lib.staff import accounts, sessions
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, Role
from lib.store import Store


def add_staff(
    store: Store,
    member: StaffMember,
    name: str,
    *,
    role: Role,
    display: str,
    password: str,
    sight: Sight,
    clock: Clock = utc_now,
) -> StaffMember:
    """A new account. Raises `NotPermitted`, or `StaffError` when the name is taken, or something is not acceptable."""
    member.require(Permission.STAFF_MANAGE)
    if accounts.find(store, name):
        raise StaffError(f"There is an account {accounts.normalised(name)} already. Choose another name.")
    return accounts.add(
        store, name, role=role, display=display, password=password, sight=sight, by=member.name, clock=clock
    )


def set_role(store: Store, member: StaffMember, name: str, role: Role, *, clock: Clock = utc_now) -> StaffMember:
    """Another role, at that person's next click. Raises `NotPermitted`, or `StaffError` for one's own."""
    member.require(Permission.STAFF_MANAGE)
    _require_somebody_else(member, name, "Your own role")
    return accounts.change(store, name, role=role, by=member.name, clock=clock)


def set_password(store: Store, member: StaffMember, name: str, password: str, *, clock: Clock = utc_now) -> StaffMember:
    """Another password, which ends all sessions of that person.

    Raises `NotPermitted`, or `StaffError` for one that is not acceptable.
    """
    member.require(Permission.STAFF_MANAGE)
    return accounts.change(store, name, password=password, by=member.name, clock=clock)


def limit_sight(store: Store, member: StaffMember, name: str, sight: Sight, *, clock: Clock = utc_now) -> StaffMember:
    """What this person sees from the next click on, unless they are an admin, who sees everything.

    Raises `NotPermitted`, or `StaffError` for a name that no customer can have.
    """
    member.require(Permission.STAFF_MANAGE)
    return accounts.change(store, name, sight=sight, by=member.name, clock=clock)


def disable_staff(store: Store, member: StaffMember, name: str, *, clock: Clock = utc_now) -> StaffMember:
    """Let nobody in by this account, and end its sessions. Raises `NotPermitted`, or `StaffError` for one's own."""
    member.require(Permission.STAFF_MANAGE)
    _require_somebody_else(member, name, "Your own account")
    return accounts.disable(store, name, by=member.name, clock=clock)


def enable_staff(store: Store, member: StaffMember, name: str, *, clock: Clock = utc_now) -> StaffMember:
    """Let this person sign in again. Raises `NotPermitted`."""
    member.require(Permission.STAFF_MANAGE)
    return accounts.enable(store, name, by=member.name, clock=clock)


def end_sessions(store: Store, member: StaffMember, name: str, *, clock: Clock = utc_now) -> None:
    """Sign this person out in every tab; they may sign in again. Raises `NotPermitted`."""
    member.require(Permission.STAFF_MANAGE)
    sessions.end_all(store, name, by=member.name, clock=clock)


def _require_somebody_else(member: StaffMember, name: str, what: str) -> None:
    if accounts.normalised(name) == member.name:
        raise StaffError(f"{what} cannot be changed by yourself. Ask another admin.")
