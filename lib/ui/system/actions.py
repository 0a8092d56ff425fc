"""What the buttons of the staff section do, each for who clicks as the store knows them now."""

from collections.abc import Callable

import streamlit as st

from lib.bootstrap import desk
from lib.commands import staff
from lib.customer.sight import Sight
from lib.errors import DeskError
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, Role
from lib.store import Store
from lib.ui.sign_in.access import acting
from lib.ui.sign_in.drafts import SECRET
from lib.ui.widgets import flash

NAME, DISPLAY, ROLE, PASSWORD = "staff_new_name", "staff_new_display", "staff_new_role", f"{SECRET}staff_new"
_SAID, _TYPED = "staff_said", "staff_typed"


def add(role: Role, sight: Sight) -> None:
    """Make the account that the form describes."""
    name, display, password = (str(st.session_state.get(key) or "") for key in (NAME, DISPLAY, PASSWORD))

    def do(store: Store, member: StaffMember) -> str:
        made = staff.add_staff(store, member, name, role=role, display=display, password=password, sight=sight)
        st.session_state[_TYPED] = (NAME, DISPLAY, PASSWORD)
        return f"Added {made.name} as {made.role}."

    st.session_state[_TYPED] = (PASSWORD,)
    _decided(do)


def forget_typed() -> None:
    """Empty the fields of a new account that are done with. To be called before they are drawn."""
    for key in st.session_state.pop(_TYPED, ()):
        st.session_state[key] = ""


def keep_role(name: str, key: str) -> None:
    """Give this person the role that is chosen."""
    role = Role(st.session_state[key])

    def do(store: Store, member: StaffMember) -> str:
        staff.set_role(store, member, name, role)
        return f"{name} is {role} from the next click on."

    _decided(do)


def keep_password(name: str, key: str) -> None:
    """Give this person the password that was typed."""
    password = str(st.session_state.get(key) or "")
    st.session_state[key] = ""

    def do(store: Store, member: StaffMember) -> str:
        staff.set_password(store, member, name, password)
        return f"{name} has a new password, and was signed out everywhere."

    _decided(do)


def keep_sight(name: str, sight: Sight) -> None:
    """Show this person these customers."""

    def do(store: Store, member: StaffMember) -> str:
        staff.limit_sight(store, member, name, sight)
        return f"What {name} sees is changed from the next click on."

    _decided(do)


def disable(name: str) -> None:
    """Let nobody in by this account."""
    _decided(lambda store, member: _told(staff.disable_staff(store, member, name), "is disabled and signed out."))


def enable(name: str) -> None:
    """Let this person in again."""
    _decided(lambda store, member: _told(staff.enable_staff(store, member, name), "may sign in again."))


def end_all(name: str) -> None:
    """Sign this person out everywhere."""

    def do(store: Store, member: StaffMember) -> str:
        staff.end_sessions(store, member, name)
        return f"{name} was signed out everywhere."

    _decided(do)


def show_said() -> None:
    """Say how the last decision ended."""
    flash.show_said(_SAID)


def _told(person: StaffMember, what: str) -> str:
    return f"{person.name} {what}"


def decided(key: str, right: Permission, do: Callable[[Store, StaffMember], str]) -> None:
    """Have it done for who clicks, if they may, and keep under `key` what is to be said of it."""
    if (member := acting(right)) is None:
        return
    try:
        flash.say(key, True, do(desk().store, member))
    except DeskError as problem:
        flash.say(key, False, str(problem))


def _decided(do: Callable[[Store, StaffMember], str]) -> None:
    decided(_SAID, Permission.STAFF_MANAGE, do)
