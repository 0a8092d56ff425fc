"""The colours of the palette in use, from .streamlit/config.toml, where they are named once.

The browser tells which palette it shows; a switch does not run the script, so a page that draws charts watches for it
(lib.ui.status).
"""

from dataclasses import dataclass

import streamlit as st
from streamlit import config

_GRID = {"light": "#E3E8EC", "dark": "#26323D"}


@dataclass(frozen=True, slots=True)
class Palette:
    """What charts are drawn with. `outcomes` are the six fills, in the fixed order of the outcomes."""

    background: str
    text: str
    muted: str
    primary: str
    grid: str
    outcomes: tuple[str, ...]


def mode() -> str:
    """ "light" or "dark": what the browser shows now."""
    return "dark" if st.context.theme.type == "dark" else "light"


def palette() -> Palette:
    """The palette in use."""
    section = f"theme.{mode()}"
    return Palette(
        background=config.get_option(f"{section}.backgroundColor"),
        text=config.get_option(f"{section}.textColor"),
        muted=config.get_option(f"{section}.dataframeHeaderTextColor"),
        primary=config.get_option(f"{section}.primaryColor"),
        grid=_GRID[mode()],
        outcomes=tuple(config.get_option(f"{section}.chartCategoricalColors")),
    )
