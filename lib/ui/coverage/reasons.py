"""Why meetings are missed: the reasons by how many meetings they cost, each with whose it is to put right."""

import pandas as pd
import streamlit as st

from lib.coverage.behind import MissedFor
from lib.coverage.grid import outcome_of_miss
from lib.coverage.numbers import ReasonCount
from lib.export import Table
from lib.recording.outcome import Outcome
from lib.recording.part import Part
from lib.recording.reasons import REASON_KEYS, reason_of
from lib.ui import charts, outcomes
from lib.ui.coverage.counted import Counted, opened_of
from lib.ui.coverage.section import section_head, show_rows_table
from lib.ui.notices import show_empty
from lib.ui.tables import chip_column, number_column, text_column
from lib.ui.words import count, plural, short_day
from lib.ui.workspace.filter_row import report_zone
from lib.ui.workspace.head import Shown
from lib.ui.workspace.rows import show_rows
from lib.ui.workspace.selection import asked_rows

KIND = "reason"
CLASSES = {
    Outcome.OFF_BY_CHOICE: "– Off by choice",
    Outcome.FIXABLE: "! Fixable",
    Outcome.TECHNICAL: "▲ Recall or us",
    Outcome.UNKNOWN: "? Unknown",
}
"""What the classes of misses are called in legends and heads of columns, sign first."""


def show_reasons(shown: Shown, found: Counted) -> None:
    """The Pareto chart, or its rows as a table."""
    as_table = section_head("Why meetings are missed", name=KIND)
    if not found.reasons:
        show_empty("Nothing is missed", "No held meeting went unrecorded.", ":material/task_alt:")
    elif as_table:
        _show_table(shown, found.reasons)
    else:
        bars = [_bar(each) for each in found.reasons]
        rest = CLASSES[Outcome.UNKNOWN][0] + " Several", outcomes.fill(Outcome.UNKNOWN)
        charts.show_bars(charts.ranked(bars, "reasons", *rest), alt_text=finding(found))
    _show_why_unseen(shown, found.reasons)


def show_reason_rows(shown: Shown) -> None:
    """The rows behind the reason that is open, if one is."""
    key = asked_rows(KIND)
    if key in REASON_KEYS:
        opened = opened_of(shown, MissedFor(Part.ENDED, key))
        title = f"Missed: {reason_of(key).label}"
        show_rows(shown.known, shown.member, title, opened, key=f"{shown.page}_{KIND}_behind")


def _show_why_unseen(shown: Shown, reasons: tuple[ReasonCount, ...]) -> None:
    """After the first pass this is the most frequent reason: what it means, and that it passes."""
    began = shown.known.first_complete_at
    unseen = reason_of("not_seen_before_start")
    if began and any(each.reason is unseen for each in reasons):
        day = short_day(began.astimezone(report_zone()).date())
        st.caption(
            f"{unseen.label}: the sync first read the calendars on {day}, and what was set before then is not known. "
            "Of later meetings it is."
        )


def finding(found: Counted) -> str:
    """The chart in one sentence."""
    first = found.reasons[0]
    return (
        f"{first.reason.label} is the most frequent reason: {count(first.meetings)} of "
        f"{plural(found.numbers.ended.missed, 'missed meeting')}."
    )


def _bar(each: ReasonCount) -> charts.Bar:
    outcome = outcome_of_miss(each.reason)
    return charts.Bar(each.reason.label, each.meetings, CLASSES[outcome], outcomes.fill(outcome))


def _show_table(shown: Shown, reasons: tuple[ReasonCount, ...]) -> None:
    kinds = [outcome_of_miss(each.reason) for each in reasons]
    frame = pd.DataFrame(
        {
            "why": [each.reason.label for each in reasons],
            "missed": [each.meetings for each in reasons],
            "kind": [[outcomes.chip(kind)] for kind in kinds],
            "who": [each.reason.owner.label for each in reasons],
        }
    )
    columns = {
        "why": text_column("Why", 190),
        "missed": number_column("Missed", 64),
        "kind": chip_column("Outcome", 120, outcomes.chip_words()),
        "who": text_column("Who can", 120),
    }
    rows = [
        (each.reason.label, each.meetings, kind.label, each.reason.owner.label, each.reason.what_to_do)
        for each, kind in zip(reasons, kinds, strict=True)
    ]
    table = Table(("Why", "Missed", "Outcome", "Who can", "What to do"), rows)
    opens = [each.reason.key for each in reasons]
    show_rows_table(shown, frame, columns, lambda: table, kind=KIND, opens=opens, alt="Reasons, most frequent first")
