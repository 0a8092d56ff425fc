"""That an upgrade changed how meetings are counted, told for thirty days, so that nobody looks elsewhere for why."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from lib.bootstrap import desk
from lib.coverage.rates import Rate, coverage
from lib.queries.shared_cache import remembered
from lib.store import recounts
from lib.store.recounts import Recount, RecountedMonth
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import fraction, percent, short_day

TOLD_FOR = timedelta(days=30)
WHY = {
    2: "All-day events in any time zone and meetings on unknown platforms no longer count, unless a bot was sent; a "
    "meeting that was moved after it took place keeps its recording; copies of one meeting whose ids differ in case or "
    "date count once.",
}
"""By the version of the counting, in our own words."""


def show_counted_anew(shown: Shown) -> None:
    """One caption, for whoever sees the whole workspace, whose figures these are."""
    if not shown.known.sight.is_everything:
        return
    found = remembered(shown.known, ("counted anew",), _latest)
    if found is not None and (sentence := sentence_of(found, shown.as_of, viewer_zone())):
        st.caption(sentence, help=WHY.get(found.version))


def sentence_of(found: Recount, now: datetime, zone: ZoneInfo) -> str:
    """Since when, and how far each month differs by it; empty after thirty days, and where no month does."""
    if not found.is_done or now - found.at > TOLD_FOR:
        return ""
    told = list(_months(found))
    since = short_day(found.at.astimezone(zone).date())
    return f"Counted anew since {since}: {'; '.join(told)}. This comes from the counting alone." if told else ""


def _months(found: Recount) -> Iterator[str]:
    for month in found.months:
        before = coverage(month.recorded_before, month.held_before)
        after = coverage(month.recorded_after or 0, month.held_after or 0)
        if before != after:
            yield f"{_name(month)} {percent(before.value)} → {percent(after.value)} ({_fractions(before, after)})"


def _fractions(before: Rate, after: Rate) -> str:
    old, new = (fraction(rate.numerator, rate.denominator) for rate in (before, after))
    return f"{old}, now {new}"


def _name(month: RecountedMonth) -> str:
    return f"{date.fromisoformat(f'{month.name}-01'):%B}"


def _latest() -> Recount | None:
    with desk().store.read() as connection:
        return recounts.latest(connection)
