"""Columns over time, each parted by what became of its meetings."""

from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt

from lib.ui.charts.drawing import Chart, legend, plot, show
from lib.ui.widgets.theme import Palette
from lib.ui.words.formats import count, short_day

HEIGHT = 250
MOST_PARTS = 4


def show_stacked_columns(
    columns: Mapping[date, Mapping[str, int]], *, order: Sequence[str], colors: Sequence[str], alt_text: str
) -> None:
    """A column for each day that a bucket begins on, parted by the words of `order`, sign first; `colors` go with them.

    At most four parts: more are a table.
    """
    if len(order) > MOST_PARTS:
        raise ValueError("more than four parts are a table")
    rows = tuple((day, tuple(parts.get(part, 0) for part in order)) for day, parts in columns.items())
    show(_columns, rows, tuple(order), tuple(colors), height=HEIGHT, alt_text=alt_text)


def _columns(
    rows: tuple[tuple[date, tuple[int, ...]], ...], order: tuple[str, ...], colors: tuple[str, ...], shown: Palette
) -> Chart:
    values = [
        {"when": short_day(day), "part": part, "place": place, "n": n, "says": count(n)}
        for day, parts in rows
        for place, (part, n) in enumerate(zip(order, parts, strict=True))
        if n
    ]
    scale = alt.Scale(domain=list(order), range=list(colors))
    days = [short_day(day) for day, _ in rows]
    chart: Chart = (
        plot(values)
        .mark_bar(stroke=shown.background, strokeWidth=1, cornerRadius=2)
        .encode(
            x=alt.X(
                "when:N",
                sort=days,
                title=None,
                scale=alt.Scale(domain=days, paddingInner=0.35),
                axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelPadding=6),
            ),
            y=alt.Y("n:Q", title=None, stack="zero", axis=alt.Axis(grid=True, gridColor=shown.grid, tickCount=4)),
            order=alt.Order("place:Q"),
            color=alt.Color("part:N", scale=scale, legend=legend()),
            tooltip=[
                alt.Tooltip("when:N", title="From"),
                alt.Tooltip("part:N", title="What"),
                alt.Tooltip("says:N", title="Meetings"),
            ],
        )
    )
    return chart
