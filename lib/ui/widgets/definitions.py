"""The "How it is counted" dialog: every number's name and formula, with today's numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from lib.ui.sign_in.access import require_session
from lib.ui.widgets.buttons import clicked

LOWER_BOUND = "A lower bound: without a bot nobody knows whether a meeting took place."


@dataclass(frozen=True, slots=True)
class Definition:
    """One number. Words of ours alone."""

    name: str
    formula: str
    """In words, such as "recorded / held"."""
    today: str
    """The formula with today's numbers, such as "1,204 / 1,686 = 71.4%"."""


def show_definitions_button(definitions: Sequence[Definition], *, intro: str) -> None:
    """The action in a page's head that opens the dialog."""
    if clicked("How it is counted", icon=":material/calculate:", type="tertiary", key="how_counted"):
        _show(definitions, intro)


@st.dialog("How it is counted", width="large")
def _show(definitions: Sequence[Definition], intro: str) -> None:
    require_session(clicked=True)
    st.markdown(intro)
    for each in definitions:
        st.markdown(f"**{each.name}** = {each.formula}  \n{each.today}")
