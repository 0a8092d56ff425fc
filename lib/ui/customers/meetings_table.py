"""The meetings of one customer that were missed, or that are at risk, with a note where another account's bot joins."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from lib.coverage.at_risk import at_risk
from lib.coverage.drilldown import Figure, drill_down
from lib.coverage.duplicates import joined_by_others
from lib.coverage.scope import Scope, within
from lib.queries.shared_cache import remembered, view_of
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.time_part import TimePart
from lib.ui.customers.standing import AHEAD_DAYS, PERIOD_DAYS, Standing, period_of
from lib.ui.widgets.choices import choose
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.meeting_rows import MeetingRow, Opened, rows_of, show_meetings
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import count, day_and_time

MOST_TIMES = 5


def show_meetings_of(known: WorkspaceSnapshot, standing: Standing, as_of: datetime) -> None:
    """The meetings with a choice between those missed and those at risk."""
    scope = Scope(customer=standing.asked)
    missed, ahead = _missed(known, scope, as_of), _at_risk(known, scope, as_of)
    st.subheader("Meetings", anchor=False)
    chosen = choose(
        "Meetings",
        {
            "missed": f"Missed, {PERIOD_DAYS} days · {count(missed.meetings)}",
            "ahead": f"At risk, {AHEAD_DAYS} days · {count(ahead.meetings)}",
        },
        name="meetings",
        style="pills",
    )
    opened = missed if chosen == "missed" else ahead
    if not opened.keys:
        st.caption(
            "Nothing is missed." if chosen == "missed" else "Every external meeting has a bot, or is off by choice."
        )
        return
    rows = rows_of(known, opened.keys)
    more = f" The latest {count(len(rows))} are shown." if opened.meetings > len(opened.keys) else ""
    show_meetings(rows, key=f"customer_{chosen}", more=more, order=("title", "user"))
    _note_other_bots(known, opened.keys, rows)


def _missed(known: WorkspaceSnapshot, scope: Scope, as_of: datetime) -> Opened:
    def work_out() -> Opened:
        view = view_of(known, scope, period_of(as_of, report_zone()))
        return Opened.of(drill_down(view, Figure(TimePart.ENDED, "missed")))

    return remembered(known, ("missed", scope, report_zone().key), work_out)


def _at_risk(known: WorkspaceSnapshot, scope: Scope, as_of: datetime) -> Opened:
    return remembered(
        known,
        ("at risk", scope, AHEAD_DAYS),
        lambda: Opened.of(at_risk(within(known.frame, scope), as_of, AHEAD_DAYS).unbooked),
    )


def _note_other_bots(known: WorkspaceSnapshot, keys: tuple[int, ...], rows: Sequence[MeetingRow]) -> None:
    """Another account's bot covers nothing for this customer, but explains what people saw; whose it is is not said."""
    joined = remembered(known, ("elsewhere", keys), lambda: joined_by_others(known.frame, keys))
    if not joined:
        return
    starts = [row.start for row, key in zip(rows, keys, strict=False) if key in joined and row.start]
    named = ", ".join(day_and_time(start, viewer_zone()) for start in starts[:MOST_TIMES])
    rest = f" and {count(len(starts) - MOST_TIMES)} more" if len(starts) > MOST_TIMES else ""
    st.caption(
        f":material/content_copy: Another account's bot is booked for {count(len(joined))} of these meetings "
        f"({named}{rest}). It records nothing for this customer."
    )
