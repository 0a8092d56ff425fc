"""The editor: what somebody types is kept as their draft, so that a reload does not lose it."""

import streamlit as st

from lib.bootstrap import desk
from lib.bot_config import as_json
from lib.bot_config.parser import MOST_LETTERS
from lib.commands.bot_config import keep_draft
from lib.errors import DeskError
from lib.staff.permissions import Permission
from lib.ui.bot_config.kept import Kept, value_of
from lib.ui.sign_in.access import acting
from lib.ui.widgets import flash

TEXT = "bot_config_text"
HEIGHT = 460
_BASIS, _BEFORE, _SAID = "bot_config_basis", "bot_config_before", "bot_config_said"
_TYPED_AS_CODE = f"""
.st-key-{TEXT} textarea {{
  font-family: "Source Code", ui-monospace, monospace; font-size: 0.85rem; line-height: 1.5;
  white-space: pre; overflow-x: auto; tab-size: 2;
}}
"""


def begin(kept: Kept) -> None:
    """Put the draft into the editor where it is opened, else the newest version; and a newer one where nothing was
    typed since."""
    if TEXT in st.session_state and not _is_overtaken(kept):
        return
    draft = kept.draft()
    st.session_state[TEXT] = draft.text if draft else kept.text(kept.newest)
    st.session_state[_BASIS] = draft.basis if draft else kept.newest_number


def _is_overtaken(kept: Kept) -> bool:
    """Somebody kept a version, and here nothing was typed that it could get lost."""
    if basis() == kept.newest_number:
        return False
    began_with = next((version for version in kept.versions if version.number == basis()), None)
    return kept.draft() is None and bool(text() == kept.text(began_with))


def text() -> str:
    """What stands in the editor."""
    return str(st.session_state.get(TEXT, ""))


def basis() -> int:
    """The number of the newest version when this text was begun; 0: there was none."""
    return int(st.session_state.get(_BASIS, 0))


def show_editor() -> None:
    """The box, and what can be done with its text."""
    st.text_area(
        "Preset",
        key=TEXT,
        height=HEIGHT,
        max_chars=MOST_LETTERS,
        on_change=_keep,
        placeholder="Paste the preset here, or start from an example.",
        help="JSON; comments, single quotes, keys without quotes and commas behind the last one are fine.",
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Check", icon=":material/rule:", key="check_bot_config", help="So do Ctrl and Enter in the text.")
        st.button(
            "Write as JSON",
            key="tidy_bot_config",
            type="tertiary",
            on_click=_tidy,
            disabled=value_of(text()) is None,
            help="Indented, with double quotes, without comments.",
        )
        if st.session_state.get(_BEFORE) is not None:
            st.button(
                "Put back what stood here",
                icon=":material/undo:",
                key="put_back_bot_config",
                type="tertiary",
                on_click=_put_back,
            )
    # A text area has no setting for its font, and columns that do not line up are hard to correct.
    st.components.v2.component("typed_as_code", css=_TYPED_AS_CODE, isolate_styles=False)(key="typed_as_code")


def replace_text(text_: str) -> None:
    """Put another text into the editor. What stood there can be put back until the next one comes."""
    before = text()
    if text_ != before:
        st.session_state[_BEFORE] = before or None
        st.session_state[TEXT] = text_
        _keep()


def settle_on(number: int) -> None:
    """From now on the text goes on from the version `number`."""
    st.session_state[_BASIS] = number
    st.session_state.pop(_BEFORE, None)


def go_on_from(number: int) -> None:
    """Somebody has seen the version `number`, which another person kept, and goes on with their own text."""
    st.session_state[_BASIS] = number
    _keep()


def say(worked: bool, sentence: str) -> None:
    """Have a sentence of ours said at the next drawing."""
    flash.keep(_SAID, sentence, worked=worked)


def show_said() -> None:
    """What became of the last thing that was done."""
    flash.show(_SAID)


def _keep() -> None:
    """As the draft of whoever types; where the session is over, the text stays in its field alone."""
    if (member := acting(Permission.BOT_CONFIG_WRITE)) is None:
        return
    try:
        is_kept = keep_draft(desk().store, member, text(), basis=basis())
    except DeskError as problem:
        say(False, f"{problem} What you typed is not kept: copy it before you leave.")
        return
    if not is_kept:
        say(False, "This is too long to be kept as a draft: a reload would lose it.")


def _tidy() -> None:
    value = value_of(text())
    if value is not None:
        replace_text(as_json(value))


def _put_back() -> None:
    replace_text(st.session_state[_BEFORE])
