"""How the bots did, in two charts with their tables: by time or platform, and failures by reason."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from lib.coverage.bot_outcomes import BotOutcomes, FailureCount
from lib.coverage.period import Bucket, fitting
from lib.queries.bot_figures import bots_by_platform, bots_over_time
from lib.recording.outcome import Outcome
from lib.recording.reason import SIDES, Side
from lib.recording.reasons import REASON_KEYS, reason_of
from lib.ui.charts import Bar, ranked, show_bars, show_stacked_bars, show_stacked_columns
from lib.ui.coverage.section import section_head, show_rows_table
from lib.ui.widgets.choices import choose
from lib.ui.widgets.download import show_download
from lib.ui.widgets.filter_row import platform_words, report_zone
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.open_rows import asked_rows
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.table import Column, Columns, chip_column, number_column, show_plain_table, table_of, text_column
from lib.ui.words import outcomes
from lib.ui.words.formats import NOTHING, count, fraction, one_line, plural, told_apart

_OUTCOMES_OF_SIDES = {
    Side.HOST: Outcome.FIXABLE,
    Side.PLATFORM: Outcome.TECHNICAL,
    Side.OURS: Outcome.TECHNICAL,
    Side.NOBODY: Outcome.UNKNOWN,
}
_PARTS = {
    Outcome.RECORDED: "Recorded",
    Outcome.FIXABLE: Side.HOST.label,
    Outcome.TECHNICAL: "Technical",
    Outcome.UNKNOWN: "Other",
}
"""The parts of a bar. A chart has room for four, so the two technical sides are one part; tables show both."""
PARTS = tuple(_PARTS)


def outcome_of_side(side: Side) -> Outcome:
    """The outcome whose sign and colour a side has."""
    return _OUTCOMES_OF_SIDES[side]


def part_words(part: Outcome) -> str:
    """ "! Host's side": sign and words, as the legend has it."""
    return f"{part.sign} {_PARTS[part]}"


def plain_platform(platform: str | None) -> str:
    """The name of a meeting platform; one that is unknown to us in plain letters, safe for captions and charts."""
    plain = "".join(c if c.isalnum() else " " for c in one_line(platform_words(platform or ""), 30))
    return " ".join(plain.split()) or "Not known"


def side_chip(side: Side) -> str:
    """ "▲ Recall or us": a side in a cell."""
    return f"{outcome_of_side(side).sign} {side.label}"


_SIDE_PLACES = {3: Side.HOST, 4: Side.PLATFORM, 5: Side.NOBODY, 10: Side.OURS}
SIDE_CHIPS = tuple(side_chip(_SIDE_PLACES[n]) if n in _SIDE_PLACES else f"({n})" for n in range(11))
"""Each side at a place of its colour: a grid repeats the six colours of the palette."""


def part_colours() -> tuple[str, ...]:
    """The colours of `PARTS`, in their order."""
    return tuple(outcomes.fill(part) for part in PARTS)


def bar_parts(some: BotOutcomes) -> dict[str, int]:
    """The parts of a bar, by the words of the legend."""
    counts = dict.fromkeys(PARTS, 0) | {Outcome.RECORDED: some.recorded}
    for side in SIDES:
        counts[outcome_of_side(side)] += some.failed_on[side]
    return {part_words(part): n for part, n in counts.items()}


_GROUPINGS = {"week": "Week", "day": "Day", "month": "Month", "platform": "Platform"}
MOST_PLATFORMS = 8
OutcomeRow: TypeAlias = tuple[date | str | None, BotOutcomes]
"""The first day of a bucket, or a platform, with the outcomes of its bots."""


def _count_column(head: str, value: Callable[[BotOutcomes], int]) -> Column[OutcomeRow]:
    return number_column(head, 104, lambda row: value(row[1]))


def _failed_column(side: Side) -> Column[OutcomeRow]:
    return _count_column(side.label, lambda some: some.failed_on[side])


COUNT_COLUMNS: Columns[OutcomeRow] = {
    "recorded": _count_column("Recorded", lambda some: some.recorded),
    "in_part": _count_column("In part or empty", lambda some: some.in_part),
    **{side.value: _failed_column(side) for side in SIDES},
    "did_not_happen": _count_column("Did not take place", lambda some: some.did_not_happen),
    "unsettled": _count_column("Unsettled", lambda some: some.unsettled),
}


def show_outcomes(shown: Shown) -> None:
    """What became of the bots over time or by platform, as a chart or a table."""
    as_table = section_head("What became of the bots", name="became")
    cut = choose("By", _GROUPINGS, name="cut")
    rows = rows_by(shown, cut)
    if as_table:
        _show_table(shown, rows, cut)
    elif cut == "platform":
        names = told_apart(_name(name) for name, _ in rows[:MOST_PLATFORMS])
        bars = {name: bar_parts(each) for name, (_, each) in zip(names, rows, strict=False)}
        show_stacked_bars(bars, order=_order(), colors=part_colours(), alt_text=finding(rows))
    else:
        columns: Mapping[date, Mapping[str, int]] = {
            name: bar_parts(each) for name, each in rows if isinstance(name, date)
        }
        show_stacked_columns(columns, order=_order(), colors=part_colours(), alt_text=finding(rows))


def rows_by(shown: Shown, cut: str) -> Sequence[OutcomeRow]:
    """The bots of each bucket or platform. A long period has wider buckets than were asked for."""
    if cut == "platform":
        return bots_by_platform(shown.selection)
    return bots_over_time(shown.selection, Bucket(cut))


def columns_by(shown: Shown, cut: str) -> Columns[OutcomeRow]:
    """The numbers of each bucket or platform."""
    return {
        "name": text_column(_head(shown, cut), 110, lambda row: _name(row[0]), export=lambda row: _plain(row[0])),
        **COUNT_COLUMNS,
    }


def finding(rows: Sequence[OutcomeRow]) -> str:
    """What the chart says, in a sentence."""
    came, recorded = sum(each.came for _, each in rows), sum(each.recorded for _, each in rows)
    worst = max(rows, key=lambda row: row[1].failed, default=None)
    most = f" Most failed: {_name(worst[0])}, {count(worst[1].failed)}." if worst and worst[1].failed else ""
    return f"{fraction(recorded, came)} meetings that a bot was sent to were recorded.{most}"


def _show_table(shown: Shown, rows: Sequence[OutcomeRow], cut: str) -> None:
    columns = columns_by(shown, cut)
    show_plain_table(rows, columns, alt=finding(rows))
    show_download(lambda: table_of(rows, columns), "bots", shown.member, key="bots_became")


def _head(shown: Shown, cut: str) -> str:
    if cut == "platform":
        return "Platform"
    bucket = fitting(shown.choice.period, Bucket(cut), report_zone())
    return "Day" if bucket is Bucket.DAY else f"{bucket.value.title()} of"


def _name(name: date | str | None) -> str:
    """A day, or a platform as people call it, in plain letters: legends and labels are drawn from it."""
    return f"{name.day} {name:%b %Y}" if isinstance(name, date) else plain_platform(name)


def _plain(name: date | str | None) -> str:
    return name.isoformat() if isinstance(name, date) else one_line(name)


def _order() -> tuple[str, ...]:
    return tuple(part_words(part) for part in PARTS)


FAILURES = "failed"
"""The prefix of a reason and a side in `?rows=`."""


def show_failures(shown: Shown, failures: Sequence[FailureCount]) -> None:
    """The ranking of reasons, coloured by whose side it was, or a table whose rows open the bots."""
    as_table = section_head("Failures by reason", name="why")
    if not failures:
        show_empty("No bot failed", "Every bot that was sent to a meeting recorded it.", ":material/check_circle:")
    elif as_table:
        show_rows_table(
            shown, failures, FAILURE_COLUMNS, kind=FAILURES, opens=failure_name, alt=failures_finding(failures)
        )
    else:
        show_bars(bars_of(failures), alt_text=failures_finding(failures))


def bars_of(failures: Sequence[FailureCount]) -> tuple[Bar, ...]:
    """A bar for each reason in each colour; a reason on two sides of one colour has one."""
    counts: Counter[tuple[str, Outcome]] = Counter()
    for each in failures:
        counts[each.reason.key, outcome_of_side(each.side)] += each.meetings
    longest_first = sorted(counts.items(), key=lambda item: (-item[1], REASON_KEYS.index(item[0][0])))
    bars = [Bar(reason_of(key).label, n, part_words(part), outcomes.fill(part)) for (key, part), n in longest_first]
    return ranked(bars, "reasons", f"{Outcome.OFF_BY_CHOICE.sign} The rest", outcomes.fill(Outcome.OFF_BY_CHOICE))


def failure_name(failure: FailureCount) -> str:
    """What opens the bots of a row: "rejected_or_removed:host"."""
    return f"{failure.reason.key}:{failure.side}"


def asked_failure(failures: Sequence[FailureCount]) -> FailureCount | None:
    """The row that the address opens, if it is one of these."""
    asked = asked_rows(FAILURES)
    return next((failure for failure in failures if failure_name(failure) == asked), None)


def failures_finding(failures: Sequence[FailureCount]) -> str:
    """What the chart says, in a sentence."""
    failed, most = sum(each.meetings for each in failures), failures[0]
    return f"{plural(failed, 'meeting')} failed. Most often: {most.reason.clause}, {fraction(most.meetings, failed)}."


FAILURE_COLUMNS: Columns[FailureCount] = {
    "reason": text_column("Reason", 200, lambda each: each.reason.label),
    "meetings": number_column("Meetings", 76, lambda each: each.meetings),
    "side": chip_column(
        "Whose side", 190, lambda each: side_chip(each.side), SIDE_CHIPS, export=lambda each: each.side.label
    ),
    "to_do": text_column(
        "What to do",
        240,
        lambda each: each.reason.what_to_do or NOTHING,
        export=lambda each: each.reason.what_to_do,
    ),
}
