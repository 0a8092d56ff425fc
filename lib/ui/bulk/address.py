"""What the address of the page holds: `?batch=` for one change of many users, else a section and its choices."""

from collections.abc import Mapping

import streamlit as st

from lib.ui.widgets.preferences_choice import OPTIONS, choose_flags, option_of
from lib.ui.widgets.query_params import read_word, write_word
from lib.ui.words.scope import word_of

PRESET, OWN, BY, CUSTOMER, SECTION = "preset", "own", "by", "customer", "section"


def asked_batch() -> int | None:
    """The number in the address; 0 where it is not a number, None where there is none."""
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
    """Go back to the sections."""
    write_word("batch", None)


def open_dry_run(customer: str, flags: Mapping[str, bool]) -> None:
    """Open the dry run for a customer's users and these flags."""
    close_batch()
    st.session_state.update({SECTION: "change", BY: "filter", CUSTOMER: word_of(customer), OWN: "overwrite"})
    st.session_state[PRESET] = option_of(flags)
    for flag, is_on in flags.items():
        st.session_state[f"{flag}:{PRESET}"] = is_on


def choose_flags_in_address(name: str = PRESET) -> dict[str, bool]:
    """The choice of what is recorded, whose preset is in the address as `name`; answers all six flags."""
    if st.session_state.get(name) not in OPTIONS:
        asked = read_word(name)
        st.session_state[name] = asked if asked in OPTIONS else OPTIONS[0]
    flags = choose_flags(name)
    chosen = st.session_state[name]
    write_word(name, None if chosen == OPTIONS[0] else chosen)
    return flags
