"""Over time: the rates as lines with what changed meanwhile, and the outcomes of each week."""

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from lib.bootstrap import desk
from lib.coverage.drilldown import GridCell
from lib.coverage.grid import COLUMNS as OUTCOMES
from lib.coverage.grid import GridRow
from lib.coverage.period import Bucket, fitting
from lib.coverage.rates import Rate
from lib.coverage.trend import Point
from lib.queries.coverage_figures import CoverageFigures, outcomes_by_week, rates_over_time
from lib.queries.customers import applied_files
from lib.queries.shared_cache import remembered
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.outcome import Outcome
from lib.store import observations
from lib.store.observations import ObservationKind
from lib.ui import charts
from lib.ui.charts.lines import rate_says
from lib.ui.coverage.reasons import CLASSES
from lib.ui.coverage.section import opened_of
from lib.ui.widgets.choices import choose
from lib.ui.widgets.download import show_download
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.meeting_rows import show_rows
from lib.ui.widgets.open_rows import asked_rows, close_rows, open_rows, selection_key
from lib.ui.widgets.page_head import Shown, users_in
from lib.ui.widgets.table import Column, Columns, number_column, show_cells, show_plain_table, table_of, text_column
from lib.ui.words.basis import early_rates_words, first_sync, inferred_words, unwatched_until, when_seen
from lib.ui.words.formats import count, fraction, percent, short_day

TREND = "trend"
MOST_OBSERVATIONS = 5000
_BUCKETS = {Bucket.WEEK.value: "Week", Bucket.DAY.value: "Day", Bucket.MONTH.value: "Month"}


def show_trend(shown: Shown) -> None:
    """Three lines, or their points as a table."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Trend", anchor=False, width="content")
        asked = Bucket(choose("By", _BUCKETS, name="by"))
        as_table = st.toggle("Table", key=f"{TREND}_as_table", help="The same rows as a table.")
    points = rates_over_time(shown.selection, asked)
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
    """What may explain a change of the rates: the first sync, changed rules by day, files that changed customers."""
    days: Counter[date] = Counter()
    with desk().store.read() as connection:
        begins = datetime(first.year, first.month, first.day, tzinfo=zone)
        for observed in observations.since(connection, after=begins, limit=MOST_OBSERVATIONS, sight=known.sight):
            if observed.kind is ObservationKind.PREFERENCES_CHANGED and observed.user_id in user_ids:
                days[observed.at.astimezone(zone).date()] += 1
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
    charts.show_lines(days, lines, _events(shown, days[0]), alt_text=trend_sentence(points, bucket))


def trend_sentence(points: tuple[Point, ...], bucket: Bucket) -> str:
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


TREND_COLUMNS: Columns[Point] = {
    "from": text_column("From", 86, lambda point: point.start.isoformat()),
    "held": number_column("Held", 70, lambda point: point.held),
    "asked": number_column("Asked for", 70, lambda point: point.asked),
    "recorded": number_column("Recorded", 70, lambda point: point.recorded),
    "coverage": text_column("Coverage", 70, lambda point: percent(point.coverage.value)),
    "reach": text_column("Reach", 70, lambda point: percent(point.reach.value)),
    "delivery": text_column("Delivery", 70, lambda point: percent(point.delivery.value)),
}


def _show_table(shown: Shown, points: tuple[Point, ...]) -> None:
    show_plain_table(points, TREND_COLUMNS, alt="The rates over time", most_rows=7)
    show_download(lambda: table_of(points, TREND_COLUMNS), TREND, shown.member, key=f"{shown.page}_{TREND}")


WEEKS = "grid"
_HEADS = {outcome: CLASSES.get(outcome, f"{outcome.sign} {outcome.label}") for outcome in OUTCOMES} | {
    Outcome.DID_NOT_HAPPEN: "Did not happen",
    Outcome.UNSETTLED: "Unsettled",
}


def show_weeks(shown: Shown, found: CoverageFigures) -> None:
    """The grid, with the meetings of the selected cell under it."""
    bucket = fitting(shown.choice.period, Bucket.WEEK, report_zone())
    rows = outcomes_by_week(shown.selection)
    st.subheader(f"{bucket.value.title()} by {bucket.value}", anchor=False)
    _show_grid(shown, found, rows, bucket)
    _show_behind(shown, rows, bucket)


def columns_by(bucket: Bucket) -> Columns[GridRow]:
    """A row for each bucket, with a column for each outcome."""
    return {
        "start": text_column(
            f"{bucket.value.title()} of",
            76,
            lambda row: _day_words(row.start, bucket),
            export=lambda row: row.start.isoformat(),
        )
    } | {outcome.value: _count_column(outcome) for outcome in OUTCOMES}


def _count_column(outcome: Outcome) -> Column[GridRow]:
    return number_column(_HEADS[outcome], 104, lambda row: row.counts[outcome])


def _show_grid(shown: Shown, found: CoverageFigures, rows: tuple[GridRow, ...], bucket: Bucket) -> None:
    def pick(cell: tuple[GridRow, str] | None) -> None:
        if cell is None or cell[1] == "start":
            close_rows(WEEKS)
        else:
            open_rows(WEEKS, f"{cell[0].start.isoformat()}:{cell[1]}")

    columns, alt = columns_by(bucket), f"Ended meetings by {bucket.value}"
    show_cells(rows, columns, key=selection_key(f"{shown.page}_{WEEKS}"), alt=alt, on_pick=pick)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        by_keyboard = "By keyboard: Tab to the table, arrow keys to the cell."
        inferred = inferred_words(found.misses.by_rules, when_seen(found.first_seen, report_zone()))
        caption = " ".join(filter(None, ("Meetings.", inferred, "Select a cell to open its rows.")))
        st.caption(caption, help=by_keyboard, width="content")
        show_download(lambda: table_of(rows, columns), "weeks", shown.member, key=f"{shown.page}_{WEEKS}")


def _show_behind(shown: Shown, rows: tuple[GridRow, ...], bucket: Bucket) -> None:
    day, _, word = (asked_rows(WEEKS) or "").partition(":")
    row = next((row for row in rows if row.start.isoformat() == day), None)
    outcome = next((outcome for outcome in OUTCOMES if outcome.value == word), None)
    if row is None or outcome is None:
        return
    opened = opened_of(shown.selection, GridCell(bucket, report_zone(), row.start, outcome))
    title = f"{_HEADS[outcome]}, {bucket.value} of {short_day(row.start)}"
    show_rows(shown.known, shown.member, title, opened, key=f"{shown.page}_{WEEKS}_behind")


def _day_words(day: date, bucket: Bucket) -> str:
    return short_day(day) if bucket in (Bucket.DAY, Bucket.WEEK) else f"{day:%b %Y}"
