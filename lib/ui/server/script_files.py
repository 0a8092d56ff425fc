"""Our scripts for the browser, each served as a file of its own.

From a script's text Streamlit would make a `blob:` URL. A policy that allowed those would allow any script made up in
the page, so ours does not, and the files are registered with Streamlit like those of a package.
"""

from pathlib import Path

import streamlit as st

from lib.ui.server.streamlit_internals import COMPONENTS, ComponentRenderer, serve_components

_FOLDER = Path(__file__).parent / "scripts"
_NAMES = sorted(file.stem for file in _FOLDER.glob("*.js"))
_PACKAGE = "coverage_desk"
ADDRESSES = frozenset(f"{COMPONENTS}{_PACKAGE}.{name}/{name}.js" for name in _NAMES)
"""Where browsers ask for them. Strangers may: the sign-in needs one."""


def serve_scripts() -> None:
    """Have Streamlit serve them all, also to a browser whose page was drawn by another server."""
    serve_components(_PACKAGE, _FOLDER, _NAMES)


def script(name: str) -> ComponentRenderer:
    """The component that runs the file `name` in the browser."""
    serve_scripts()  # a test of a page has a Streamlit of its own
    return st.components.v2.component(f"{_PACKAGE}.{name}", js=f"{name}.js")
