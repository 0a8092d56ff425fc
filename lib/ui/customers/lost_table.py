"""Users of one customer whose calendars are lost, and users who belong to no customer. A row opens the user."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from lib.coverage.hidden_meetings import hidden_meetings
from lib.customer import PUBLIC_MAIL_DOMAINS
from lib.domain import Connection
from lib.queries.shared_cache import remembered
from lib.queries.workspace import WorkspaceSnapshot
from lib.store.users import UserRow
from lib.ui.customers.seen import lost_when
from lib.ui.widgets.query_params import open_user_page
from lib.ui.widgets.tables import show_table, text_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.calendar_health import platform_name, platforms_words
from lib.ui.words.formats import NOTHING, about, day_and_time, one_line, plural, zone_city


def show_lost_calendars(known: WorkspaceSnapshot, people: Sequence[UserRow], as_of: datetime) -> None:
    """The table; nothing where no calendar is lost."""
    lost = [(row, calendar) for row in people for calendar in row.user.lost]
    if not lost:
        return
    st.subheader("Calendars lost", anchor=False)
    st.caption("Their meetings cannot be seen until the user connects again. Select a row to open the user.")
    usual = _usual(known, lost, as_of)
    zone = viewer_zone()
    frame = pd.DataFrame(
        {
            "user": [one_line(row.user.label) for row, _ in lost],
            "calendar": [platform_name(calendar.platform) for _, calendar in lost],
            "lost": [_since(lost_when(known, row.user.id, calendar.platform)) for row, calendar in lost],
            "hidden": [_hidden(row, usual.get(row.user.id)) for row, _ in lost],
        }
    )
    columns = {
        "user": text_column("User", 300),
        "calendar": text_column("Calendar", 120),
        "lost": text_column(f"Lost ({zone_city(zone)})", 200),
        "hidden": text_column("Meetings a week, unseen", 200),
    }
    picked = show_table(frame, columns, key="lost_table", alt=f"{plural(len(lost), 'calendar')} lost")
    if picked and picked[0] < len(lost):
        open_user_page(lost[picked[0]][0].user.id)


def show_unassigned(people: Sequence[UserRow]) -> None:
    """Who has no customer, and why."""
    if not people:
        return
    st.subheader("Users without a customer", anchor=False)
    st.caption('To give them one, see "Assign" on the page of all customers. Select a row to open the user.')
    frame = pd.DataFrame(
        {
            "user": [one_line(row.user.label) for row in people],
            "why": [_why_unassigned(row) for row in people],
            "team": [one_line(row.team) or NOTHING for row in people],
            "calendars": [platforms_words(row.user) or NOTHING for row in people],
        }
    )
    columns = {
        "user": text_column("User", 300),
        "why": text_column("Why", 220),
        "team": text_column("Team", 140),
        "calendars": text_column("Calendars", 160),
    }
    picked = show_table(frame, columns, key="unassigned_table", alt=f"{plural(len(people), 'user')} without a customer")
    if picked and picked[0] < len(people):
        open_user_page(people[picked[0]].user.id)


def _usual(
    known: WorkspaceSnapshot, lost: Sequence[tuple[UserRow, Connection]], as_of: datetime
) -> dict[str, float | None]:
    """How many meetings a week these users usually have."""
    since = {row.user.id: lost_when(known, row.user.id, calendar.platform) for row, calendar in lost}

    def work_out() -> dict[str, float | None]:
        return {each.user: each.usual_a_week for each in hidden_meetings(known.frame, since, as_of).users}

    return remembered(known, ("usual", tuple(since.items())), work_out)


def _since(when: datetime | None) -> str:
    return day_and_time(when, viewer_zone()) if when else "over 30 days ago, or not seen by us"


def _hidden(row: UserRow, usual: float | None) -> str:
    if row.user.connected:
        return "another calendar is connected"
    return "no data" if usual is None else about(usual)


def _why_unassigned(row: UserRow) -> str:
    domains = {(c.email or "").rpartition("@")[2].lower() for c in row.user.connections if c.email}
    return "Public mail domain" if domains & PUBLIC_MAIL_DOMAINS else "No mailbox is known"
