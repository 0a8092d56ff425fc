"""Keeping a version, and the text to hand to Recall."""

import streamlit as st

from lib.bootstrap import desk
from lib.bot_config import Checked, Level
from lib.bot_config.handover import text_to_hand_over
from lib.bot_config.retention import stores_nothing
from lib.commands.bot_config import LONGEST_NOTE, keep_version, mark_sent
from lib.errors import BotConfigUnreadable, DeskError
from lib.staff.permissions import Permission
from lib.store.bot_configs import Version
from lib.ui.bot_config.changes import base_of
from lib.ui.bot_config.editor import basis, go_on_from, replace_text, say, settle_on, text
from lib.ui.bot_config.kept import Kept, value_of
from lib.ui.bot_config.words import NOTHING_STORED, counts
from lib.ui.sign_in.access import acting
from lib.ui.widgets.theme import main_button
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import day_and_time

_NOTE = "bot_config_note"
_HOW = (
    "Copy this and send it to Recall: in the channel that you share with them, or to their support. There is no API "
    "for it. If your dashboard at Recall has a Bot Config of its own, paste the JSON there. "
    "A PATCH on a bot that a calendar booked changes nothing; bots read the preset as they join, so calls that run "
    "keep the one they began with."
)


def show_keeping(kept: Kept, checked: Checked) -> None:
    """The note and the button that keeps what is in the editor as the next version."""
    _show_meanwhile(kept)
    is_kept = kept.newest is not None and text() == kept.text(kept.newest)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.text_input(
            "Note",
            key=_NOTE,
            max_chars=LONGEST_NOTE,
            placeholder="What changes, and why",
            disabled=is_kept,
            width=400,
        )
        st.button(
            f"Kept as version {kept.newest_number}" if is_kept else _keep_words(kept, checked),
            icon=":material/save:",
            key="keep_bot_config",
            type=main_button(),
            disabled=is_kept or checked.value is None,
            on_click=_keep,
        )


def show_hand_over(kept: Kept, checked: Checked) -> None:
    """The section: the text to copy, and the note that it was sent."""
    version = kept.newest
    if version is None or text() != kept.text(version) or checked.value is None:
        st.info(
            "Keep this as a version first, so that what is handed over and what is kept are the same.",
            icon=":material/save:",
        )
        return
    if stores_nothing(checked.value):
        st.error(f"{NOTHING_STORED} Send this only if every customer wants that.", icon=":material/error:")
    elif checked.of(Level.ERROR):
        st.warning(
            f"{counts(checked, Level.ERROR)} above. Recall may reject or silently ignore what it does not document.",
            icon=":material/warning:",
        )
    base, _ = base_of(kept)
    before = value_of(kept.text(base)) if base is not None and base.sent_at and base != version else None
    st.caption(_HOW)
    st.code(text_to_hand_over(checked.value, _workspace(), before), language=None, wrap_lines=True, height=340)
    _show_mark(version)


def _show_mark(version: Version) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if version.sent_at is None:
            st.button(
                f"I have sent version {version.number}",
                icon=":material/outgoing_mail:",
                key="mark_bot_config",
                type=main_button(),
                on_click=_mark,
                args=(version, True),
            )
            return
        st.caption(f"Marked as sent by `{version.sent_by}`, {day_and_time(version.sent_at, viewer_zone())}.")
        st.button(
            "It was not sent",
            icon=":material/undo:",
            key="unmark_bot_config",
            type="tertiary",
            on_click=_mark,
            args=(version, False),
        )


def _show_meanwhile(kept: Kept) -> None:
    """Somebody kept a version since this text was begun: it must be looked at before another one can be kept."""
    if basis() == kept.newest_number or kept.newest is None:
        return
    version = kept.newest
    st.warning(
        f"`{version.by}` kept version {version.number} after you began. Look at what it says (History), then decide.",
        icon=":material/sync_problem:",
    )
    with st.container(horizontal=True, gap="small"):
        st.button(f"Take version {version.number} instead", key="take_newest", on_click=_take, args=(kept,))
        st.button(
            "Go on with mine",
            key="go_on",
            type="tertiary",
            on_click=go_on_from,
            args=(version.number,),
        )


def _take(kept: Kept) -> None:
    replace_text(kept.text(kept.newest))
    go_on_from(kept.newest_number)


def _keep() -> None:
    if (member := acting(Permission.BOT_CONFIG_WRITE)) is None:
        return
    note = str(st.session_state.get(_NOTE, ""))
    try:
        version = keep_version(desk().store, member, text(), note=note, basis=basis())
    except BotConfigUnreadable as problem:
        # Its sentence quotes the text, which is outside text, and what is said here is Markdown.
        say(False, f"Line {problem.line} cannot be read, so nothing was saved. What is wrong is beside the text.")
        return
    except DeskError as problem:
        say(False, str(problem))
        return
    settle_on(version.number)
    st.session_state[_NOTE] = ""
    say(True, f"Kept as version {version.number}. Recall knows nothing of it yet: hand it over.")


def _mark(version: Version, sent: bool) -> None:
    if (member := acting(Permission.BOT_CONFIG_WRITE)) is None:
        return
    try:
        mark_sent(desk().store, member, version.number, sent=sent)
    except DeskError as problem:
        say(False, str(problem))
        return
    words = "marked as sent to Recall" if sent else "no longer marked as sent"
    say(True, f"Version {version.number} is {words}.")


def _keep_words(kept: Kept, checked: Checked) -> str:
    words = f"Keep as version {kept.newest_number + 1}"
    errors = counts(checked, Level.ERROR) if checked.value is not None else ""
    return f"{words}, with {errors}" if errors else words


def _workspace() -> str:
    region = desk().settings.region
    return f"our workspace in {region}" if region else "our workspace"
