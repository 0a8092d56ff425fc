"""What became of the bots over time and by platform: stacked bars, and the same rows as a table."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from lib.coverage.bot_outcomes import BotOutcomes
from lib.coverage.period import Bucket, fitting
from lib.recording.reason import SIDES, Side
from lib.ui.bots import kinds
from lib.ui.bots.counts import by_platform, over_time
from lib.ui.bots.kinds import plain_platform
from lib.ui.charts import show_stacked_bars, show_stacked_columns
from lib.ui.coverage.section import section_head
from lib.ui.widgets.choices import choose
from lib.ui.widgets.download import show_download
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.table import Column, Columns, number_column, show_plain_table, table_of, text_column
from lib.ui.words.formats import count, fraction, one_line, told_apart

_CUTS = {"week": "Week", "day": "Day", "month": "Month", "platform": "Platform"}
MOST_PLATFORMS = 8
CutRow: TypeAlias = tuple[date | str | None, BotOutcomes]
"""A bucket's first day, or a platform, with what became of its bots."""


def _count_column(head: str, value: Callable[[BotOutcomes], int]) -> Column[CutRow]:
    return number_column(head, 104, lambda row: value(row[1]))


def _failed_column(side: Side) -> Column[CutRow]:
    return _count_column(side.label, lambda some: some.failed_on[side])


COUNT_COLUMNS: Columns[CutRow] = {
    "recorded": _count_column("Recorded", lambda some: some.recorded),
    "in_part": _count_column("In part or empty", lambda some: some.in_part),
    **{side.value: _failed_column(side) for side in SIDES},
    "did_not_happen": _count_column("Did not take place", lambda some: some.did_not_happen),
    "unsettled": _count_column("Unsettled", lambda some: some.unsettled),
}


def show_became(shown: Shown) -> None:
    """The section."""
    as_table = section_head("What became of the bots", name="became")
    cut = choose("By", _CUTS, name="cut")
    rows = rows_by(shown, cut)
    if as_table:
        _show_table(shown, rows, cut)
    elif cut == "platform":
        names = told_apart(_name(name) for name, _ in rows[:MOST_PLATFORMS])
        bars = {name: kinds.parts_of(each) for name, (_, each) in zip(names, rows, strict=False)}
        show_stacked_bars(bars, order=_order(), colors=kinds.colours(), alt_text=finding(rows))
    else:
        columns: Mapping[date, Mapping[str, int]] = {
            name: kinds.parts_of(each) for name, each in rows if isinstance(name, date)
        }
        show_stacked_columns(columns, order=_order(), colors=kinds.colours(), alt_text=finding(rows))


def rows_by(shown: Shown, cut: str) -> Sequence[CutRow]:
    """The bots of each bucket or platform. A long period has wider buckets than were asked for."""
    if cut == "platform":
        return by_platform(shown)
    return over_time(shown, Bucket(cut))


def columns_by(shown: Shown, cut: str) -> Columns[CutRow]:
    """The numbers of each bucket or platform."""
    return {
        "name": text_column(_head(shown, cut), 110, lambda row: _name(row[0]), export=lambda row: _plain(row[0])),
        **COUNT_COLUMNS,
    }


def finding(rows: Sequence[CutRow]) -> str:
    """What the chart says, in a sentence."""
    came, recorded = sum(each.came for _, each in rows), sum(each.recorded for _, each in rows)
    worst = max(rows, key=lambda row: row[1].failed, default=None)
    most = f" Most failed: {_name(worst[0])}, {count(worst[1].failed)}." if worst and worst[1].failed else ""
    return f"{fraction(recorded, came)} meetings that a bot came to were recorded.{most}"


def _show_table(shown: Shown, rows: Sequence[CutRow], cut: str) -> None:
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
    return tuple(kinds.words(kind) for kind in kinds.KINDS)
