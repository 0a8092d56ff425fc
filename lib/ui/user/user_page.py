"""The page of one calendar user: name, status, numbers and sections; or why no such user is found."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from lib.bootstrap import desk
from lib.customer.sight import EVERYTHING, Sight
from lib.domain import CalendarUser, Connection
from lib.queries import CalendarSnapshot, UsersSnapshot
from lib.queries.judged_calendar import JudgedCalendar, judged_calendar
from lib.recording.presets import preset_words
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import outbox, users
from lib.store.outbox import WriteKind, WriteState
from lib.ui.activity.page import show_history
from lib.ui.sign_in.access import authorize
from lib.ui.user.connections import show_connections
from lib.ui.user.figures import show_figures
from lib.ui.user.meetings import show_meetings
from lib.ui.user.preferences import show_preferences
from lib.ui.user.removal import show_removal_outcome
from lib.ui.widgets.choices import choose
from lib.ui.widgets.notices import show_empty, show_problem
from lib.ui.widgets.query_params import close_user
from lib.ui.widgets.session_cache import once
from lib.ui.widgets.status_strip import Badge, Look, as_of_badge, environment_badge, show_status
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.calendar_health import platform_name
from lib.ui.words.formats import clock_time, day_and_time, one_line, plural, zone_city
from lib.ui.words.odd_rows import MEANING, odd_words

_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}")
_SECTIONS = {
    "meetings": "Meetings",
    "preferences": "Preferences",
    "connections": "Connections",
    "history": "History",
}


def show_user(user_id: str, found: UsersSnapshot, member: StaffMember) -> None:
    """Show the user that `?user=` names, or why nobody is found."""
    st.button("Users", icon=":material/arrow_back:", type="tertiary", on_click=close_user, key="back")
    user = found.find(user_id)
    if user is None:
        _show_not_listed(user_id, found)
        return
    known = desk().calendars.snapshot(user)
    calendar = _judged(known)
    _show_head(known)
    drawn, is_near = _look(known).version, known.is_refreshing and not known.is_slow
    show_status(lambda: _look(desk().calendars.snapshot(user)), drawn=drawn, reading=is_near)
    _show_progress(known)
    show_removal_outcome(user.id)
    show_figures(known, calendar)
    _show_section(known, calendar, member)


def _judged(known: CalendarSnapshot) -> JudgedCalendar | None:
    """The calendar with its verdicts, computed once for each state of the user and the workspace."""
    as_of, workspace = known.as_of, desk().workspace.snapshot(EVERYTHING)
    if as_of is None:
        return None
    zone = ZoneInfo(desk().settings.report_time_zone)
    state = (known.user.id, known.version, workspace.mark)
    return once("judged_calendar", state, lambda: judged_calendar(known, as_of, workspace, zone))


def _show_head(known: CalendarSnapshot) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        _show_name(known.user)
        st.button(
            "Refresh from Recall",
            icon=":material/refresh:",
            type="tertiary",
            on_click=_read_again,
            args=(known.user,),
            disabled=known.is_refreshing,
            key="read_again",
        )


def _show_name(user: CalendarUser) -> None:
    """Show an address as code, so that Streamlit makes no link of it; any other text as it is."""
    if _PLAIN_ADDRESS.fullmatch(user.label):
        st.title(f"`{user.label}`", anchor=False, width="content")
    else:
        st.text(one_line(user.label))


def _look(known: CalendarSnapshot) -> Look:
    preset = Badge(f"Preset: {preset_words(known.user.preferences)}", ":material/tune:", "blue")
    badges = [environment_badge(), *connection_badges(known.user), preset, as_of_badge(known.as_of)]
    if known.unlisted_since is not None:
        words = f"Not listed since {clock_time(known.unlisted_since, viewer_zone())}"
        why = "Recall's list lacks this user, which is doubted: the page shows what was read before."
        badges.append(Badge(words, ":material/person_search:", "yellow", why))
    return Look((known.version, desk().workspace.snapshot(EVERYTHING).mark), badges)


def connection_badges(user: CalendarUser) -> list[Badge]:
    """One badge for each calendar, or one that says there is none."""
    badges = [_connection_badge(connection) for connection in (*user.connected, *user.lost, *user.let_go)]
    return badges or [Badge("No calendar connected", ":material/link_off:", "orange", "So no meetings can be seen.")]


def _connection_badge(connection: Connection) -> Badge:
    name = platform_name(connection.platform)
    if connection.connected:
        return Badge(f"{name} connected", ":material/link:", "green")
    if connection.let_go:
        return Badge(f"{name} disconnected", ":material/link_off:", "gray", "Disconnected here, on purpose.")
    why = "Recall can no longer read this calendar. Its owner must connect it again."
    return Badge(f"{name} lost", ":material/link_off:", "orange", why)


def _read_again(user: CalendarUser) -> None:
    if authorize(Permission.USERS_READ):
        desk().calendars.refresh(user)


def _show_progress(known: CalendarSnapshot) -> None:
    if known.is_slow:
        since = " The page shows what was read before." if known.as_of else ""
        st.info(f"Recall is slow; still reading.{since}", icon=":material/hourglass_top:")
    if known.stage == "meetings" and known.as_of is None:
        st.progress(0.2, "Reading this user's meetings from Recall…")
    elif known.stage == "bots":
        share = known.bots_done / known.bots_wanted if known.bots_wanted else 1.0
        st.progress(share, f"Reading what became of the bots: {known.bots_done} of {known.bots_wanted}.")
    if known.problem:
        show_problem(known.problem, retry=partial(_read_again, known.user))
    if known.bots_unread and not known.is_refreshing:
        st.warning(
            f"{plural(known.bots_unread, 'bot')} could not be read. Their meetings count as unsettled.",
            icon=":material/sync_problem:",
        )
    if told := odd_words(known.unreadable, known.odd):
        st.caption(told, help=MEANING)


def _show_section(known: CalendarSnapshot, calendar: JudgedCalendar | None, member: StaffMember) -> None:
    sections: Mapping[str, Callable[[], None]] = {
        "meetings": lambda: show_meetings(known, calendar, member),
        "preferences": lambda: show_preferences(known, calendar, member),
        "connections": lambda: show_connections(known, member),
        "history": lambda: show_history(known.user.id),
    }
    sections[choose("Section", _SECTIONS, name="section")]()


def _show_not_listed(user_id: str, found: UsersSnapshot) -> None:
    directory = desk().users
    show_status(lambda: _list_look(directory.snapshot(found.sight)), drawn=found.version, reading=found.is_refreshing)
    if found.problem:
        show_problem(found.problem, retry=directory.refresh)
    elif found.as_of is None:
        st.progress(0.3, "Reading the list of users from Recall…")
        st.skeleton(height=420)
    else:
        show_removal_outcome(user_id)
        title, why = _why_not_listed(user_id, found.sight)
        show_empty(title, why, ":material/person_off:", act="See all users", on_click=close_user)


def _list_look(found: UsersSnapshot) -> Look:
    return Look(found.version, [environment_badge(), as_of_badge(found.as_of)])


def _why_not_listed(user_id: str, sight: Sight) -> tuple[str, str]:
    with desk().store.read() as connection:
        row = users.find(connection, user_id)
        row = row if row and sight.sees(row.customer) else None
        deletions = outbox.of_target(connection, WriteKind.DELETE_USER, user_id, None) if row else ()
    deleted = next((change for change in deletions if change.state is WriteState.APPLIED), None)
    if deleted is not None:
        when = _when(deleted.made_at)
        why = f"It was deleted here, {when}. Activity says by whom. The figures of its past meetings remain."
        return "This user was deleted", why
    if row is not None and row.vanished_at is not None:
        why = f"It has not been in Recall's list since {_when(row.vanished_at)}: it was deleted elsewhere."
        return "This user is gone", why
    why = "This user is not in Recall's list: the link is old, or the user was deleted."
    return "No user at this address", why


def _when(moment: datetime) -> str:
    zone = viewer_zone()
    return f"{day_and_time(moment, zone)} ({zone_city(zone)})"
