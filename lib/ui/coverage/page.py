"""The Coverage page below its filters."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from lib.bootstrap import desk
from lib.coverage.rates import Rate, coverage
from lib.queries.coverage_figures import CoverageFigures, coverage_figures
from lib.queries.shared_cache import remembered
from lib.queries.workspace import WorkspaceSnapshot
from lib.store import recounts
from lib.store.recounts import Recount, RecountedMonth
from lib.ui.coverage.definitions import definitions, intro, page_table
from lib.ui.coverage.figures import show_figures, show_funnel, show_funnel_rows
from lib.ui.coverage.reasons import show_reason_rows, show_reasons
from lib.ui.coverage.risk import days_ahead, risk_of, show_risk
from lib.ui.coverage.trend import show_trend, show_weeks
from lib.ui.coverage.where import show_where, show_where_rows
from lib.ui.widgets.definitions import show_definitions_button
from lib.ui.widgets.download import show_download
from lib.ui.widgets.filter_row import clear_filters, report_zone
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.page_head import Shown, show_first_days, users_in
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import clock_time, fraction, percent, plural, short_day


def show_coverage(shown: Shown) -> None:
    """The figures, charts and tables of the period, or why there is nothing to show."""
    found = coverage_figures(shown.selection)
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


def _show_past(shown: Shown, found: CoverageFigures) -> None:
    show_figures(shown, found)
    _show_recount(shown)
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
    """Say why no meeting has ended in the period: the filters, the period, or calendars that are not connected."""
    users = users_in(shown.known, shown.choice.scope)
    if users and not any(row.user.connected for row in users):
        show_empty("No calendar connected", "So no meetings can be seen.", ":material/link_off:")
    elif shown.choice.narrowed:
        _show_filters_empty(shown)
    else:
        when = clock_time(shown.as_of, viewer_zone())
        why = f"{shown.choice.days}. {_calendars_read(shown.known)} read at {when}."
        show_empty("No meetings in this period", why, ":material/event_busy:")


def _show_filters_empty(shown: Shown) -> None:
    without = coverage_figures(shown.without_scope().selection).numbers.ended.meetings
    show_empty(
        "Nothing matches these filters",
        f"{plural(without, 'meeting')} without them.",
        ":material/filter_alt_off:",
        act="Clear filters",
        on_click=lambda: clear_filters(shown.page),
    )


def _calendars_read(known: WorkspaceSnapshot) -> str:
    return "The one calendar is connected and was" if known.connected == 1 else "The calendars are connected and were"


RECOUNT_SHOWN_FOR = timedelta(days=30)
RECOUNT_REASONS = {
    2: "All-day events in any time zone and meetings on unknown platforms no longer count, unless a bot was sent; a "
    "meeting that was moved after it took place keeps its recording; copies of one meeting whose ids differ in case or "
    "date count once.",
}
"""What a version of the counting changed."""


def _show_recount(shown: Shown) -> None:
    """The caption on a recent recount, for staff who see the whole workspace: its numbers are of all of it."""
    if not shown.known.sight.is_everything:
        return
    found = remembered(shown.known, ("counted anew",), _latest_recount)
    if found is not None and (sentence := recount_sentence(found, shown.as_of, viewer_zone())):
        st.caption(sentence, help=RECOUNT_REASONS.get(found.version))


def recount_sentence(found: Recount, now: datetime, zone: ZoneInfo) -> str:
    """When the counting changed, and the coverage before and after by month; empty after 30 days or if none changed."""
    if not found.is_done or now - found.at > RECOUNT_SHOWN_FOR:
        return ""
    months = list(_months(found))
    since = short_day(found.at.astimezone(zone).date())
    return f"Counted differently since {since}: {'; '.join(months)}. Only the counting has changed." if months else ""


def _months(found: Recount) -> Iterator[str]:
    for month in found.months:
        before = coverage(month.recorded_before, month.held_before)
        after = coverage(month.recorded_after or 0, month.held_after or 0)
        if before != after:
            yield f"{_month_name(month)} {percent(before.value)} → {percent(after.value)} ({_fractions(before, after)})"


def _fractions(before: Rate, after: Rate) -> str:
    old, new = (fraction(rate.numerator, rate.denominator) for rate in (before, after))
    return f"{old}, now {new}"


def _month_name(month: RecountedMonth) -> str:
    return f"{date.fromisoformat(f'{month.name}-01'):%B}"


def _latest_recount() -> Recount | None:
    with desk().store.read() as connection:
        return recounts.latest(connection)
