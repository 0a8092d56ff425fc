"""What is under the menu in the side bar: the environment in words, and who is signed in."""

import streamlit as st

from lib.bootstrap import desk
from lib.staff.accounts import StaffMember
from lib.ui.sign_in.form import sign_out


def show_sidebar(member: StaffMember) -> None:
    """Draw it."""
    with st.sidebar:  # under the line that Streamlit draws below the menu
        st.caption(_environment())
        with st.popover(_who(member), icon=":material/account_circle:", type="tertiary"):
            st.text(member.display)
            st.caption(f"Signed in as `{member.name}`, {member.role.title()}.")
            leaving = st.button("Sign out", icon=":material/logout:", key="sign_out")
    if leaving:
        sign_out()


def _who(member: StaffMember) -> str:
    """The display name if it is plain letters: a label is Markdown, and an admin may have typed anything."""
    is_plain = all(letter.isalnum() or letter in " .'-" for letter in member.display)
    return f"{member.display if is_plain else member.name} · {member.role.title()}"


def _environment() -> str:
    region = desk().settings.region
    if region is None:
        return ":material/science: Sandbox: invented data, no real customer is touched"
    return f":material/public: Recall, {region}"
