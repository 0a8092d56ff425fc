"""The Change many page: choose users and what is to be recorded, look at what that does, and let it be done."""

import streamlit as st

from lib.bootstrap import desk
from lib.errors import StoreError
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, role_needed_for
from lib.ui.bulk.actions import show_said
from lib.ui.bulk.address import SECTION, asked_batch
from lib.ui.bulk.batch import show_batch
from lib.ui.bulk.dry_run import show_dry_run
from lib.ui.bulk.history import show_earlier
from lib.ui.bulk.standards import show_standards
from lib.ui.widgets.choices import choose
from lib.ui.widgets.notices import show_problem
from lib.ui.widgets.page_head import show_age, show_head, show_why_no_figures

_SECTIONS = {"change": "Change", "standards": "Standards", "earlier": "Earlier changes"}


def show_many(member: StaffMember) -> None:
    """What the address asks for. Where the store cannot be read, what was drawn until then stays, and why is said."""
    try:
        _show(member)
    except StoreError as problem:
        show_problem(problem, key="many")


def _show(member: StaffMember) -> None:
    known = desk().workspace.snapshot(member.sight)
    show_head("Change many", known, member)
    show_age(known)
    _say_who_may(member)
    show_said()
    if (asked := asked_batch()) is not None:
        show_batch(asked, known, member)
        return
    section = choose("Section", _SECTIONS, name=SECTION)
    if section == "earlier":
        show_earlier(member.sight)
    elif not known.listed:
        show_why_no_figures(known)
    elif section == "standards":
        show_standards(known, member)
    else:
        show_dry_run(known, member)


def _say_who_may(member: StaffMember) -> None:
    if not member.may(Permission.PREFERENCES_WRITE):
        needed = role_needed_for(Permission.PREFERENCES_WRITE).title()
        st.info(
            f"You may look, not change. Changing many users needs the role {needed}. Ask an admin.",
            icon=":material/lock:",
        )
