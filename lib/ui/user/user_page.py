"""One calendar user in one place: who, how well covered, and the sections."""

import re
from functools import partial

import streamlit as st

from lib.bootstrap import desk
from lib.domain import CalendarUser
from lib.queries import CalendarSnapshot, UsersSnapshot
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.activity.user_history import show_history
from lib.ui.sign_in.access import acting
from lib.ui.user.calendar_health import connection_badges
from lib.ui.user.connections import show_connections
from lib.ui.user.deleted_user import show_gone
from lib.ui.user.figures import show_figures
from lib.ui.user.judged_calendar import whole_workspace
from lib.ui.user.meetings import show_meetings
from lib.ui.user.preferences import show_preferences
from lib.ui.user.presets import preset_words
from lib.ui.user.removal import show_what_was_done
from lib.ui.widgets.choices import choose
from lib.ui.widgets.notices import show_problem
from lib.ui.widgets.query_params import close_user
from lib.ui.widgets.status_strip import Badge, Look, as_of_badge, environment_badge, show_status
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import clock_time, one_line, plural
from lib.ui.words.odd_rows import MEANING, odd_words

_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}")
_SECTIONS = {
    "meetings": "Meetings",
    "preferences": "Preferences",
    "connections": "Connections",
    "history": "History",
}


def show_user(user_id: str, users: UsersSnapshot, member: StaffMember) -> None:
    """The page when `?user=` names somebody: that user, or why nobody is found."""
    st.button("Users", icon=":material/arrow_back:", type="tertiary", on_click=close_user, key="back")
    user = users.find(user_id)
    if user is None:
        _show_nobody(user_id, users)
        return
    known = desk().calendars.snapshot(user)
    _show_head(known)
    drawn, is_near = _look(known).version, known.is_reading and not known.is_slow
    show_status(lambda: _look(desk().calendars.snapshot(user)), drawn=drawn, reading=is_near)
    _show_progress(known)
    show_what_was_done(user.id)
    show_figures(known)
    _show_section(known, member)


def _show_nobody(user_id: str, users: UsersSnapshot) -> None:
    directory = desk().users
    show_status(lambda: _look_at_all(directory.snapshot(users.sight)), drawn=users.version, reading=users.reading)
    if users.problem:
        show_problem(users.problem, retry=directory.read_for_a_click)
    elif users.as_of is None:
        st.progress(0.3, "Reading the list of users from Recall…")
        st.skeleton(height=420)
    else:
        show_gone(user_id, users.sight)


def _show_head(known: CalendarSnapshot) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        _show_name(known.user)
        st.button(
            "Read again",
            icon=":material/refresh:",
            type="tertiary",
            on_click=_read_again,
            args=(known.user,),
            disabled=known.is_reading,
            key="read_again",
        )


def _show_name(user: CalendarUser) -> None:
    """The address as code, which Streamlit makes no link of; any other text as it is."""
    if _PLAIN_ADDRESS.fullmatch(user.label):
        st.title(f"`{user.label}`", anchor=False, width="content")
    else:
        st.text(one_line(user.label))


def _look(known: CalendarSnapshot) -> Look:
    preset = Badge(f"Preset: {preset_words(known.user.preferences)}", ":material/tune:", "blue")
    badges = [environment_badge(), *connection_badges(known.user), preset, as_of_badge(known.as_of)]
    if known.unlisted_since is not None:
        words = f"Not listed since {clock_time(known.unlisted_since, viewer_zone())}"
        why = "Recall's list lacks this user, which is doubted: what was read before is shown."
        badges.append(Badge(words, ":material/person_search:", "yellow", why))
    return Look((known.version, whole_workspace().mark), badges)


def _look_at_all(known: UsersSnapshot) -> Look:
    return Look(known.version, [environment_badge(), as_of_badge(known.as_of)])


def _read_again(user: CalendarUser) -> None:
    if acting(Permission.USERS_READ):
        desk().calendars.read_for_a_click(user)


def _show_progress(known: CalendarSnapshot) -> None:
    if known.is_slow:
        since = " What stands here was read before." if known.as_of else ""
        st.info(f"Recall is slow; still reading.{since}", icon=":material/hourglass_top:")
    if known.stage == "meetings" and known.as_of is None:
        st.progress(0.2, "Reading this user's meetings from Recall…")
    elif known.stage == "bots":
        share = known.bots_done / known.bots_wanted if known.bots_wanted else 1.0
        st.progress(share, f"Reading what became of the bots: {known.bots_done} of {known.bots_wanted}.")
    if known.problem:
        show_problem(known.problem, retry=partial(_read_again, known.user))
    if known.bots_unread and not known.is_reading:
        st.warning(
            f"{plural(known.bots_unread, 'bot')} could not be read. Their meetings count as unsettled.",
            icon=":material/sync_problem:",
        )
    if told := odd_words(known.unreadable, known.odd):
        st.caption(told, help=MEANING)


def _show_section(known: CalendarSnapshot, member: StaffMember) -> None:
    section = choose("Section", _SECTIONS, name="section")
    if section == "preferences":
        show_preferences(known, member)
    elif section == "connections":
        show_connections(known, member)
    elif section == "history":
        show_history(known.user.id)
    else:
        show_meetings(known, member)
