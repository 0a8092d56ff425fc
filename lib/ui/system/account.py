"""One staff account in full, with what an admin can change of it."""

from datetime import datetime

import streamlit as st

from lib.bootstrap import desk
from lib.staff import sessions
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.ui.sign_in.drafts import SECRET
from lib.ui.system.actions import disable, enable, end_all, keep_password, keep_role, keep_sight
from lib.ui.system.customers_seen import choose_sight
from lib.ui.widgets.buttons import clicked
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import clock_time, day_and_time, one_line

LONGEST_PASSWORD = 72


def show_person(person: StaffMember, member: StaffMember, seen: datetime | None, locked: datetime | None) -> None:
    """The card of `person`, for the admin `member`. A change holds from that person's next click on."""
    with st.container(border=True, key="staff_card"):
        _show_head(person, seen, locked)
        left, right = st.columns(2, gap="large")
        with left:
            _show_role(person, is_own=person.name == member.name)
            _show_password(person)
        with right:
            _show_sight(person)
        _show_buttons(person, is_own=person.name == member.name)


def _show_head(person: StaffMember, seen: datetime | None, locked: datetime | None) -> None:
    zone = viewer_zone()
    st.markdown(f"**`{person.name}`**")
    st.text(one_line(person.display))
    here = f"Last here {day_and_time(seen, zone)}." if seen else "Was never here."
    lock = f" Locked until {clock_time(locked, zone)} after wrong passwords from one address." if locked else ""
    st.caption(f"{here}{lock}")


def _show_role(person: StaffMember, *, is_own: bool) -> None:
    st.markdown("**Role**")
    key = f"staff_role_{person.name}"
    st.segmented_control(
        "Role",
        list(Role),
        format_func=str.title,
        default=person.role,
        required=True,
        key=key,
        label_visibility="collapsed",
        disabled=is_own,
    )
    st.button(
        "Change role",
        disabled=is_own or st.session_state.get(key) == person.role,
        on_click=keep_role,
        args=(person.name, key),
        key="staff_keep_role",
        help="Your own role is changed by another admin." if is_own else None,
    )


def _show_password(person: StaffMember) -> None:
    st.markdown("**Password**")
    if not sessions.has_password(desk().store, person.name):
        st.caption("None here: this person signs in by the provider.")
        return
    key = f"{SECRET}staff_password_{person.name}"
    st.text_input(
        "New password",
        type="password",
        max_chars=LONGEST_PASSWORD,
        key=key,
        autocomplete="new-password",
        label_visibility="collapsed",
        placeholder="New password, 10 characters or more",
    )
    st.button(
        "Set password",
        on_click=keep_password,
        args=(person.name, key),
        key="staff_keep_password",
        help="All sessions of this person end.",
    )


def _show_sight(person: StaffMember) -> None:
    st.markdown("**Customers**")
    if person.role is Role.ADMIN:
        st.caption("Admins see every customer.")
        return
    chosen = choose_sight(person.sight, key=f"staff_sight_{person.name}_{hash(person.sight)}")
    # Not by a callback: whoever ticks and clicks at once would give what was drawn before.
    if clicked("Change what they see", disabled=chosen == person.sight, key="staff_keep_sight"):
        keep_sight(person.name, chosen)
        st.rerun()


def _show_buttons(person: StaffMember, *, is_own: bool) -> None:
    with st.container(horizontal=True):
        st.button(
            "Sign out everywhere",
            icon=":material/logout:",
            on_click=end_all,
            args=(person.name,),
            key="staff_end_sessions",
        )
        if person.active:
            st.button(
                "Disable this account",
                icon=":material/block:",
                disabled=is_own,
                on_click=disable,
                args=(person.name,),
                key="staff_disable",
                help="Your own account is disabled by another admin." if is_own else None,
            )
        else:
            st.button(
                "Enable this account",
                icon=":material/check_circle:",
                on_click=enable,
                args=(person.name,),
                key="staff_enable",
            )
