"""The System page, for admins: the state of the sync and the store, and the staff accounts."""

from lib.bootstrap import desk
from lib.errors import StoreError
from lib.queries.system import system_state
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.system.accounts import show_accounts
from lib.ui.system.health import show_health
from lib.ui.widgets.choices import choose
from lib.ui.widgets.notices import show_problem
from lib.ui.widgets.page_head import show_age, show_head

_SECTIONS = {"health": "Health", "staff": "Staff"}


def show_system(member: StaffMember) -> None:
    """The page. Where the store cannot be read, what was drawn until then stays, and why is said."""
    try:
        _show(member)
    except StoreError as problem:
        show_problem(problem, key="system")


def _show(member: StaffMember) -> None:
    known = desk().workspace.snapshot(member.sight)
    show_head("System", known, member)
    show_age(known)
    section = choose("Section", _SECTIONS, name="part") if member.may(Permission.STAFF_MANAGE) else "health"
    if section == "staff":
        show_accounts(member)
    else:
        show_health(system_state(desk().store), member)
