"""The server: `streamlit run app.py`, or `make run` for everything. The script it runs stands alone in lib/ui/entry."""

import streamlit as st

from lib.ui.server import lifespan, middleware, routes, show_script_error

app = st.App(
    "lib/ui/entry/desk.py",
    routes=routes,
    middleware=middleware,
    lifespan=lifespan,
    on_script_error=show_script_error,
)
