"""The form for a new staff account."""

import streamlit as st

from lib.bootstrap import desk
from lib.staff import accounts
from lib.staff.permissions import Role
from lib.ui.system.actions import DISPLAY, NAME, PASSWORD, ROLE, add, forget_typed
from lib.ui.system.customers_seen import choose_sight
from lib.ui.widgets.buttons import clicked
from lib.ui.widgets.theme import main_button


def show_adding() -> None:
    """Folded away until somebody wants it."""
    forget_typed()
    with st.expander("Add somebody", icon=":material/person_add:", key="add_somebody", on_change="rerun"):
        left, right = st.columns(2, gap="large")
        with left:
            st.text_input("Name to sign in with", key=NAME, max_chars=64, autocomplete="off")
            st.text_input("Shown to colleagues as", key=DISPLAY, max_chars=100, autocomplete="off")
            words = "10 to 72 characters. Hand it over in person; they cannot change it themselves."
            st.text_input("Password", key=PASSWORD, type="password", help=words, autocomplete="new-password")
            st.segmented_control(
                "Role", list(Role), format_func=str.title, default=Role.VIEWER, required=True, key=ROLE
            )
        role = Role(st.session_state.get(ROLE) or Role.VIEWER)
        with right:
            st.caption("Customers")
            first = accounts.first_sight(desk().settings, role)
            sight = first
            if role is Role.ADMIN:
                st.caption("Admins see every customer.")
            else:
                sight = choose_sight(first, key="staff_new")
        # Not by a callback: whoever chooses and clicks at once would give what was drawn before.
        if clicked("Add this account", icon=":material/person_add:", type=main_button(), key="staff_add"):
            add(role, sight)
            st.rerun()
