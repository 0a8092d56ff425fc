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
_PACKAGE = "coverage_desk"
ADDRESSES = frozenset(
    f"/_stcore/bidi-components/{_PACKAGE}.{file.stem}/{file.name}" for file in (_HERE / _FOLDER).glob("*.js")
)
"""Where browsers ask for them, strangers' too: the sign-in needs one."""


def script(name: str) -> ComponentRenderer:
    """What runs the file `name` where it is called. A server that does not know it yet is told of it first."""
    known_as, manager = f"{_PACKAGE}.{name}", get_bidi_component_manager()
    if manager.get_component_asset_root(known_as) is None:
        manager.register_from_manifest(ComponentManifest(_PACKAGE, "", [ComponentConfig(name, _FOLDER)]), _HERE)
    return st.components.v2.component(known_as, js=f"{name}.js")
