"""The script behind every page: page settings, who is signed in, navigation, and then the page itself."""

from pathlib import Path

import streamlit as st

from lib.ui.sign_in.access import session_of_run, show_refusal, tab_owner
from lib.ui.sign_in.drafts import put_drafts_aside, put_drafts_back
from lib.ui.sign_in.form import show_sign_in, show_sign_in_again, who_may_go_on
from lib.ui.sign_in.session_expiry import show_expiry
from lib.ui.widgets.defects import store_errors_shown
from lib.ui.widgets.navigation import navigate
from lib.ui.widgets.sidebar import show_sidebar

STATIC = Path(__file__).parent / "static"

st.set_page_config("Coverage Desk", STATIC / "mark.svg", layout="wide", initial_sidebar_state=220)
st.logo(STATIC / "logo.svg", icon_image=STATIC / "mark.svg", size="large")

with store_errors_shown():
    session = session_of_run()
    page = navigate(session.staff if session else None)
    if session is None:
        if before := who_may_go_on(tab_owner()):
            put_drafts_aside()
            show_sign_in_again(before)
        else:
            show_sign_in()
        st.stop()
    put_drafts_back()
    show_sidebar(session.staff)
    show_expiry(session)
    show_refusal()
    page.run()
