"""One staff account in full, with what an admin can change of it."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from lib.bootstrap import desk
from lib.commands import staff
from lib.customer.sight import Sight
from lib.staff import sessions
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, Role
from lib.ui.sign_in.drafts import SECRET
from lib.ui.system.sight_choice import choose_sight
from lib.ui.widgets import flash
from lib.ui.widgets.buttons import clicked
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import clock_time, day_and_time, one_line

FLASH = "staff_flash"
"""Key of the flash message about the last change of an account."""
LONGEST_PASSWORD = 72


def show_account(account: StaffMember, member: StaffMember, seen: datetime | None, locked: datetime | None) -> None:
    """The card of `account`, for the admin `member`. A change applies from that person's next click."""
    with st.container(border=True, key="staff_card"):
        _show_head(account, seen, locked)
        left, right = st.columns(2, gap="large")
        with left:
            _show_role(account, is_own=account.name == member.name)
            _show_password(account)
        with right:
            _show_sight(account)
        _show_buttons(account, is_own=account.name == member.name)


def _show_head(account: StaffMember, seen: datetime | None, locked: datetime | None) -> None:
    zone = viewer_zone()
    st.markdown(f"**`{account.name}`**")
    st.text(one_line(account.display))
    active = f"Last active {day_and_time(seen, zone)}." if seen else "Never active."
    lock = f" Locked until {clock_time(locked, zone)} after wrong passwords from one address." if locked else ""
    st.caption(f"{active}{lock}")


def _show_role(account: StaffMember, *, is_own: bool) -> None:
    st.markdown("**Role**")
    key = f"staff_role_{account.name}"
    st.segmented_control(
        "Role",
        list(Role),
        format_func=str.title,
        default=account.role,
        required=True,
        key=key,
        label_visibility="collapsed",
        disabled=is_own,
    )
    st.button(
        "Change role",
        disabled=is_own or st.session_state.get(key) == account.role,
        on_click=_set_role,
        args=(account.name, key),
        key="staff_keep_role",
        help="Another admin must change your own role." if is_own else None,
    )


def _show_password(account: StaffMember) -> None:
    st.markdown("**Password**")
    if not sessions.has_password(desk().store, account.name):
        st.caption("None: this person signs in through the provider.")
        return
    key = f"{SECRET}staff_password_{account.name}"
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
        on_click=_set_password,
        args=(account.name, key),
        key="staff_keep_password",
        help="Ends all sessions of this person.",
    )


def _show_sight(account: StaffMember) -> None:
    st.markdown("**Customers**")
    if account.role.sees_every_customer:
        st.caption(f"{account.role.title()}s see every customer.")
        return
    chosen = choose_sight(account.sight, key=f"staff_sight_{account.name}_{hash(account.sight)}")
    # Not by a callback: whoever ticks and clicks at once would give what was drawn before.
    if clicked("Change customers", disabled=chosen == account.sight, key="staff_keep_sight"):
        _limit_sight(account.name, chosen)
        st.rerun()


def _show_buttons(account: StaffMember, *, is_own: bool) -> None:
    with st.container(horizontal=True):
        st.button(
            "Sign out everywhere",
            icon=":material/logout:",
            on_click=_end_sessions,
            args=(account.name,),
            key="staff_end_sessions",
        )
        if account.active:
            st.button(
                "Disable this account",
                icon=":material/block:",
                disabled=is_own,
                on_click=_disable,
                args=(account.name,),
                key="staff_disable",
                help="Another admin must disable your own account." if is_own else None,
            )
        else:
            st.button(
                "Enable this account",
                icon=":material/check_circle:",
                on_click=_enable,
                args=(account.name,),
                key="staff_enable",
            )


def _set_role(name: str, key: str) -> None:
    role = Role(st.session_state[key])
    _change(
        lambda member: staff.set_role(desk().store, member, name, role), f"{name} is {role} from their next click on."
    )


def _set_password(name: str, key: str) -> None:
    password = str(st.session_state.get(key) or "")
    st.session_state[key] = ""
    _change(
        lambda member: staff.set_password(desk().store, member, name, password),
        f"{name} has a new password, and was signed out everywhere.",
    )


def _limit_sight(name: str, sight: Sight) -> None:
    _change(
        lambda member: staff.limit_sight(desk().store, member, name, sight),
        f"{name} sees other customers from their next click on.",
    )


def _end_sessions(name: str) -> None:
    _change(lambda member: staff.end_sessions(desk().store, member, name), f"{name} was signed out everywhere.")


def _disable(name: str) -> None:
    _change(lambda member: staff.disable_staff(desk().store, member, name), f"{name} is disabled and signed out.")


def _enable(name: str) -> None:
    _change(lambda member: staff.enable_staff(desk().store, member, name), f"{name} may sign in again.")


def _change(command: Callable[[StaffMember], object], sentence: str) -> None:
    """Have it done for whoever clicked, if they may; then say this sentence."""

    def done(member: StaffMember) -> str:
        command(member)
        return sentence

    flash.run(FLASH, Permission.STAFF_MANAGE, done)
