"""What is to be recorded: a preset, or six switches, for many users at once."""

import streamlit as st

from lib.domain import PREFERENCE_FLAGS, Preferences
from lib.recording.presets import Preset, contradictions
from lib.ui.bulk.address import CUSTOM, PRESET
from lib.ui.user.presets import FLAG_WORDS
from lib.ui.widgets.query_params import read_word, write_word


def choose_flags(*, disabled: bool = False, name: str = PRESET) -> dict[str, bool]:
    """The radio, and the switches under "Custom"; answers all six flags by name. It stands in the address."""
    options = [*(preset.value for preset in Preset), CUSTOM]
    if st.session_state.get(name) not in options:
        asked = read_word(name)
        st.session_state[name] = asked if asked in options else options[0]
    choice = st.radio(
        "What is recorded",
        options,
        format_func=lambda value: "Custom" if value == CUSTOM else Preset(value).label,
        captions=[*(preset.meaning for preset in Preset), "Six switches, for special cases."],
        key=name,
        disabled=disabled,
        label_visibility="collapsed",
    )
    write_word(name, None if choice == options[0] else choice)
    return _switches(disabled) if choice == CUSTOM else Preset(choice).flags


def _switches(disabled: bool) -> dict[str, bool]:
    st.caption("Recall documents the presets above. What other combinations record is our best reading.")
    flags = {
        name: st.toggle(FLAG_WORDS[name][0], help=FLAG_WORDS[name][1], key=f"many_{name}", disabled=disabled)
        for name in PREFERENCE_FLAGS
    }
    for sentence in contradictions(Preferences(**flags)):  # type: ignore[arg-type]
        st.warning(sentence, icon=":material/warning:")
    return flags
