"""Admins' decisions about doubted answers of Recall's (design, section 2). Nothing is sent."""

from lib.clock import Clock, utc_now
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import Store, contests, users_list


def believe_list(store: Store, member: StaffMember, *, clock: Clock = utc_now) -> int:
    """Treat the users whom Recall no longer lists as deleted, without waiting for a day of such lists.

    Returns how many they are; Activity tells of it. Raises `NotPermitted`.
    """
    member.require(Permission.SYSTEM_MANAGE)
    with store.write() as connection:
        accounts.require_now(connection, member.name, Permission.SYSTEM_MANAGE)
        return users_list.believe(connection, read_at=clock(), by=member.name)


def find_shared_entries(store: Store, member: StaffMember, *, clock: Clock = utc_now) -> int:
    """Find pairs of users for whom the store has the same entries; returns how many pairs there are.

    The next passes ask Recall whose they are, and take them out of the other's calendar. Raises `NotPermitted`.
    """
    member.require(Permission.SYSTEM_MANAGE)
    with store.write() as connection:
        accounts.require_now(connection, member.name, Permission.SYSTEM_MANAGE)
        return contests.note_shared(connection, at=clock())
