"""What of the page is open: `?batch=` one change of many users, else a section."""

from collections.abc import Mapping

import streamlit as st

from lib.domain import PREFERENCE_FLAGS
from lib.recording.presets import Preset
from lib.ui.widgets.query_params import read_word, write_word
from lib.ui.widgets.scope_choice import word_of

CUSTOM = "custom"
PRESET, OWN, BY, CUSTOMER, SECTION = "preset", "own", "by", "customer", "section"


def asked_batch() -> int | None:
    """The number that the address names; 0 for what is no number; None where it names none."""
    word = read_word("batch")
    if word is None:
        return None
    return int(word) if word.isdecimal() and len(word) < 10 else 0


def open_batch(key: int) -> None:
    """Show one change of many users."""
    for name in (PRESET, OWN, BY, CUSTOMER, SECTION, "team"):
        write_word(name, None)
        st.session_state.pop(name, None)
    write_word("batch", str(key))


def close_batch() -> None:
    """Back to the sections."""
    write_word("batch", None)


def fill_dry_run(customer: str, flags: Mapping[str, bool]) -> None:
    """Open the dry run for a customer's users and these flags."""
    close_batch()
    preset = next((each for each in Preset if each.flags == flags), None)
    st.session_state.update({SECTION: "change", BY: "filter", CUSTOMER: word_of(customer), OWN: "overwrite"})
    st.session_state[PRESET] = preset.value if preset else CUSTOM
    for name in PREFERENCE_FLAGS:
        st.session_state[f"many_{name}"] = flags[name]
