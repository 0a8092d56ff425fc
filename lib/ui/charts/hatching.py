"""Hatching: strokes on bars of what nobody watched, and the line of the legend that says so (look.md, measured)."""

from collections.abc import Mapping, Sequence

import altair as alt

from lib.ui.charts.drawing import names_in_order, plot
from lib.ui.widgets.theme import Palette

_STROKE = "M-0.5,1L0.5,-1"
_SWATCH = "M-1,-1L1,-1L1,1L-1,1Z M-1,1L1,-1 M-1,0L0,-1 M0,1L1,0"
SIZE, WIDTH = 196, 1.6
APART, BEFORE_THE_END = 5.5, 3.3
"""Pixels: from stroke to stroke, and what is left free at the end of a bar."""
WIDEST = 800
"""Pixels of the widest plot: a chart that takes the whole page."""
_AT = alt.X("at:Q", title=None, axis=None)
_HERE, _END = f"datum.place * {APART}", f"scale('x', datum.to) - {BEFORE_THE_END}"


def hatched(rows: Sequence[Mapping[str, object]], room: float) -> alt.Chart:
    """The strokes on those `rows` that are hatched; `room` is where the axis ends. A very short bar has none.

    How many pixels a bar has is known to the browser alone: it gets as many strokes as the widest plot needs, and shows
    those that lie on the bar. The others must not leave the plot, which would be made smaller for them.
    """
    strokes = [
        {"name": row["name"], "fill": row["fill"], "to": row["to"], "place": place}
        for row in rows
        if row["hatched"]
        for place in range(1, int(float(str(row["to"])) / room * WIDEST / APART) + 1)
    ]
    mark = plot(strokes).mark_point(
        shape=_STROKE,
        size=SIZE,
        strokeWidth=WIDTH,
        filled=False,
        opacity=1,
        x=alt.ExprRef(f"max(0, min({_HERE}, {_END}))"),
        strokeOpacity=alt.ExprRef(f"{_HERE} <= {_END} ? 1 : 0"),
    )
    chart: alt.Chart = mark.encode(y=names_in_order(rows), stroke=alt.Stroke("fill:N", scale=None))
    return chart


def hatching_legend(line: str, rows: Sequence[Mapping[str, object]], shown: Palette) -> alt.Chart:
    """Nothing but the legend's `line`: a point that is not seen, at the first of the `rows`."""
    legend = alt.Legend(
        orient="top",
        title=None,
        labelLimit=0,
        symbolOpacity=1,
        symbolFillColor="transparent",
        symbolStrokeColor=shown.muted,
        symbolStrokeWidth=1.2,
    )
    broken = line.replace(", ", ",\n")  # on a phone one line would be cut
    shape = alt.Shape("what:N", scale=alt.Scale(domain=[broken], range=[_SWATCH]), legend=legend)
    point = plot([{"what": broken, "name": rows[0]["name"], "at": 0}]).mark_point(opacity=0)
    chart: alt.Chart = point.encode(y=names_in_order(rows), x=_AT, shape=shape)
    return chart
