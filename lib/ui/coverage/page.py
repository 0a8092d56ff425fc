"""The Coverage page below its filters."""

import streamlit as st

from lib.queries.workspace import WorkspaceSnapshot
from lib.ui.coverage.counts import Counted, counted
from lib.ui.coverage.figures import show_figures
from lib.ui.coverage.funnel import show_funnel, show_funnel_rows
from lib.ui.coverage.in_words import definitions, intro, page_table
from lib.ui.coverage.reasons import show_reason_rows, show_reasons
from lib.ui.coverage.recount_note import show_counted_anew
from lib.ui.coverage.risk import days_ahead, risk_of, show_risk
from lib.ui.coverage.trend import show_trend
from lib.ui.coverage.weeks import show_weeks
from lib.ui.coverage.where import show_where, show_where_rows
from lib.ui.widgets.definitions import show_definitions_button
from lib.ui.widgets.download import show_download
from lib.ui.widgets.filter_row import clear_filters, report_zone
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.page_head import Shown, show_first_days, users_in
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import clock_time, plural


def show_coverage(shown: Shown) -> None:
    """Figures, the sentence, the pictures and the rows; or why there is nothing to show."""
    found = counted(shown)
    days = days_ahead()
    coming = risk_of(shown, days).upcoming
    with shown.actions:
        show_definitions_button(definitions(found, coming, days), intro=intro(shown))
        zone = viewer_zone()
        show_download(lambda: page_table(shown, found, zone), "coverage", shown.member, key=shown.page)
    if found.numbers.ended.meetings:
        _show_past(shown, found)
    else:
        _show_why_empty(shown)
    show_risk(shown)


def _show_past(shown: Shown, found: Counted) -> None:
    show_figures(shown, found)
    show_counted_anew(shown)
    show_first_days(shown.known, shown.as_of, report_zone())
    left, right = st.columns(2, gap="medium")
    with left:
        show_funnel(shown, found)
    with right:
        show_trend(shown)
    show_funnel_rows(shown)
    left, right = st.columns(2, gap="medium")
    with left:
        show_reasons(shown, found)
    with right:
        show_where(shown)
    show_reason_rows(shown)
    show_where_rows(shown)
    show_weeks(shown, found)


def _show_why_empty(shown: Shown) -> None:
    """No meeting has ended in the period: because of the filters, the period, or calendars that cannot be seen."""
    users = users_in(shown.known, shown.choice.scope)
    if users and not any(row.user.connected for row in users):
        show_empty("No calendar connected", "So no meetings can be seen.", ":material/link_off:")
    elif shown.choice.narrowed:
        _show_filters_empty(shown)
    else:
        when = clock_time(shown.as_of, viewer_zone())
        why = f"{shown.choice.days}. {_calendars(shown.known)} read at {when}."
        show_empty("No meetings in this period", why, ":material/event_busy:")


def _show_filters_empty(shown: Shown) -> None:
    without = counted(shown.without_scope()).numbers.ended.meetings
    show_empty(
        "Nothing matches these filters",
        f"{plural(without, 'meeting')} without them.",
        ":material/filter_alt_off:",
        act="Clear filters",
        on_click=lambda: clear_filters(shown.page),
    )


def _calendars(known: WorkspaceSnapshot) -> str:
    return "The one calendar is connected and was" if known.connected == 1 else "The calendars are connected and were"
