"""The Bot config page: the workspace's preset is checked, compared and made ready to hand to Recall."""

import streamlit as st

from lib.bot_config import Checked
from lib.bot_config.findings import DOCUMENTED
from lib.clock import utc_now
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, role_needed_for
from lib.ui.bot_config.changes import show_changes
from lib.ui.bot_config.editor import HEIGHT, begin, show_editor, show_said, text
from lib.ui.bot_config.findings import show_findings, show_on_lines
from lib.ui.bot_config.history import show_history
from lib.ui.bot_config.keeping import show_hand_over, show_keeping
from lib.ui.bot_config.kept import Kept, checked, read_kept
from lib.ui.bot_config.start import show_start
from lib.ui.bot_config.words import key_sentence
from lib.ui.widgets.choices import choose
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.status_strip import Badge, Look, environment_badge, show_status
from lib.ui.words.formats import age

_ABOUT = (
    "One preset applies to every calendar bot; Recall reads it when the bot joins. "
    f"Checked against Recall's documentation of {DOCUMENTED}."
)
_LEFT_OUT = "of addresses you see the host alone, and nothing of metadata, headers and keys"
_SECTIONS = {"lines": "On the lines", "changes": "Changes", "hand-over": "Hand over", "history": "History"}
_TO_LOOK = {name: words for name, words in _SECTIONS.items() if name != "hand-over"}


def show_bot_config(member: StaffMember) -> None:
    """The page: the editor for whoever may change it, else the newest version to look at."""
    kept = read_kept(member)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title("Bot config", anchor=False, width="content")
        if kept.may_change:
            show_start(kept)
    show_status(lambda: _look(read_kept(member)), drawn=_mark(kept), reading=False)
    st.caption(_ABOUT)
    if kept.may_change:
        _show_workshop(kept)
    else:
        _show_to_look(kept)


def _show_workshop(kept: Kept) -> None:
    begin(kept)
    show_said()
    found = checked(text())
    is_blank = not text().strip()
    st.markdown(
        "**No preset stands here yet.** Paste one, or start from an example." if is_blank else key_sentence(found)
    )
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        show_editor()
    with right:
        show_findings(Checked(None, ()) if is_blank else found)
    show_keeping(kept, found)
    section = choose("Section", _SECTIONS, name="part")
    if section == "changes":
        show_changes(text(), kept)
    elif section == "hand-over":
        show_hand_over(kept, found)
    elif section == "history":
        show_history(kept)
    else:
        show_on_lines(text(), Checked(None, ()) if is_blank else found)


def _show_to_look(kept: Kept) -> None:
    """The newest version, without what may be a secret."""
    needed = role_needed_for(Permission.BOT_CONFIG_WRITE).title()
    st.info(
        f"You may look, not change. Changing the bot config needs the role {needed}. Ask an admin.",
        icon=":material/lock:",
    )
    if kept.newest is None:
        show_empty("No bot config is kept here yet", "An admin pastes the preset here.", ":material/tune:")
        return
    shown = kept.text(kept.newest)
    found = checked(shown)
    st.markdown(key_sentence(found))
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        st.markdown(f"**Version {kept.newest.number}** · {_LEFT_OUT}")
        st.code(shown, language=None, line_numbers=True, height=HEIGHT)
    with right:
        show_findings(found)
    section = choose("Section", _TO_LOOK, name="part")
    if section == "changes":
        show_changes(kept.newest, kept)
    elif section == "history":
        show_history(kept)
    else:
        show_on_lines(shown, found)


def _look(kept: Kept) -> Look:
    badges = [environment_badge()]
    if kept.sent is not None and kept.sent.sent_at is not None:
        ago = age(utc_now() - kept.sent.sent_at)
        why = "The version that was marked as handed to Recall last. Recall has no way to tell which is in force."
        badges.append(Badge(f"Version {kept.sent.number} sent {ago}", ":material/outgoing_mail:", help=why))
    else:
        badges.append(Badge("None sent yet", ":material/outgoing_mail:", help="No version was marked as sent."))
    if kept.newest is not None and kept.newest.sent_at is None:
        words = f"Version {kept.newest.number} not sent"
        badges.append(Badge(words, ":material/schedule_send:", "yellow", "It is kept here, and Recall has not got it."))
    return Look(_mark(kept), badges)


def _mark(kept: Kept) -> object:
    """What the page is drawn again for: a version that somebody kept or marked."""
    return kept.newest_number, kept.sent, kept.newest and kept.newest.sent_at
