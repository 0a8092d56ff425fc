"""Bars and columns, each parted by what becomes of its meetings."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

import altair as alt

from lib.ui.charts.chart import FONT, HEIGHT, Chart, legend, names_axis, plot, show, tooltip
from lib.ui.widgets.theme import Palette, ink_on
from lib.ui.words.formats import count, short_day

Row: TypeAlias = tuple[str, tuple[int, ...]]
"""What a bar or column is called, and how long each of its parts is."""

THICKNESS, ROW_HEIGHT, LEGEND_HEIGHT = 24, 34, 34
MOST_PARTS = 4
SMALLEST_SHARE_WITH_NUMBER = 0.09
"""A part narrower than this share of the bar cannot hold its number; the sentence above the chart has it."""


def show_stacked_bars(
    rows: Mapping[str, Mapping[str, int]], *, order: Sequence[str], colors: Sequence[str], alt_text: str
) -> None:
    """One horizontal bar for each of `rows`, parted by the words of `order`; each part bears its sign and number.

    `colors` go with `order`. `alt_text` says the finding in one sentence.
    """
    height = ROW_HEIGHT * len(rows) + LEGEND_HEIGHT
    show(_stacked_bars, _in_order(rows.items(), order), tuple(order), tuple(colors), height=height, alt_text=alt_text)


def show_stacked_columns(
    columns: Mapping[date, Mapping[str, int]], *, order: Sequence[str], colors: Sequence[str], alt_text: str
) -> None:
    """A column for each day that a bucket begins on, parted by the words of `order`, sign first; `colors` go with them.

    At most four parts: more are a table.
    """
    if len(order) > MOST_PARTS:
        raise ValueError("more than four parts are a table")
    rows = _in_order(((short_day(day), parts) for day, parts in columns.items()), order)
    show(_stacked_columns, rows, tuple(order), tuple(colors), height=HEIGHT, alt_text=alt_text)


def _in_order(rows: Iterable[tuple[str, Mapping[str, int]]], order: Sequence[str]) -> tuple[Row, ...]:
    return tuple((name, tuple(parts.get(part, 0) for part in order)) for name, parts in rows)


def _parts(rows: tuple[Row, ...], order: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"row": name, "part": part, "place": place, "n": n}
        for name, parts in rows
        for place, (part, n) in enumerate(zip(order, parts, strict=True))
        if n
    ]


def _stacked_bars(rows: tuple[Row, ...], order: tuple[str, ...], colors: tuple[str, ...], shown: Palette) -> Chart:
    longest = max(sum(parts) for _, parts in rows)
    values = [part | {"says": _says(part["part"], part["n"], longest)} for part in _parts(rows, order)]
    base = plot(values).encode(
        y=alt.Y("row:N", sort=[name for name, _ in rows], title=None, axis=names_axis(160)),
        x=alt.X("n:Q", stack="zero", title=None, axis=None, scale=alt.Scale(domain=[0, longest], nice=False)),
        order=alt.Order("place:Q"),
        tooltip=[*tooltip(row="When", part="What"), alt.Tooltip("n:Q", title="Meetings")],
    )
    fills = alt.Scale(domain=list(order), range=list(colors))
    bars = base.mark_bar(size=THICKNESS, stroke=shown.background, strokeWidth=1).encode(
        color=alt.Color("part:N", scale=fills, legend=legend())
    )
    inks = alt.Scale(domain=list(order), range=[ink_on(colour) for colour in colors])
    words = base.mark_text(align="right", dx=-6, font=FONT, fontSize=12, fontWeight=600).encode(
        text="says:N", color=alt.Color("part:N", scale=inks, legend=None)
    )
    chart: Chart = alt.layer(bars, words).resolve_scale(color="independent")
    return chart


def _says(part: str, n: int, longest: int) -> str:
    return f"{part[0]} {n}" if n >= longest * SMALLEST_SHARE_WITH_NUMBER else ""


def _stacked_columns(rows: tuple[Row, ...], order: tuple[str, ...], colors: tuple[str, ...], shown: Palette) -> Chart:
    values = [part | {"says": count(part["n"])} for part in _parts(rows, order)]
    days = [day for day, _ in rows]
    chart: Chart = (
        plot(values)
        .mark_bar(stroke=shown.background, strokeWidth=1, cornerRadius=2)
        .encode(
            x=alt.X(
                "row:N",
                sort=days,
                title=None,
                scale=alt.Scale(domain=days, paddingInner=0.35),
                axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelPadding=6),
            ),
            y=alt.Y("n:Q", title=None, stack="zero", axis=alt.Axis(grid=True, gridColor=shown.grid, tickCount=4)),
            order=alt.Order("place:Q"),
            color=alt.Color("part:N", scale=alt.Scale(domain=list(order), range=list(colors)), legend=legend()),
            tooltip=tooltip(row="From", part="What", says="Meetings"),
        )
    )
    return chart
