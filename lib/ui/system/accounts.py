"""Who may sign in: all staff accounts, one of them in full with what can be changed, and the form for a new one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from lib.bootstrap import desk
from lib.commands import staff
from lib.customer.sight import Sight
from lib.staff import accounts, locks
from lib.staff.accounts import StaffMember
from lib.staff.permissions import LEAST_ROLE, Permission, Role
from lib.ui.sign_in.drafts import SECRET
from lib.ui.system.account import FLASH, show_account
from lib.ui.system.sight_choice import choose_sight
from lib.ui.widgets import flash
from lib.ui.widgets.buttons import clicked
from lib.ui.widgets.table import BY_KEYBOARD, Columns, chip_column, show_table, text_column
from lib.ui.widgets.theme import main_button
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import day_and_time, one_line, plural, zone_city

_ACTIVE, _LOCKED, _DISABLED = "✓ Active", "! Locked", "– Disabled"
_STATE_CHIPS = (_ACTIVE, "(2)", _DISABLED, _LOCKED)
_NAME, _DISPLAY, _ROLE, _PASSWORD = "staff_new_name", "staff_new_display", "staff_new_role", f"{SECRET}staff_new"
_TYPED = "staff_typed"
"""The fields of a new account that are to be emptied before they are drawn."""


@dataclass(frozen=True, slots=True)
class StaffAccounts:
    """All accounts, with what is known of each beside."""

    everyone: tuple[StaffMember, ...]
    seen: Mapping[str, datetime]
    """When each was last active."""
    locked: Mapping[str, datetime]
    """Those locked from some address, and until when."""


def show_accounts(member: StaffMember) -> None:
    """The section."""
    flash.show(FLASH)
    found = _read()
    st.markdown(_key_sentence(found))
    picked = _show_table(found)
    if picked is not None:
        show_account(picked, member, found.seen.get(picked.name), found.locked.get(picked.name))
    _show_form()


def _read() -> StaffAccounts:
    store = desk().store
    everyone = accounts.everyone(store)
    locked = locks.locked(store, [account.name for account in everyone], locks.key_of(desk().settings))
    return StaffAccounts(everyone, accounts.last_seen(store), locked)


def _key_sentence(found: StaffAccounts) -> str:
    active = [account for account in found.everyone if account.active]
    limited = sum(1 for account in active if not account.sight.is_everything)
    sees = f"{limited} of them {'sees' if limited == 1 else 'see'} only some customers."
    locked = f" {plural(len(found.locked), 'account')} locked after wrong passwords." if found.locked else ""
    first = f"**{plural(len(active), 'person', 'people')} may sign in.**"
    return f"{first} {sees if limited else 'All see every customer.'}{locked}"


def _show_table(found: StaffAccounts) -> StaffMember | None:
    st.caption("Select a row to change it.", help=BY_KEYBOARD)
    columns: Columns[StaffMember] = {
        "name": text_column("Name", 170, lambda account: account.name),
        "state": chip_column("State", 110, lambda account: _state(account, found), _STATE_CHIPS),
        "role": text_column("Role", 80, lambda account: account.role.title()),
        "customers": text_column("Customers", 220, lambda account: one_line(accounts.sight_words(account.sight))),
        "display": text_column("Display name", 160, lambda account: one_line(account.display)),
        "seen": text_column(
            f"Last active ({zone_city(viewer_zone())})", 140, lambda account: _last_active(account, found)
        ),
    }
    names = [account.name for account in found.everyone]
    alt = f"{plural(len(names), 'staff account')}, by name"
    picked = show_table(found.everyone, columns, key="staff_table", alt=alt, names=names)
    return picked[0] if picked else None


def _last_active(account: StaffMember, found: StaffAccounts) -> str:
    seen = found.seen.get(account.name)
    return day_and_time(seen, viewer_zone()) if seen else "never"


def _state(account: StaffMember, found: StaffAccounts) -> str:
    if not account.active:
        return _DISABLED
    return _LOCKED if account.name in found.locked else _ACTIVE


def _show_form() -> None:
    for key in st.session_state.pop(_TYPED, ()):
        st.session_state[key] = ""
    with st.expander("Add account", icon=":material/person_add:", key="add_account", on_change="rerun"):
        left, right = st.columns(2, gap="large")
        with left:
            st.text_input("Name to sign in with", key=_NAME, max_chars=64, autocomplete="off")
            st.text_input("Display name", key=_DISPLAY, max_chars=100, autocomplete="off")
            words = "10 to 72 characters. Hand it over in person; they cannot change it themselves."
            st.text_input("Password", key=_PASSWORD, type="password", help=words, autocomplete="new-password")
            st.segmented_control(
                "Role", list(Role), format_func=str.title, default=LEAST_ROLE, required=True, key=_ROLE
            )
        role = Role(st.session_state.get(_ROLE) or LEAST_ROLE)
        with right:
            st.caption("Customers")
            sight = accounts.first_sight(desk().settings, role)
            if role.sees_every_customer:
                st.caption(f"{role.title()}s see every customer.")
            else:
                sight = choose_sight(sight, key="staff_new")
        # Not by a callback: whoever chooses and clicks at once would give what was drawn before.
        if clicked("Add account", icon=":material/person_add:", type=main_button(), key="staff_add"):
            _add(role, sight)
            st.rerun()


def _add(role: Role, sight: Sight) -> None:
    name, display, password = (str(st.session_state.get(key) or "") for key in (_NAME, _DISPLAY, _PASSWORD))

    def command(member: StaffMember) -> str:
        made = staff.add_staff(desk().store, member, name, role=role, display=display, password=password, sight=sight)
        st.session_state[_TYPED] = (_NAME, _DISPLAY, _PASSWORD)
        return f"Added {made.name} as {made.role}."

    st.session_state[_TYPED] = (_PASSWORD,)
    flash.run(FLASH, Permission.STAFF_MANAGE, command)
