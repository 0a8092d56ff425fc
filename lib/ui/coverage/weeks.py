"""What became of the ended meetings, week by week; a cell opens its meetings."""

from datetime import date

import streamlit as st

from lib.coverage.drilldown import GridCell
from lib.coverage.grid import COLUMNS, GridRow
from lib.coverage.period import Bucket, fitting
from lib.recording.outcome import Outcome
from lib.ui.coverage.counts import Counted, opened_of, weeks_of
from lib.ui.coverage.reasons import CLASSES
from lib.ui.widgets.download import show_download
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.meeting_rows import show_rows
from lib.ui.widgets.open_rows import asked_rows, close_rows, open_rows, selection_key
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.table import Column, Columns, number_column, show_cells, table_of, text_column
from lib.ui.words.basis import inferred_words
from lib.ui.words.formats import short_day

KIND = "grid"
_HEADS = {outcome: CLASSES.get(outcome, f"{outcome.sign} {outcome.label}") for outcome in COLUMNS} | {
    Outcome.DID_NOT_HAPPEN: "Did not happen",
    Outcome.UNSETTLED: "Unsettled",
}


def show_weeks(shown: Shown, found: Counted) -> None:
    """The grid, with the meetings of the selected cell under it."""
    bucket = fitting(shown.choice.period, Bucket.WEEK, report_zone())
    rows = weeks_of(shown)
    st.subheader(f"{bucket.value.title()} by {bucket.value}", anchor=False)
    _show_grid(shown, found, rows, bucket)
    _show_behind(shown, rows, bucket)


def columns_by(bucket: Bucket) -> Columns[GridRow]:
    """A row a bucket, a column an outcome."""
    return {
        "start": text_column(
            f"{bucket.value.title()} of",
            76,
            lambda row: _day_words(row.start, bucket),
            export=lambda row: row.start.isoformat(),
        )
    } | {outcome.value: _count_column(outcome) for outcome in COLUMNS}


def _count_column(outcome: Outcome) -> Column[GridRow]:
    return number_column(_HEADS[outcome], 104, lambda row: row.counts[outcome])


def _show_grid(shown: Shown, found: Counted, rows: tuple[GridRow, ...], bucket: Bucket) -> None:
    def pick(cell: tuple[GridRow, str] | None) -> None:
        if cell is None or cell[1] == "start":
            close_rows(KIND)
        else:
            open_rows(KIND, f"{cell[0].start.isoformat()}:{cell[1]}")

    columns, alt = columns_by(bucket), f"Ended meetings by {bucket.value}"
    show_cells(rows, columns, key=selection_key(f"{shown.page}_{KIND}"), alt=alt, on_pick=pick)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        by_keyboard = "By keyboard: Tab to the table, arrow keys to the cell."
        inferred = inferred_words(found.misses.by_rules, found.first_seen)
        told = " ".join(filter(None, ("Meetings.", inferred, "Select a cell to open its rows.")))
        st.caption(told, help=by_keyboard, width="content")
        show_download(lambda: table_of(rows, columns), "weeks", shown.member, key=f"{shown.page}_{KIND}")


def _show_behind(shown: Shown, rows: tuple[GridRow, ...], bucket: Bucket) -> None:
    day, _, word = (asked_rows(KIND) or "").partition(":")
    row = next((row for row in rows if row.start.isoformat() == day), None)
    outcome = next((outcome for outcome in COLUMNS if outcome.value == word), None)
    if row is None or outcome is None:
        return
    opened = opened_of(shown, GridCell(bucket, report_zone(), row.start, outcome))
    title = f"{_HEADS[outcome]}, {bucket.value} of {short_day(row.start)}"
    show_rows(shown.known, shown.member, title, opened, key=f"{shown.page}_{KIND}_behind")


def _day_words(day: date, bucket: Bucket) -> str:
    return short_day(day) if bucket in (Bucket.DAY, Bucket.WEEK) else f"{day:%b %Y}"
