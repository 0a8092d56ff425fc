"""What is new since the viewer's last visit, as a table."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import streamlit as st

from lib.bootstrap import desk
from lib.errors import StoreError
from lib.queries.customer_news import CustomerNews, NewsKind, news_since
from lib.queries.workspace import WorkspaceSnapshot
from lib.staff.accounts import StaffMember
from lib.store import staff
from lib.ui.customers.words import rules_words
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.query_params import open_user_page
from lib.ui.widgets.table import Columns, chip_column, show_table, text_column, time_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.basis import IN_TABLES, marked
from lib.ui.words.calendar_health import platform_name
from lib.ui.words.formats import count, day_and_time, one_line, plural

MOST_ROWS = 200
FIRST_VISIT = timedelta(days=7)
"""How far back the news of a first visit go."""
_LAST_VISIT = "customers_last_visit"
_KINDS = {
    NewsKind.CALENDAR_LOST: "! Calendar lost",
    NewsKind.CALENDAR_DISCONNECTED: "– Calendar disconnected",
    NewsKind.CALENDAR_FOUND: "✓ Calendar found",
    NewsKind.RULES_CHANGED: "~ Rules changed",
    NewsKind.MISSED: "! New misses",
    NewsKind.OFF_BY_CHOICE: "– Off by choice",
}
CHIPS = (
    _KINDS[NewsKind.CALENDAR_FOUND],
    _KINDS[NewsKind.RULES_CHANGED],
    _KINDS[NewsKind.CALENDAR_DISCONNECTED],
    _KINDS[NewsKind.CALENDAR_LOST],
    *(f"({place})" for place in range(4, 8)),
    _KINDS[NewsKind.OFF_BY_CHOICE],
    _KINDS[NewsKind.MISSED],
)
"""Each at a place of its colour, which repeat: green, blue, grey for what was chosen, orange for what was lost."""


def show_news(
    known: WorkspaceSnapshot,
    as_of: datetime,
    member: StaffMember,
    customers: Collection[str | None] | None,
    *,
    step: object,
) -> None:
    """The news of these customers (None: of all) since the last visit of `member`. `step` is what the page has open."""
    before = _last_visit(member, as_of, step)
    found = [
        news
        for news in news_since(desk().store, known, as_of, before or as_of - FIRST_VISIT, report_zone())
        if customers is None or news.customer in customers
    ]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Since you last looked", anchor=False, width="content")
        since = day_and_time(before, viewer_zone()) if before else "You have not looked before: the last 7 days"
        st.caption(since, width="content")
    if not found:
        st.caption("Nothing new: no calendar was lost or found, no rules were changed, and no meeting was missed.")
        return
    _show(known, found[:MOST_ROWS], one_customer=customers is not None and len(customers) == 1)
    if len(found) > MOST_ROWS:
        st.caption(f"The newest {MOST_ROWS} of {count(len(found))}.")


def _last_visit(member: StaffMember, as_of: datetime, step: object) -> datetime | None:
    """The `as_of` that `member` saw last in the visit before this one; None in the first visit.

    A look is noted when the page is opened and whenever `step` changes, not when the page is drawn again by itself.
    Where the store cannot be written to, the look is not noted, and the page is shown all the same.
    """
    kept: tuple[object, datetime | None] | None = st.session_state.get(_LAST_VISIT)
    if kept is None or kept[0] != step:
        kept = (step, _note_look(member, as_of, kept[1] if kept else None))
        st.session_state[_LAST_VISIT] = kept
    return kept[1]


def _note_look(member: StaffMember, as_of: datetime, before: datetime | None) -> datetime | None:
    try:
        with desk().store.write() as connection:
            return staff.visit(connection, member.name, as_of=as_of)
    except StoreError:
        return before


def _columns(known: WorkspaceSnapshot, *, one_customer: bool) -> Columns[CustomerNews]:
    columns: Columns[CustomerNews] = {
        "when": time_column("When", lambda news: news.at),
        "what": chip_column("What", 140, lambda news: _KINDS[news.kind], CHIPS),
        "customer": text_column("Customer", 140, lambda news: customer_words(news.customer)),
        "detail": text_column("Detail", 440 + 140 * one_customer, lambda news: _detail(known, news), help=IN_TABLES),
    }
    return {name: column for name, column in columns.items() if name != "customer" or not one_customer}


def _show(known: WorkspaceSnapshot, rows: Sequence[CustomerNews], *, one_customer: bool) -> None:
    columns = _columns(known, one_customer=one_customer)
    picked = show_table(rows, columns, key="news_table", alt=f"{plural(len(rows), 'change')}, newest first")
    if picked and len(picked[0].user_ids) == 1:
        open_user_page(picked[0].user_ids[0])


def _detail(known: WorkspaceSnapshot, news: CustomerNews) -> str:
    if news.reason:
        return f"{plural(news.meetings, 'meeting')}: {marked(news.reason.label, news.basis)}"
    users = plural(len(news.user_ids), "user") if len(news.user_ids) > 1 else _user(known, news.user_ids[0])
    observed = news.observed
    if observed and news.kind is NewsKind.RULES_CHANGED:
        return f"{rules_words(observed.before, observed.after)} for {users}"
    return f"{users}, {platform_name((observed and observed.platform) or '')}"


def _user(known: WorkspaceSnapshot, user_id: str) -> str:
    row = known.user_by_id.get(user_id)
    return one_line(row.user.label) if row else user_id
