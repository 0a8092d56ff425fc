"""Saving the editor's text as a version, and handing a version to Recall."""

from functools import partial

import streamlit as st

from lib.bootstrap import desk
from lib.bot_config import Checked, Level
from lib.bot_config.handover import text_to_hand_over
from lib.bot_config.retention import stores_nothing
from lib.commands.bot_config import LONGEST_NOTE, keep_version, mark_sent
from lib.errors import BotConfigUnreadable, DeskError
from lib.staff.permissions import Permission
from lib.store.bot_configs import ConfigVersion
from lib.ui.bot_config.editor import basis, go_on_from, replace_text, say, settle_on, text
from lib.ui.bot_config.findings import NOTHING_STORED, counts
from lib.ui.bot_config.history import base_of
from lib.ui.bot_config.versions import SavedVersions, value_of
from lib.ui.sign_in.access import authorize
from lib.ui.widgets.theme import main_button
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import day_and_time

_NOTE = "bot_config_note"
_HOW = (
    "Copy this and send it to Recall: in the channel that you share with them, or to their support. There is no API "
    "for it. If your dashboard at Recall has a Bot Config of its own, paste the JSON there. "
    "A PATCH on a bot that a calendar booked changes nothing; bots read the preset as they join, so running calls "
    "keep the one they started with."
)


def show_save(saved: SavedVersions, checked: Checked) -> None:
    """The note, and the button that saves the editor's text as the next version."""
    _show_overtaken(saved)
    is_saved = saved.newest is not None and text() == saved.text(saved.newest)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        hint = "What changes, and why"
        st.text_input("Note", key=_NOTE, max_chars=LONGEST_NOTE, placeholder=hint, disabled=is_saved, width=400)
        st.button(
            f"Saved as version {saved.newest_number}" if is_saved else _save_words(saved, checked),
            icon=":material/save:",
            key="keep_bot_config",
            type=main_button(),
            disabled=is_saved or checked.value is None,
            on_click=_save,
        )


def show_hand_over(saved: SavedVersions, checked: Checked) -> None:
    """The section: the text to copy, and the note that it was sent."""
    version = saved.newest
    if version is None or text() != saved.text(version) or checked.value is None:
        st.info("Save this as a version first, so that what you hand over is what is saved.", icon=":material/save:")
        return
    if stores_nothing(checked.value):
        st.error(f"{NOTHING_STORED} Send this only if every customer wants that.", icon=":material/error:")
    elif checked.of(Level.ERROR):
        st.warning(
            f"{counts(checked, Level.ERROR)} above. Recall may reject or silently ignore what it does not document.",
            icon=":material/warning:",
        )
    base, _ = base_of(saved)
    before = value_of(saved.text(base)) if base is not None and base.sent_at and base != version else None
    st.caption(_HOW)
    st.code(text_to_hand_over(checked.value, _workspace(), before), language=None, wrap_lines=True, height=340)
    _show_mark(version)


def _show_mark(version: ConfigVersion) -> None:
    mark = partial(st.button, on_click=_mark, args=(version, version.sent_at is None))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if version.sent_at is None:
            words, icon = f"I have sent version {version.number}", ":material/outgoing_mail:"
            mark(words, icon=icon, key="mark_bot_config", type=main_button())
        else:
            st.caption(f"Marked as sent by `{version.sent_by}`, {day_and_time(version.sent_at, viewer_zone())}.")
            mark("It was not sent", icon=":material/undo:", key="unmark_bot_config", type="tertiary")


def _show_overtaken(saved: SavedVersions) -> None:
    """A warning that somebody saved a version since this text was begun, and the two ways to go on."""
    if basis() == saved.newest_number or saved.newest is None:
        return
    version = saved.newest
    st.warning(
        f"`{version.by}` saved version {version.number} after you started. Look at it under History, then decide.",
        icon=":material/sync_problem:",
    )
    with st.container(horizontal=True, gap="small"):
        st.button(f"Use version {version.number} instead", key="take_newest", on_click=_take, args=(saved,))
        st.button("Keep mine", key="go_on", type="tertiary", on_click=go_on_from, args=(version.number,))


def _take(saved: SavedVersions) -> None:
    replace_text(saved.text(saved.newest))
    go_on_from(saved.newest_number)


def _save() -> None:
    if (member := authorize(Permission.BOT_CONFIG_WRITE)) is None:
        return
    note = str(st.session_state.get(_NOTE, ""))
    try:
        version = keep_version(desk().store, member, text(), note=note, basis=basis())
    except BotConfigUnreadable as problem:
        # Its sentence quotes the text, which is outside text, and what is said here is Markdown.
        say(False, f"Line {problem.line} cannot be read, so nothing was saved. The problem is shown beside the text.")
        return
    except DeskError as problem:
        say(False, str(problem))
        return
    settle_on(version.number)
    st.session_state[_NOTE] = ""
    say(True, f"Saved as version {version.number}. Not sent to Recall yet.")


def _mark(version: ConfigVersion, sent: bool) -> None:
    if (member := authorize(Permission.BOT_CONFIG_WRITE)) is None:
        return
    try:
        mark_sent(desk().store, member, version.number, sent=sent)
    except DeskError as problem:
        say(False, str(problem))
        return
    words = "marked as sent to Recall" if sent else "no longer marked as sent"
    say(True, f"Version {version.number} is {words}.")


def _save_words(saved: SavedVersions, checked: Checked) -> str:
    words = f"Save as version {saved.newest_number + 1}"
    errors = counts(checked, Level.ERROR) if checked.value is not None else ""
    return f"{words}, with {errors}" if errors else words


def _workspace() -> str:
    region = desk().settings.region
    return f"our workspace in {region}" if region else "our workspace"
