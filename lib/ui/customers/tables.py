"""The tables of one customer: calendars lost, meetings missed or at risk, teams, and users without a customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from lib.bootstrap import desk
from lib.coverage.at_risk import at_risk
from lib.coverage.breakdown import BreakdownGroup
from lib.coverage.drilldown import Figure
from lib.coverage.duplicates import joined_by_others
from lib.coverage.hidden_meetings import hidden_meetings
from lib.coverage.scope import Dimension, within
from lib.customer import PUBLIC_MAIL_DOMAINS
from lib.domain import Connection
from lib.queries.coverage_figures import groups_by
from lib.queries.customer_summary import AHEAD_DAYS, PERIOD_DAYS
from lib.queries.recent_observations import lost_at
from lib.queries.selection import Selection
from lib.queries.shared_cache import remembered
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.time_part import TimePart
from lib.store.users import UserRow
from lib.ui.coverage.section import opened, opened_of
from lib.ui.widgets.choices import choose
from lib.ui.widgets.meeting_rows import MeetingRow, rows_of, show_meetings
from lib.ui.widgets.query_params import open_user_page
from lib.ui.widgets.table import Columns, number_column, show_plain_table, show_table, text_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.calendar_health import platform_name, platforms_words
from lib.ui.words.formats import NOTHING, about, count, day_and_time, fraction, one_line, percent, plural, zone_city

MOST_TIMES = 5


@dataclass(frozen=True, slots=True)
class LostCalendar:
    """A calendar that was lost, with its user."""

    row: UserRow
    calendar: Connection
    lost_at: datetime | None
    """None: not observed in the last 30 days."""


def show_lost_calendars(known: WorkspaceSnapshot, users: Sequence[UserRow], as_of: datetime) -> None:
    """The lost calendars of these users; nothing where there are none. Selecting one opens its user."""
    lost = [
        LostCalendar(row, calendar, lost_at(desk().store, known, row.user.id, calendar.platform))
        for row in users
        for calendar in row.user.lost
    ]
    if not lost:
        return
    st.subheader("Calendars lost", anchor=False)
    st.caption("Their meetings cannot be seen until the user connects again. Select a row to open the user.")
    columns = _lost_columns(_usual_meetings(known, lost, as_of))
    picked = show_table(lost, columns, key="lost_table", alt=f"{plural(len(lost), 'calendar')} lost")
    if picked:
        open_user_page(picked[0].row.user.id)


def _lost_columns(usual: dict[str, float | None]) -> Columns[LostCalendar]:
    zone = viewer_zone()

    def lost(each: LostCalendar) -> str:
        return day_and_time(each.lost_at, zone) if each.lost_at else "over 30 days ago, or not seen by us"

    def unseen(each: LostCalendar) -> str:
        if each.row.user.connected:
            return "another calendar is connected"
        a_week = usual.get(each.row.user.id)
        return "no data" if a_week is None else about(a_week)

    return {
        "user": text_column("User", 300, lambda each: one_line(each.row.user.label)),
        "calendar": text_column("Calendar", 120, lambda each: platform_name(each.calendar.platform)),
        "lost": text_column(f"Lost ({zone_city(zone)})", 200, lost),
        "hidden": text_column("Meetings a week, unseen", 200, unseen),
    }


def _usual_meetings(known: WorkspaceSnapshot, lost: Sequence[LostCalendar], as_of: datetime) -> dict[str, float | None]:
    """How many meetings a week these users usually have, by Recall's id; None: not known."""
    since = {each.row.user.id: each.lost_at for each in lost}

    def work_out() -> dict[str, float | None]:
        return {each.user: each.usual_a_week for each in hidden_meetings(known.frame, since, as_of).users}

    return remembered(known, ("usual", tuple(since.items())), work_out)


UNASSIGNED_COLUMNS: Columns[UserRow] = {
    "user": text_column("User", 300, lambda row: one_line(row.user.label)),
    "why": text_column("Why", 220, lambda row: _why_unassigned(row)),
    "team": text_column("Team", 140, lambda row: one_line(row.team) or NOTHING),
    "calendars": text_column("Calendars", 160, lambda row: platforms_words(row.user) or NOTHING),
}


def show_unassigned(users: Sequence[UserRow]) -> None:
    """The users without a customer, and why they have none. Selecting one opens the user."""
    if not users:
        return
    st.subheader("Users without a customer", anchor=False)
    st.caption('To give them one, see "Assign" on the page of all customers. Select a row to open the user.')
    alt = f"{plural(len(users), 'user')} without a customer"
    picked = show_table(users, UNASSIGNED_COLUMNS, key="unassigned_table", alt=alt)
    if picked:
        open_user_page(picked[0].user.id)


def _why_unassigned(row: UserRow) -> str:
    domains = {(each.email or "").rpartition("@")[2].lower() for each in row.user.connections if each.email}
    return "Public mail domain" if domains & PUBLIC_MAIL_DOMAINS else "No mailbox is known"


def show_meetings_of(selection: Selection) -> None:
    """The customer's missed meetings, or those at risk, as the viewer chooses. Selecting one opens its user."""
    known, frame = selection.known, within(selection.known.frame, selection.scope)
    missed = opened_of(selection, Figure(TimePart.ENDED, "missed"))
    ahead = opened(selection, "at risk", lambda: at_risk(frame, selection.as_of, AHEAD_DAYS).unbooked)
    st.subheader("Meetings", anchor=False)
    chosen = choose(
        "Meetings",
        {
            "missed": f"Missed, {PERIOD_DAYS} days · {count(missed.meetings)}",
            "ahead": f"At risk, {AHEAD_DAYS} days · {count(ahead.meetings)}",
        },
        name="meetings",
        style="pills",
    )
    listed = missed if chosen == "missed" else ahead
    if not listed.keys:
        st.caption(
            "Nothing is missed." if chosen == "missed" else "Every external meeting has a bot, or is off by choice."
        )
        return
    rows = rows_of(known, listed.keys)
    more = f" The latest {count(len(rows))} are shown." if listed.meetings > len(listed.keys) else ""
    show_meetings(rows, key=f"customer_{chosen}", more=more, order=("title", "user"))
    _show_other_accounts(known, listed.keys, rows)


def _show_other_accounts(known: WorkspaceSnapshot, keys: tuple[int, ...], rows: Sequence[MeetingRow]) -> None:
    """Which of the meetings a bot of another account joins: it explains a bot in the call, and records nothing here."""
    joined = remembered(known, ("elsewhere", keys), lambda: joined_by_others(known.frame, keys))
    if not joined:
        return
    starts = [row.start for row, key in zip(rows, keys, strict=False) if key in joined and row.start]
    named = ", ".join(day_and_time(start, viewer_zone()) for start in starts[:MOST_TIMES])
    rest = f" and {count(len(starts) - MOST_TIMES)} more" if len(starts) > MOST_TIMES else ""
    st.caption(
        f":material/content_copy: Another account's bot is booked for {count(len(joined))} of these meetings "
        f"({named}{rest}). It records nothing for this customer."
    )


TEAM_COLUMNS: Columns[BreakdownGroup] = {
    "team": text_column("Team", 240, lambda group: "(no team)" if group.name is None else one_line(group.name)),
    "missed": number_column("Missed", 80, lambda group: group.missed),
    "coverage": text_column("Coverage", 100, lambda group: percent(group.coverage.value)),
    "held": text_column("Recorded of held", 140, lambda group: fraction(group.recorded, group.held)),
    "ahead": number_column("Coming, no bot", 120, lambda group: group.upcoming_missed),
}


def show_teams(selection: Selection, users: Sequence[UserRow]) -> None:
    """The customer's teams, most misses first; nothing where no user is in a team."""
    if not any(row.team for row in users):
        return
    groups = groups_by(selection, Dimension.TEAM)
    st.subheader("Teams", anchor=False)
    show_plain_table(groups, TEAM_COLUMNS, alt=f"{plural(len(groups), 'team')}, most misses first")
    st.caption("A meeting of users of two teams counts for both.")
