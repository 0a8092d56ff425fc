"""The choice of what is recorded: a preset, or the six flags under "Custom"."""

from collections.abc import Mapping, Sequence

import streamlit as st

from lib.domain import PREFERENCE_FLAGS, Preferences
from lib.recording.presets import FLAG_LABELS, FLAG_MEANINGS, Preset, contradictions

CUSTOM = "custom"
OPTIONS = (*(preset.value for preset in Preset), CUSTOM)
CUSTOM_CAPTION = "Six switches, for special cases."
_CAPTIONS = (*(preset.meaning for preset in Preset), CUSTOM_CAPTION)


def option_of(flags: Mapping[str, bool]) -> str:
    """The option that stands for these flags."""
    return next((preset.value for preset in Preset if preset.flags == flags), CUSTOM)


def choose_flags(
    key: str,
    *,
    shown: Mapping[str, bool] | None = None,
    captions: Sequence[str] = _CAPTIONS,
    disabled: bool = False,
) -> dict[str, bool]:
    """Draw the choice; answers all six flags by name. `shown` is what is chosen at first.

    The radio has the widget key `key`, and each switch the key `flag:key`.
    """
    first = dict.fromkeys(PREFERENCE_FLAGS, False) if shown is None else shown
    choice = st.radio(
        "What is recorded",
        OPTIONS,
        index=0 if shown is None else OPTIONS.index(option_of(shown)),
        format_func=lambda option: "Custom" if option == CUSTOM else Preset(option).label,
        captions=captions,
        key=key,
        disabled=disabled,
        label_visibility="collapsed",
    )
    if choice != CUSTOM:
        return Preset(choice).flags
    st.caption("Recall documents the presets above. What other combinations record is our best reading.")
    flags = {
        flag: st.toggle(label, value=first[flag], help=FLAG_MEANINGS[flag], key=f"{flag}:{key}", disabled=disabled)
        for flag, label in FLAG_LABELS.items()
    }
    for sentence in contradictions(Preferences(**flags)):  # type: ignore[arg-type]
        st.warning(sentence, icon=":material/warning:")
    return flags
