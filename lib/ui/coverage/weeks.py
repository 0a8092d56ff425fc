"""What became of the ended meetings, week by week; a cell opens its meetings."""

from datetime import date

import pandas as pd
import streamlit as st

from lib.coverage.drilldown import GridCell
from lib.coverage.grid import COLUMNS, GridRow
from lib.coverage.period import Bucket, fitting
from lib.export import Table
from lib.recording.outcome import Outcome
from lib.ui.coverage.counts import Counted, opened_of, weeks_of
from lib.ui.coverage.reasons import CLASSES
from lib.ui.widgets.download import show_download
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.meeting_rows import show_rows
from lib.ui.widgets.open_rows import asked_rows, close_rows, open_rows, selection_key
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.tables import number_column, show_cells, text_column
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


def _show_grid(shown: Shown, found: Counted, rows: tuple[GridRow, ...], bucket: Bucket) -> None:
    frame = pd.DataFrame(
        {"start": [_day_words(row.start, bucket) for row in rows]}
        | {outcome.value: [row.counts[outcome] for row in rows] for outcome in COLUMNS}
    )
    columns = {"start": text_column(f"{bucket.value.title()} of", 76)}
    columns |= {outcome.value: number_column(_HEADS[outcome], 104) for outcome in COLUMNS}

    def pick(cell: tuple[int, str] | None) -> None:
        if cell is None or cell[1] not in columns or cell[1] == "start" or cell[0] >= len(rows):
            close_rows(KIND)
        else:
            open_rows(KIND, f"{rows[cell[0]].start.isoformat()}:{cell[1]}")

    show_cells(
        frame, columns, key=selection_key(f"{shown.page}_{KIND}"), alt=f"Ended meetings by {bucket.value}", on_pick=pick
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        by_keyboard = "By keyboard: Tab to the table, arrow keys to the cell."
        inferred = inferred_words(found.misses.by_rules, found.first_seen)
        told = " ".join(filter(None, ("Meetings.", inferred, "Select a cell to open its rows.")))
        st.caption(told, help=by_keyboard, width="content")
        heads = (columns["start"]["label"] or "", *(_HEADS[outcome] for outcome in COLUMNS))
        table = Table(heads, [(row.start.isoformat(), *(row.counts[each] for each in COLUMNS)) for row in rows])
        show_download(lambda: table, "weeks", shown.member, key=f"{shown.page}_{KIND}")


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
