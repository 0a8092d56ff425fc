"""Something to start from: an example, a version, or a file."""

from functools import partial

import streamlit as st

from lib.bot_config.examples import EXAMPLES
from lib.ui.bot_config.editor import replace_text, say
from lib.ui.bot_config.kept import Kept

_FILE = "bot_config_file"
_MOST_MB = 2
_TURN = "bot_config_turn"


def show_start(kept: Kept) -> None:
    """The popover at the right of the title."""
    with st.popover("Start from", icon=":material/note_add:", key="bot_config_start", width="content"):
        for number, example in enumerate(EXAMPLES):
            st.button(
                example.name,
                key=f"example_{number}",
                on_click=replace_text,
                args=(example.text,),
                width="stretch",
            )
            st.caption(example.about)
        if kept.sent is not None:
            put_sent = partial(_take_sent, kept)
            st.button(f"Version {kept.sent.number}, sent last", key="take_sent", on_click=put_sent, width="stretch")
        key = f"{_FILE}_{st.session_state.get(_TURN, 0)}"
        st.file_uploader(
            "A file",
            ["json", "json5", "jsonc", "js", "txt"],
            key=key,
            max_upload_size=_MOST_MB,
            on_change=_take_file,
            args=(key, kept),
        )


def _take_sent(kept: Kept) -> None:
    replace_text(kept.text(kept.sent))


def _take_file(key: str, kept: Kept) -> None:
    """The file's text into the editor; the place for a file is empty again."""
    file = st.session_state.get(key)
    if file is None:
        return
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    try:
        replace_text(file.getvalue().decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        say(False, "This file cannot be read as text. Save it as text in UTF-8, and upload that file.")
