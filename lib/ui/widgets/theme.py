"""The colours of the palette in use, from .streamlit/config.toml; only the grid lines of charts, which Streamlit has no
setting for, are named here.

The browser tells which palette it shows; a switch does not run the script, so a page that draws charts watches for it
(lib.ui.widgets.status_strip).
"""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

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


def main_button() -> Literal["primary", "secondary"]:
    """The type of a page's main button. The text of a primary one is always white, which no accent of the dark palette
    can bear (2.1:1)."""
    return "secondary" if mode() == "dark" else "primary"


def ink_on(fill: str) -> str:
    """The colour of words on a bar of `fill`: the page's background, its text or white, whichever contrasts most."""
    shown = palette()
    return max((shown.background, shown.text, "#FFFFFF"), key=lambda ink: contrast(ink, fill))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours such as "#0A5F66", from 1 to 21 (WCAG 2.2, 1.4.3)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def palette() -> Palette:
    """The palette in use."""
    section = f"theme.{mode()}"
    return Palette(
        background=st.get_option(f"{section}.backgroundColor"),
        text=st.get_option(f"{section}.textColor"),
        muted=st.get_option(f"{section}.dataframeHeaderTextColor"),
        primary=st.get_option(f"{section}.primaryColor"),
        grid=_GRID[mode()],
        outcomes=tuple(st.get_option(f"{section}.chartCategoricalColors")),
    )
