"""The server: `streamlit run app.py`, or `make run` for everything. The script it runs stands alone in lib/ui/entry."""

import streamlit as st

from lib.ui.server.app import lifespan, middleware, routes
from lib.ui.server.log_lines import write_log
from lib.ui.sign_in.openid import login_secrets
from lib.ui.widgets.defects import exception_handlers, show_script_error

write_log()
app = st.App(
    "lib/ui/entry/desk.py",
    secrets=login_secrets(),
    routes=routes,
    middleware=middleware,
    lifespan=lifespan,
    exception_handlers=exception_handlers,
    on_script_error=show_script_error,
)
