"""The title of a private meeting: hidden until somebody who may asks for it, and kept then for this tab alone."""

import streamlit as st

from lib.bootstrap import desk
from lib.commands.private_titles import reveal
from lib.errors import DeskError
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.sign_in.access import acting
from lib.ui.user.judged_calendar import Judged
from lib.ui.widgets.tables import NO_TITLE
from lib.ui.words.formats import one_line

_KEY = "titles_shown"


def title_shown(row: Judged, member: StaffMember) -> str | None:
    """The title, where it was asked for in this tab by who still may; None where it was not. Text from outside."""
    found = st.session_state.get(_KEY, {}).get(_name(row)) if member.may(Permission.TITLES_REVEAL) else None
    return found if isinstance(found, str) else None


def offer_title(row: Judged, member: StaffMember) -> None:
    """Under a private meeting: why no title is seen, and for those who may the button that shows it."""
    if not row.entry.is_private or row.stored.erased:
        return
    if title_shown(row, member) is not None:
        st.caption(":material/lock: Private in the calendar. Activity says that you looked.")
        return
    problem = st.session_state.get(f"{_KEY}_problem")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if member.may(Permission.TITLES_REVEAL):
            st.button(
                "Show title",
                icon=":material/visibility:",
                on_click=_show,
                args=(row,),
                key=f"show_title_{row.stored.key}",
            )
            st.caption("Private in the calendar. Activity will say that you looked.", width="content")
        else:
            st.caption(":material/lock: Private in the calendar: its title is hidden.", width="content")
    if problem and problem[0] == _name(row):
        st.error(problem[1], icon=":material/error:")


def _show(row: Judged) -> None:
    if (member := acting(Permission.TITLES_REVEAL)) is None:
        return
    st.session_state.pop(f"{_KEY}_problem", None)
    try:
        entry = reveal(desk().store, member.name, *_name(row))
    except DeskError as problem:
        st.session_state[f"{_KEY}_problem"] = (_name(row), str(problem))
    else:
        st.session_state.setdefault(_KEY, {})[_name(row)] = one_line(entry.title) or NO_TITLE


def _name(row: Judged) -> tuple[str, str]:
    return row.stored.user_id, row.entry.id
