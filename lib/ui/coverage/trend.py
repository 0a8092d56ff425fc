"""The rates over time, with what was changed meanwhile."""

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from lib.bootstrap import desk
from lib.coverage.period import Bucket, fitting
from lib.coverage.rates import Rate
from lib.coverage.trend import Point
from lib.queries.customers import applied_files
from lib.queries.shared_cache import remembered
from lib.queries.workspace import WorkspaceSnapshot
from lib.store import observations
from lib.store.observations import ObservationKind
from lib.ui import charts
from lib.ui.charts.lines import rate_says
from lib.ui.coverage.counts import trend_of
from lib.ui.widgets.choices import choose
from lib.ui.widgets.download import show_download
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.page_head import Shown, users_in
from lib.ui.widgets.table import Columns, number_column, show_plain_table, table_of, text_column
from lib.ui.words.basis import early_rates_words, first_sync, unwatched_until
from lib.ui.words.formats import count, fraction, percent, short_day

NAME = "trend"
MOST_OBSERVATIONS = 5000
_BUCKETS = {Bucket.WEEK.value: "Week", Bucket.DAY.value: "Day", Bucket.MONTH.value: "Month"}


def show_trend(shown: Shown) -> None:
    """Three lines, or their points as a table."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Trend", anchor=False, width="content")
        asked = Bucket(choose("By", _BUCKETS, name="by"))
        as_table = st.toggle("Table", key=f"{NAME}_as_table", help="The same rows as a table.")
    points = trend_of(shown, asked)
    taken = fitting(shown.choice.period, asked, report_zone())
    if taken is not asked:
        st.caption(f"Too many {asked.value}s for one chart: shown by {taken.value}.")
    if not any(point.held for point in points):
        st.caption("No meetings were held, so there is nothing to draw.")
    elif as_table:
        _show_table(shown, points)
    else:
        _show_chart(shown, points, taken)
    began = unwatched_until(shown.known, shown.choice.period, report_zone())
    if began:
        st.caption(early_rates_words(began, dotted=not as_table))


def events_of(known: WorkspaceSnapshot, user_ids: frozenset[str], first: date, zone: ZoneInfo) -> list[charts.Marker]:
    """What may explain a bend: the first sync, changes of rules by day, and files that changed customers."""
    days: Counter[date] = Counter()
    with desk().store.read() as connection:
        begins = datetime(first.year, first.month, first.day, tzinfo=zone)
        for seen in observations.since(connection, after=begins, limit=MOST_OBSERVATIONS, sight=known.sight):
            if seen.kind is ObservationKind.PREFERENCES_CHANGED and seen.user_id in user_ids:
                days[seen.at.astimezone(zone).date()] += 1
        files = {applied.at.astimezone(zone).date() for applied in applied_files(connection, known.sight)}
    found = [charts.Marker(day, f"Rules changed: {count(n)}") for day, n in days.items()]
    found += [charts.Marker(day, "Customers changed") for day in files if day >= first]
    if began := first_sync(known, zone):
        found.append(charts.Marker(began, "First sync"))
    return sorted(found, key=lambda event: event.day)


def _show_chart(shown: Shown, points: tuple[Point, ...], bucket: Bucket) -> None:
    began = unwatched_until(shown.known, shown.choice.period, report_zone())
    lines = [
        _line("Coverage", [point.coverage for point in points]),
        _line("Reach", [point.reach for point in points], began),
        _line("Delivery", [point.delivery for point in points], began),
    ]
    days = [point.start for point in points]
    charts.show_lines(days, lines, _events(shown, days[0]), alt_text=finding(points, bucket))


def finding(points: tuple[Point, ...], bucket: Bucket) -> str:
    """The chart in one sentence."""
    known = [point for point in points if point.held]
    first, last = known[0], known[-1]
    return (
        f"Coverage by {bucket.value}: {percent(first.coverage.value)} from {short_day(first.start)}, "
        f"{percent(last.coverage.value)} from {short_day(last.start)}."
    )


def _line(name: str, rates: list[Rate], dotted_before: date | None = None) -> charts.RateLine:
    says = tuple(rate_says(rate.value, fraction(rate.numerator, rate.denominator)) for rate in rates)
    return charts.RateLine(name, tuple(rate.value for rate in rates), says, dotted_before)


def _events(shown: Shown, first: date) -> list[charts.Marker]:
    def work_out() -> list[charts.Marker]:
        users = frozenset(row.user.id for row in users_in(shown.known, shown.choice.scope))
        return events_of(shown.known, users, first, report_zone())

    return remembered(shown.known, ("events", shown.choice.scope, first), work_out)


COLUMNS: Columns[Point] = {
    "from": text_column("From", 86, lambda point: point.start.isoformat()),
    "held": number_column("Held", 70, lambda point: point.held),
    "asked": number_column("Asked for", 70, lambda point: point.asked),
    "recorded": number_column("Recorded", 70, lambda point: point.recorded),
    "coverage": text_column("Coverage", 70, lambda point: percent(point.coverage.value)),
    "reach": text_column("Reach", 70, lambda point: percent(point.reach.value)),
    "delivery": text_column("Delivery", 70, lambda point: percent(point.delivery.value)),
}


def _show_table(shown: Shown, points: tuple[Point, ...]) -> None:
    show_plain_table(points, COLUMNS, alt="The rates over time", most_rows=7)
    show_download(lambda: table_of(points, COLUMNS), NAME, shown.member, key=f"{shown.page}_{NAME}")
