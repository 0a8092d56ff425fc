"""The demo accounts, shown under the sign-in of the sandbox and nowhere else."""

import streamlit as st

from lib.bootstrap import desk
from lib.staff.demo import DEMO_ACCOUNTS, PASSWORD


def show_demo_hint() -> None:
    """Name the demo accounts when this server runs on its own sandbox."""
    if not desk().settings.uses_own_sandbox:
        return
    with st.container(border=True):
        st.markdown(":material/science: **Sandbox: invented data, no real customer is touched.**")
        names = ", ".join(f"`{account.name}`" for account in DEMO_ACCOUNTS)
        st.caption(f"Sign in as {names}; the password is `{PASSWORD}` for each.")
