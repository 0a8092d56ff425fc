"""The script behind every page: page settings, who is signed in, navigation, and then the page itself."""

from pathlib import Path

import streamlit as st

from lib.ui.access import current_member
from lib.ui.frame import show_frame
from lib.ui.navigation import navigate
from lib.ui.sign_in import show_sign_in

STATIC = Path(__file__).parent / "static"

st.set_page_config("Coverage Desk", STATIC / "mark.svg", layout="wide", initial_sidebar_state=220)
st.logo(STATIC / "logo.svg", icon_image=STATIC / "mark.svg", size="large")

member = current_member()
page = navigate(member)
if member is None:
    show_sign_in()
    st.stop()
show_frame(member)
page.run()
