"""What is new since somebody last looked, as a table."""

from collections.abc import Collection, Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from lib.queries.workspace import WorkspaceSnapshot
from lib.staff.accounts import StaffMember
from lib.ui.customers.news import News, What, news_since
from lib.ui.customers.visits import FIRST_TIME, since_last_look
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.query_params import open_user_page
from lib.ui.widgets.tables import chip_column, show_table, starts_column, text_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.basis import IN_TABLES
from lib.ui.words.formats import count, day_and_time, plural

MOST_ROWS = 200
CHIPS = (What.FOUND, What.RULES, What.LET_GO, What.LOST, "(4)", "(5)", "(6)", "(7)", What.CHOSEN, What.MISSES)
"""In the order of the outcome colours, round and round: green, blue, (grey), orange."""


def show_news(
    known: WorkspaceSnapshot,
    as_of: datetime,
    member: StaffMember,
    customers: Collection[str | None] | None,
    *,
    step: object,
) -> None:
    """The table, for these customers (None: all) and for whoever looks. `step` is what is open on the page."""
    before = since_last_look(member, as_of, step)
    since = before or as_of - FIRST_TIME
    found = [
        news for news in news_since(known, since, report_zone()) if customers is None or news.customer in customers
    ]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Since you last looked", anchor=False, width="content")
        zone = viewer_zone()
        st.caption(
            day_and_time(before, zone) if before else "You have not looked before: the last 7 days", width="content"
        )
    if not found:
        st.caption("Nothing new: no calendar was lost or found, no rules were changed, and no meeting was missed.")
        return
    _show(found[:MOST_ROWS], one_customer=customers is not None and len(customers) == 1)
    if len(found) > MOST_ROWS:
        st.caption(f"The newest {MOST_ROWS} of {count(len(found))}.")


def _show(rows: Sequence[News], *, one_customer: bool) -> None:
    frame = pd.DataFrame(
        {
            "when": [news.at for news in rows],
            "what": [[news.what.value] for news in rows],
            "customer": [customer_words(news.customer) for news in rows],
            "detail": [news.detail for news in rows],
        }
    )
    columns = {
        "when": starts_column("When"),
        "what": chip_column("What", 140, CHIPS),
        "customer": text_column("Customer", 140),
        "detail": text_column("Detail", 440 + 140 * one_customer, IN_TABLES),
    }
    if one_customer:
        del columns["customer"]
    picked = show_table(frame, columns, key="news_table", alt=f"{plural(len(rows), 'change')}, newest first")
    users = rows[picked[0]].users if picked and picked[0] < len(rows) else ()
    if len(users) == 1:
        open_user_page(users[0])
