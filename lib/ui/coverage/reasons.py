"""Why meetings are missed: the reasons, most frequent first, with who can fix each."""

from collections.abc import Sequence

import streamlit as st

from lib.coverage.drilldown import MissedFor
from lib.coverage.grid import outcome_of_miss
from lib.coverage.inferred_reasons import RuleAgreement
from lib.coverage.numbers import ReasonCount
from lib.queries.coverage_figures import CoverageFigures
from lib.recording.outcome import Outcome
from lib.recording.reason import Basis
from lib.recording.reasons import REASON_KEYS, reason_of
from lib.recording.time_part import TimePart
from lib.ui import charts
from lib.ui.coverage.section import opened_of, section_head, show_rows_table
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.meeting_rows import outcome_column, show_rows
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.open_rows import asked_rows, close_rows, open_rows, selection_key
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.table import Columns, file_column, number_column, text_column
from lib.ui.words import basis, outcomes
from lib.ui.words.formats import count, plural

KIND = "reason"
CLASSES = {
    Outcome.OFF_BY_CHOICE: "– Off by choice",
    Outcome.FIXABLE: "! Fixable",
    Outcome.TECHNICAL: "▲ Recall or us",
    Outcome.UNKNOWN: "? Unknown",
}
"""The labels of the classes of misses in legends and heads of columns, sign first."""


def show_reasons(shown: Shown, found: CoverageFigures) -> None:
    """The Pareto chart, or its rows as a table."""
    as_table = section_head("Why meetings are missed", name=KIND)
    if not found.reasons:
        show_empty("Nothing is missed", "No held meeting went unrecorded.", ":material/task_alt:")
    elif as_table:
        alt = "Reasons, most frequent first"
        show_rows_table(shown, found.reasons, COLUMNS, kind=KIND, opens=_opens, alt=alt)
    else:
        charts.show_bars(
            ranked_bars(found.reasons),
            alt_text=finding(found.reasons),
            hatching=basis.legend(basis.when_seen(found.first_seen, report_zone())),
            key=selection_key(f"{shown.page}_{KIND}_bars"),
            on_pick=_pick,
        )
    show_basis(found.reasons, found.agreement, as_table=as_table)


def ranked_bars(reasons: Sequence[ReasonCount]) -> tuple[charts.Bar, ...]:
    """A bar for each reason on each basis, at most ten."""
    rest = CLASSES[Outcome.UNKNOWN][0] + " Several", outcomes.fill(Outcome.UNKNOWN)
    return charts.ranked([_bar(each) for each in reasons], "reasons", *rest)


def show_reason_rows(shown: Shown) -> None:
    """The meetings behind the open reason, if one is open: on one basis, or on any."""
    key, _, word = (asked_rows(KIND) or "").partition(":")
    if key in REASON_KEYS and (not word or word in set(Basis)):
        rests_on = Basis(word) if word else None
        opened = opened_of(shown.selection, MissedFor(TimePart.ENDED, key, rests_on))
        title = f"Missed: {basis.marked(reason_of(key).label, rests_on or Basis.OBSERVED)}"
        show_rows(shown.known, shown.member, title, opened, key=f"{shown.page}_{KIND}_behind")


def show_basis(reasons: Sequence[ReasonCount], agreement: RuleAgreement, *, as_table: bool = False) -> None:
    """The caption under the reasons: what is inferred, how reliable that is, and what has no known cause."""
    is_inferred = any(each.basis is Basis.INFERRED for each in reasons)
    notes = [
        *([basis.IN_TABLES if as_table else basis.HATCHED] if is_inferred else []),
        *([basis.agreement_words(agreement)] if is_inferred else []),
        *([basis.UNEXPLAINED] if any(each.reason.key == basis.UNSEEN_KEY for each in reasons) else []),
    ]
    if notes:
        st.caption(" ".join(notes))


def _pick(opens: str) -> None:
    """A click on a bar opens its meetings, and one beside the bars closes them."""
    if opens:
        open_rows(KIND, opens)
    else:
        close_rows(KIND)


def _opens(each: ReasonCount) -> str:
    return f"{each.reason.key}:{each.basis}"


def finding(reasons: Sequence[ReasonCount]) -> str:
    """The chart in one sentence."""
    first = reasons[0]
    return (
        f"{basis.marked(first.reason.label, first.basis)} is the most frequent reason: {count(first.meetings)} of "
        f"{plural(sum(each.meetings for each in reasons), 'missed meeting')}."
    )


def _bar(each: ReasonCount) -> charts.Bar:
    outcome = outcome_of_miss(each.reason)
    inferred = each.meetings if each.basis is Basis.INFERRED else 0
    return charts.Bar(
        each.reason.label, each.meetings, CLASSES[outcome], outcomes.fill(outcome), inferred, _opens(each)
    )


def _who(each: ReasonCount) -> str:
    return basis.who_can(each.reason, each.reason.owner)


COLUMNS: Columns[ReasonCount] = {
    "why": text_column(
        "Why",
        190,
        lambda each: basis.marked(each.reason.label, each.basis),
        help=basis.IN_TABLES,
        export=lambda each: each.reason.label,
    ),
    "missed": number_column("Missed", 64, lambda each: each.meetings),
    "kind": outcome_column(120, lambda each: outcome_of_miss(each.reason)),
    "who": text_column("Who can fix it", 120, _who),
    "to_do": file_column("What to do", lambda each: each.reason.what_to_do),
    "basis": file_column(basis.COLUMN, lambda each: str(each.basis)),
}
