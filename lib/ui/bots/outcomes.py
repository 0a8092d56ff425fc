"""What became of the bots over time and by platform: stacked bars, and the same rows as a table."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import streamlit as st

from lib.coverage.bot_outcomes import BotOutcomes
from lib.coverage.period import Bucket, fitting
from lib.export import Cell, Table
from lib.recording.reason import SIDES
from lib.ui.bots import kinds
from lib.ui.bots.counts import by_platform, over_time
from lib.ui.bots.kinds import plain_platform
from lib.ui.charts import show_stacked_bars, show_stacked_columns
from lib.ui.coverage.section import section_head
from lib.ui.widgets.choices import choose
from lib.ui.widgets.download import show_download
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.tables import show_plain_table, text_column
from lib.ui.words.formats import count, fraction, one_line, told_apart

_CUTS = {"week": "Week", "day": "Day", "month": "Month", "platform": "Platform"}
_HEADS = (
    "Recorded",
    "In part or empty",
    *(side.label for side in SIDES),
    "Did not take place",
    "Unsettled",
)
MOST_PLATFORMS = 8


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


def rows_by(shown: Shown, cut: str) -> Sequence[tuple[date | str | None, BotOutcomes]]:
    """The bots of each bucket or platform. A long period has wider buckets than were asked for."""
    if cut == "platform":
        return by_platform(shown)
    return over_time(shown, Bucket(cut))


def table_by(shown: Shown, cut: str) -> Table:
    """The same as a file."""
    rows = rows_by(shown, cut)
    return Table((_head(shown, cut), *_HEADS), [(_plain(name), *cells(each)) for name, each in rows])


def cells(some: BotOutcomes) -> tuple[Cell, ...]:
    """One row of numbers, in the order of the heads."""
    return (
        some.recorded,
        some.in_part,
        *(some.failed_on[side] for side in SIDES),
        some.did_not_happen,
        some.unsettled,
    )


def finding(rows: Sequence[tuple[date | str | None, BotOutcomes]]) -> str:
    """What the chart says, in a sentence."""
    came, recorded = sum(each.came for _, each in rows), sum(each.recorded for _, each in rows)
    worst = max(rows, key=lambda row: row[1].failed, default=None)
    most = f" Most failed: {_name(worst[0])}, {count(worst[1].failed)}." if worst and worst[1].failed else ""
    return f"{fraction(recorded, came)} meetings that a bot came to were recorded.{most}"


def _show_table(shown: Shown, rows: Sequence[tuple[date | str | None, BotOutcomes]], cut: str) -> None:
    frame = pd.DataFrame([(_name(name), *cells(each)) for name, each in rows], columns=["name", *_HEADS])
    columns = {"name": text_column(_head(shown, cut), 110)}
    columns |= {head: st.column_config.NumberColumn(head, width=104) for head in _HEADS}
    show_plain_table(frame, columns, alt=finding(rows))
    show_download(lambda: table_by(shown, cut), "bots", shown.member, key="bots_became")


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
