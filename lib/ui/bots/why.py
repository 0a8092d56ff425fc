"""Why bots failed: a ranking coloured by whose side it was on, and the same rows as a table that opens the bots."""

from collections import Counter
from collections.abc import Sequence

from lib.coverage.bot_outcomes import FailureCount
from lib.recording.outcome import Outcome
from lib.recording.reasons import REASON_KEYS, reason_of
from lib.ui.bots import kinds
from lib.ui.charts import Bar, ranked, show_bars
from lib.ui.coverage.section import section_head, show_rows_table
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.open_rows import asked_rows
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.table import Columns, chip_column, number_column, text_column
from lib.ui.words.formats import NOTHING, fraction, plural
from lib.ui.words.outcomes import fill

KIND = "failed"
"""What stands before a reason's key and a side in `?rows=`."""


def show_why(shown: Shown, failures: Sequence[FailureCount]) -> None:
    """The section."""
    as_table = section_head("Failures by reason", name="why")
    if not failures:
        show_empty("No bot failed", "Every bot that came to a meeting recorded it.", ":material/check_circle:")
    elif as_table:
        show_rows_table(shown, failures, COLUMNS, kind=KIND, opens=name_of, alt=finding(failures))
    else:
        show_bars(bars_of(failures), alt_text=finding(failures))


def bars_of(failures: Sequence[FailureCount]) -> tuple[Bar, ...]:
    """A bar for each reason in each colour; a reason on two sides of one colour has one."""
    counts: Counter[tuple[str, Outcome]] = Counter()
    for each in failures:
        counts[each.reason.key, kinds.kind_of(each.side)] += each.meetings
    longest_first = sorted(counts.items(), key=lambda item: (-item[1], REASON_KEYS.index(item[0][0])))
    bars = [Bar(reason_of(key).label, n, kinds.words(kind), fill(kind)) for (key, kind), n in longest_first]
    return ranked(bars, "reasons", f"{Outcome.OFF_BY_CHOICE.sign} The rest", fill(Outcome.OFF_BY_CHOICE))


def name_of(failure: FailureCount) -> str:
    """What opens the bots of a row: "rejected_or_removed:host"."""
    return f"{failure.reason.key}:{failure.side}"


def asked_failure(failures: Sequence[FailureCount]) -> FailureCount | None:
    """The row that the address opens, if it is one of these."""
    asked = asked_rows(KIND)
    return next((failure for failure in failures if name_of(failure) == asked), None)


def finding(failures: Sequence[FailureCount]) -> str:
    """What the chart says, in a sentence."""
    failed, most = sum(each.meetings for each in failures), failures[0]
    return f"{plural(failed, 'meeting')} failed. Most often: {most.reason.clause}, {fraction(most.meetings, failed)}."


COLUMNS: Columns[FailureCount] = {
    "reason": text_column("Reason", 200, lambda each: each.reason.label),
    "meetings": number_column("Meetings", 76, lambda each: each.meetings),
    "side": chip_column(
        "Whose side", 190, lambda each: kinds.chip(each.side), kinds.CHIPS, export=lambda each: each.side.label
    ),
    "to_do": text_column(
        "What to do",
        240,
        lambda each: each.reason.what_to_do or NOTHING,
        export=lambda each: each.reason.what_to_do,
    ),
}
