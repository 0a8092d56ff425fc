"""The Bot config page: the workspace's preset is checked, compared and made ready to hand to Recall."""

import streamlit as st

from lib.bot_config import Checked
from lib.bot_config.findings import DOCUMENTED
from lib.clock import utc_now
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store.bot_configs import ConfigVersion
from lib.ui.bot_config.editor import HEIGHT, begin, show_editor, show_said, show_start, text
from lib.ui.bot_config.findings import key_sentence, show_findings, show_on_lines
from lib.ui.bot_config.handover import show_hand_over, show_save
from lib.ui.bot_config.history import show_changes, show_history
from lib.ui.bot_config.versions import SavedVersions, checked, read_versions
from lib.ui.server.streamlit_internals import DeltaGenerator
from lib.ui.widgets.choices import choose
from lib.ui.widgets.notices import show_empty, view_only
from lib.ui.widgets.status_strip import Badge, Look, environment_badge, show_status
from lib.ui.words.formats import age

_ABOUT = (
    "One preset applies to every calendar bot; Recall reads it when the bot joins. "
    f"Checked against Recall's documentation of {DOCUMENTED}."
)
_LEFT_OUT = "you see only the host of addresses, and no metadata, headers or keys"
_SECTIONS = {"lines": "On the lines", "changes": "Changes", "hand-over": "Hand over", "history": "History"}
_TO_LOOK = {name: words for name, words in _SECTIONS.items() if name != "hand-over"}


def show_bot_config(member: StaffMember) -> None:
    """The page: the editor for whoever may change it, else the newest version to look at."""
    saved = read_versions(member)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title("Bot config", anchor=False, width="content")
        if saved.may_change:
            show_start(saved)
    show_status(lambda: _look(read_versions(member)), drawn=_mark(saved), reading=False)
    st.caption(_ABOUT)
    if saved.may_change:
        _show_to_edit(saved)
    else:
        _show_to_look(saved)


def _show_to_edit(saved: SavedVersions) -> None:
    begin(saved)
    show_said()
    is_blank = not text().strip()
    found = Checked(None, ()) if is_blank else checked(text())
    st.markdown("**No preset yet.** Paste one, or start from an example." if is_blank else key_sentence(found))
    with _beside_findings(found):
        show_editor()
    show_save(saved, found)
    _show_section(_SECTIONS, saved, text(), text(), found)


def _show_to_look(saved: SavedVersions) -> None:
    """The newest version, without what may be a secret."""
    st.info(view_only("Changing the bot config", Permission.BOT_CONFIG_WRITE), icon=":material/lock:")
    if saved.newest is None:
        show_empty("No bot config saved yet", "An admin pastes the preset here.", ":material/tune:")
        return
    shown = saved.text(saved.newest)
    found = checked(shown)
    st.markdown(key_sentence(found))
    with _beside_findings(found):
        st.markdown(f"**Version {saved.newest.number}** · {_LEFT_OUT}")
        st.code(shown, language=None, line_numbers=True, height=HEIGHT)
    _show_section(_TO_LOOK, saved, saved.newest, shown, found)


def _beside_findings(found: Checked) -> DeltaGenerator:
    """Room for a text to the left of what was found in it."""
    left, right = st.columns([1.15, 1], gap="medium")
    with right:
        show_findings(found)
    return left


def _show_section(
    sections: dict[str, str], saved: SavedVersions, compared: ConfigVersion | str, shown: str, found: Checked
) -> None:
    section = choose("Section", sections, name="part")
    if section == "changes":
        show_changes(compared, saved)
    elif section == "hand-over":
        show_hand_over(saved, found)
    elif section == "history":
        show_history(saved)
    else:
        show_on_lines(shown, found)


def _look(saved: SavedVersions) -> Look:
    badges = [environment_badge()]
    if saved.sent is not None and saved.sent.sent_at is not None:
        ago = age(utc_now() - saved.sent.sent_at)
        why = "The version that was last marked as sent to Recall. Recall cannot be asked which one it uses."
        badges.append(Badge(f"Version {saved.sent.number} sent {ago}", ":material/outgoing_mail:", help=why))
    else:
        badges.append(Badge("None sent yet", ":material/outgoing_mail:", help="No version was marked as sent."))
    if saved.newest is not None and saved.newest.sent_at is None:
        words = f"Version {saved.newest.number} not sent"
        badges.append(Badge(words, ":material/schedule_send:", "yellow", "Saved here, and not sent to Recall."))
    return Look(_mark(saved), badges)


def _mark(saved: SavedVersions) -> object:
    """What the page is drawn again for: a version that somebody saved or marked."""
    return saved.newest_number, saved.sent, saved.newest and saved.newest.sent_at
