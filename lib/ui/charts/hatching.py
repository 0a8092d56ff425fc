"""Hatching: strokes on bars of what nobody watched, and the line of the legend that says so (look.md, measured)."""

from collections.abc import Mapping, Sequence

import altair as alt

from lib.ui.charts.drawing import names_in_order, plot
from lib.ui.theme import Palette

_STROKE = "M-0.5,1L0.5,-1"
_SWATCH = "M-1,-1L1,-1L1,1L-1,1Z M-1,1L1,-1 M-1,0L0,-1 M0,1L1,0"
SIZE, WIDTH = 196, 1.6
STEPS_OF_PLOT = 40
"""Strokes on a bar as long as the plot, which is about 220 px wide beside another chart: one each 5.5 px."""
BEFORE_THE_END = 0.6
_AT = alt.X("at:Q", title=None, axis=None)


def hatched(rows: Sequence[Mapping[str, object]], room: float) -> alt.Chart:
    """The strokes on those `rows` that are hatched; `room` is where the axis ends. A very short bar has none."""
    step = room / STEPS_OF_PLOT
    strokes = [
        {"name": row["name"], "fill": row["fill"], "at": place * step}
        for row in rows
        if row["hatched"]
        for place in range(1, int(float(str(row["to"])) / step + 1 - BEFORE_THE_END))
    ]
    mark = plot(strokes).mark_point(shape=_STROKE, size=SIZE, strokeWidth=WIDTH, filled=False, opacity=1)
    chart: alt.Chart = mark.encode(y=names_in_order(rows), x=_AT, stroke=alt.Stroke("fill:N", scale=None))
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
