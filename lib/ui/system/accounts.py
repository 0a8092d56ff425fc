"""Who may sign in: all accounts, one of them in full with what can be changed, and the form for a new one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from lib.bootstrap import desk
from lib.staff import accounts, locks
from lib.staff.accounts import StaffMember
from lib.ui.system.account import show_person
from lib.ui.system.actions import show_said
from lib.ui.system.new_account import show_adding
from lib.ui.widgets.table import BY_KEYBOARD, Columns, chip_column, show_table, text_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import day_and_time, one_line, plural, zone_city

_ACTIVE, _LOCKED, _DISABLED = "✓ Active", "! Locked", "– Disabled"
_STATE_CHIPS = (_ACTIVE, "(2)", _DISABLED, _LOCKED)


@dataclass(frozen=True, slots=True)
class Staff:
    """All accounts, with what is known of each beside."""

    people: tuple[StaffMember, ...]
    seen: Mapping[str, datetime]
    """When each was last here."""
    locked: Mapping[str, datetime]
    """Those locked from some address, and until when."""


def show_staff(member: StaffMember) -> None:
    """The section."""
    show_said()
    found = _read()
    st.markdown(_sentence(found))
    picked = _show_table(found)
    if picked is not None:
        show_person(picked, member, found.seen.get(picked.name), found.locked.get(picked.name))
    show_adding()


def _read() -> Staff:
    store = desk().store
    people = accounts.everyone(store)
    locked = locks.locked(store, [person.name for person in people], locks.key_of(desk().settings))
    return Staff(people, accounts.last_seen(store), locked)


def _sentence(found: Staff) -> str:
    active = [person for person in found.people if person.active]
    limited = sum(1 for person in active if not person.sight.is_everything)
    seen = f"{plural(limited, 'person', 'people')} of them see some customers alone." if limited else ""
    locked = f" {plural(len(found.locked), 'account')} locked after wrong passwords." if found.locked else ""
    return f"**{plural(len(active), 'person', 'people')} may sign in.** {seen or 'All see every customer.'}{locked}"


def _show_table(found: Staff) -> StaffMember | None:
    st.caption("Select a row to change it.", help=BY_KEYBOARD)
    columns: Columns[StaffMember] = {
        "name": text_column("Name", 170, lambda person: person.name),
        "state": chip_column("State", 110, lambda person: _state(person, found), _STATE_CHIPS),
        "role": text_column("Role", 80, lambda person: person.role.title()),
        "customers": text_column("Customers", 220, lambda person: one_line(accounts.sight_words(person.sight))),
        "display": text_column("Shown as", 160, lambda person: one_line(person.display)),
        "seen": text_column(f"Last here ({zone_city(viewer_zone())})", 140, lambda person: _last_here(person, found)),
    }
    names = [person.name for person in found.people]
    alt = f"{plural(len(names), 'staff account')}, by name"
    picked = show_table(found.people, columns, key="staff_table", alt=alt, names=names)
    return picked[0] if picked else None


def _last_here(person: StaffMember, found: Staff) -> str:
    seen = found.seen.get(person.name)
    return day_and_time(seen, viewer_zone()) if seen else "never"


def _state(person: StaffMember, found: Staff) -> str:
    if not person.active:
        return _DISABLED
    return _LOCKED if person.name in found.locked else _ACTIVE
