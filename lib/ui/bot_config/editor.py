"""The editor and what its text may start from. What is typed is saved as a draft, so that a reload does not lose it."""

import streamlit as st

from lib.bootstrap import desk
from lib.bot_config import as_json
from lib.bot_config.examples import EXAMPLES
from lib.bot_config.parser import MOST_LETTERS
from lib.commands.bot_config import keep_draft
from lib.errors import DeskError
from lib.staff.permissions import Permission
from lib.ui.bot_config.versions import SavedVersions, value_of
from lib.ui.sign_in.access import authorize
from lib.ui.widgets import flash

TEXT = "bot_config_text"
HEIGHT = 460
_MOST_MB = 2
_BASIS, _BEFORE, _SAID, _TURN = "bot_config_basis", "bot_config_before", "bot_config_said", "bot_config_turn"
_TYPED_AS_CODE = f"""
.st-key-{TEXT} textarea {{
  font-family: "Source Code", ui-monospace, monospace; font-size: 0.85rem; line-height: 1.5;
  white-space: pre; overflow-x: auto; tab-size: 2;
}}
"""


def begin(saved: SavedVersions) -> None:
    """Put the draft into the editor where it is opened, else the newest version; and a newer version into one in which
    nothing was typed."""
    if TEXT in st.session_state and not _is_overtaken(saved):
        return
    draft = saved.draft()
    st.session_state[TEXT] = draft.text if draft else saved.text(saved.newest)
    st.session_state[_BASIS] = draft.basis if draft else saved.newest_number


def _is_overtaken(saved: SavedVersions) -> bool:
    """Whether somebody saved a version, and here nothing was typed that could get lost."""
    if basis() == saved.newest_number:
        return False
    return saved.draft() is None and text() == saved.text(saved.find(basis()))


def text() -> str:
    """The editor's text."""
    return str(st.session_state.get(TEXT, ""))


def basis() -> int:
    """The number of the newest version when this text was begun; 0: there was none."""
    return int(st.session_state.get(_BASIS, 0))


def show_editor() -> None:
    """The text area, and what can be done with its text."""
    st.text_area(
        "Preset",
        key=TEXT,
        height=HEIGHT,
        max_chars=MOST_LETTERS,
        on_change=_keep,
        placeholder="Paste the preset here, or start from an example.",
        help="JSON; comments, single quotes, keys without quotes and trailing commas are fine.",
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Check", icon=":material/rule:", key="check_bot_config", help="Or press Ctrl+Enter in the editor.")
        st.button(
            "Format as JSON",
            key="tidy_bot_config",
            type="tertiary",
            on_click=_tidy,
            disabled=value_of(text()) is None,
            help="Indented, with double quotes, without comments.",
        )
        if st.session_state.get(_BEFORE) is not None:
            st.button(
                "Restore previous text",
                icon=":material/undo:",
                key="put_back_bot_config",
                type="tertiary",
                on_click=_put_back,
            )
    # A text area has no setting for its font, and columns that do not line up are hard to correct.
    st.components.v2.component("typed_as_code", css=_TYPED_AS_CODE, isolate_styles=False)(key="typed_as_code")


def replace_text(text_: str) -> None:
    """Put another text into the editor. The text before it can be restored until the next one comes."""
    before = text()
    if text_ != before:
        st.session_state[_BEFORE] = before or None
        st.session_state[TEXT] = text_
        _keep()


def settle_on(number: int) -> None:
    """From now on the text is based on the version `number`."""
    st.session_state[_BASIS] = number
    st.session_state.pop(_BEFORE, None)


def go_on_from(number: int) -> None:
    """Base one's own text on the version `number`, which somebody else saved and one has seen."""
    st.session_state[_BASIS] = number
    _keep()


def say(worked: bool, sentence: str) -> None:
    """Have a sentence of ours said at the next drawing."""
    flash.keep(_SAID, sentence, worked=worked)


def show_said() -> None:
    """What became of the last thing that was done."""
    flash.show(_SAID)


def _keep() -> None:
    """Save the text as the viewer's draft; once the session is over it is in its field alone."""
    if (member := authorize(Permission.BOT_CONFIG_WRITE)) is None:
        return
    try:
        is_kept = keep_draft(desk().store, member, text(), basis=basis())
    except DeskError as problem:
        say(False, f"{problem} What you typed is not saved: copy it before you leave.")
        return
    if not is_kept:
        say(False, "Too long to save as a draft: a reload would lose it.")


def show_start(saved: SavedVersions) -> None:
    """The popover at the right of the title: an example, the version sent last, or a file."""
    with st.popover("Start from", icon=":material/note_add:", key="bot_config_start", width="content"):
        for number, example in enumerate(EXAMPLES):
            _show_offer(example.name, f"example_{number}", example.text)
            st.caption(example.about)
        if saved.sent is not None:
            _show_offer(f"Version {saved.sent.number}, sent last", "take_sent", saved.text(saved.sent))
        key = f"bot_config_file_{st.session_state.get(_TURN, 0)}"
        types = ["json", "json5", "jsonc", "js", "txt"]
        st.file_uploader("A file", types, key=key, max_upload_size=_MOST_MB, on_change=_take_file, args=(key,))


def _show_offer(words: str, key: str, text_: str) -> None:
    st.button(words, key=key, on_click=replace_text, args=(text_,), width="stretch")


def _take_file(key: str) -> None:
    """Put the file's text into the editor, and empty the place for a file."""
    file = st.session_state.get(key)
    if file is None:
        return
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    try:
        replace_text(file.getvalue().decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        say(False, "This file cannot be read as text. Save it as text in UTF-8, and upload that file.")


def _tidy() -> None:
    value = value_of(text())
    if value is not None:
        replace_text(as_json(value))


def _put_back() -> None:
    replace_text(st.session_state[_BEFORE])
