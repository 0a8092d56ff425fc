"""Undo of a change: what it would restore is said first, and the right to do it is checked when it is done."""

import streamlit as st

from lib.bootstrap import desk
from lib.commands.undo import problem_with_undo, undo, undo_needs_reason
from lib.errors import DeskError
from lib.recording.overrides import OVERRIDE_LABELS, REASON_AT_MOST
from lib.recording.presets import FLAG_LABELS
from lib.staff.accounts import StaffMember
from lib.store.outbox import Write, WriteKind, WriteState
from lib.ui.sign_in.access import authorize
from lib.ui.widgets import flash
from lib.ui.widgets.notices import view_only
from lib.ui.widgets.theme import main_button
from lib.ui.words.formats import NOTHING
from lib.writes import PERMISSION

_ASKED, _FLASH = "undo_asked", "undo_flash"


def show_undo(change: Write, member: StaffMember) -> None:
    """The button, or why there is none; once it was pressed, what undo would restore, and the confirmation."""
    needed = PERMISSION[change.kind]
    flash.show(_FLASH, about=change.seq, until_dismissed=True)
    if change.undone:
        st.caption("This was undone: see the later change in the list.")
    elif problem := problem_with_undo(change):
        st.caption(problem)
    elif not member.may(needed):
        st.caption(view_only("Undoing this", needed))
    elif st.session_state.get(_ASKED) != change.seq:
        st.button("Undo", icon=":material/undo:", on_click=_ask, args=(change.seq,), key="activity_undo")
    else:
        _confirm(change)


def _confirm(change: Write) -> None:
    st.markdown(f"**Undo restores what was set before:** {_restored_words(change)}")
    st.caption("It is sent to Recall at once, as a change of your own, which can itself be undone.")
    why = st.text_input(
        "Reason" if undo_needs_reason(change) else "Reason (optional)",
        max_chars=REASON_AT_MOST,
        key=f"undo_why_{change.seq}",
    )
    with st.container(horizontal=True):
        st.button(
            "Undo this change",
            icon=":material/undo:",
            type=main_button(),
            on_click=_take_back,
            args=(change,),
            disabled=undo_needs_reason(change) and not why.strip(),
            key="activity_undo_now",
        )
        st.button("Cancel", type="tertiary", on_click=_ask, args=(None,), key="activity_undo_not")


def _restored_words(change: Write) -> str:
    """In words of ours; a bot's name, which is from outside, is not told."""
    before, after = change.before or {}, change.after or {}
    if change.kind is WriteKind.OVERRIDE:
        words = [OVERRIDE_LABELS[value.get("override_should_record")] for value in (after, before)]
        return f"{words[0]} → {words[1]}."
    flags = [
        f"{words} {'on' if before.get(flag) else 'off'}"
        for flag, words in FLAG_LABELS.items()
        if before.get(flag) != after.get(flag)
    ]
    named = ["the bot's name"] if before.get("bot_name") != after.get("bot_name") else []
    return f"{', '.join([*flags, *named]) or NOTHING}."


def _ask(seq: int | None) -> None:
    st.session_state[_ASKED] = seq
    flash.clear(_FLASH)


def _take_back(change: Write) -> None:
    """Who clicks is asked anew. The second of a double click finds nothing asked; the first one's message stays."""
    seq = change.seq
    if st.session_state.get(_ASKED) != seq or (member := authorize(PERMISSION[change.kind])) is None:
        return
    why = str(st.session_state.get(f"undo_why_{seq}", "")).strip() or None
    _ask(None)
    try:
        [result] = undo(desk().context, member, [seq], why=why)
    except DeskError as problem:
        flash.keep(_FLASH, str(problem), worked=False, about=seq)
    else:
        flash.keep(_FLASH, result.sentence, worked=result.state is WriteState.APPLIED, about=seq)
    desk().workspace.look_again()
