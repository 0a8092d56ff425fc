"""What stands around every page: the environment in words, and who is signed in."""

import streamlit as st

from lib.bootstrap import desk
from lib.staff.accounts import StaffMember
from lib.ui.sign_in import sign_out


def show_frame(member: StaffMember) -> None:
    """The bottom of the side bar."""
    with st.sidebar:
        st.divider()
        st.caption(_environment())
        with st.popover(member.display, icon=":material/account_circle:", type="tertiary"):
            st.caption(f"{member.name} · {member.role.title()}")
            leaving = st.button("Sign out", icon=":material/logout:", key="sign_out")
    if leaving:
        sign_out()


def _environment() -> str:
    region = desk().settings.region
    if region is None:
        return ":material/science: Sandbox: invented data, no real customer is touched"
    return f":material/public: Recall, {region}"
