"""Scripts of ours that run in the browser, each served as a file of its own.

Streamlit would make an address of a script's text in the page (`blob:`). A policy that lets such addresses run lets a
script run that was made up in the page; so none does, and Streamlit is told of the files as it is of a package's.
"""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

_HERE = Path(__file__).parent
_FOLDER = "scripts"
_NAMES = sorted(file.stem for file in (_HERE / _FOLDER).glob("*.js"))
_PACKAGE = "coverage_desk"
ADDRESSES = frozenset(f"/_stcore/bidi-components/{_PACKAGE}.{name}/{name}.js" for name in _NAMES)
"""Where browsers ask for them, strangers' too: the sign-in needs one."""


def serve_scripts() -> None:
    """Have Streamlit serve them all, also to a browser whose page was drawn by another server."""
    manager = get_bidi_component_manager()
    if any(manager.get_component_asset_root(f"{_PACKAGE}.{name}") is None for name in _NAMES):
        ours = ComponentManifest(_PACKAGE, "", [ComponentConfig(name, _FOLDER) for name in _NAMES])
        manager.register_from_manifest(ours, _HERE)


def script(name: str) -> ComponentRenderer:
    """What runs the file `name` where it is called."""
    serve_scripts()  # a test of a page has a Streamlit of its own
    return st.components.v2.component(f"{_PACKAGE}.{name}", js=f"{name}.js")
