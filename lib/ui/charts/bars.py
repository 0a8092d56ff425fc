"""Horizontal bars with their numbers at the end: a ranking by class, and a waterfall.

Bars of what nobody watched are hatched, and a line of the legend says so (look.md, measured).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from lib.ui.charts.chart import FONT, HEIGHT, ROOM_FOR_NUMBERS, Chart, legend, names_in_order, plot, show, tooltip
from lib.ui.widgets.theme import Palette
from lib.ui.words.basis import MARK
from lib.ui.words.formats import count, loss

THICKNESS, ROW_HEIGHT, LEGEND_ROW = 16, 24, 18
MOST_BARS = 10
PICKED = "picked"
"""What the browser calls the bar that was clicked."""
_STROKE = "M-0.5,1L0.5,-1"
_SWATCH = "M-1,-1L1,-1L1,1L-1,1Z M-1,1L1,-1 M-1,0L0,-1 M0,1L1,0"
_STROKE_SIZE, _STROKE_WIDTH = 196, 1.6
_APART, _BEFORE_THE_END = 5.5, 3.3
"""Pixels: from stroke to stroke, and what is left free at the end of a bar."""
_WIDEST = 800
"""Pixels of the widest plot: a chart that takes the whole page."""
_AT = alt.X("at:Q", title=None, axis=None)
_HERE, _END = f"datum.place * {_APART}", f"scale('x', datum.to) - {_BEFORE_THE_END}"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is, how many, and the class that gives its colour. Words of ours alone."""

    name: str
    n: int
    kind: str
    """What the legend calls its class, sign first: "! Fixable". The sign stands before the name as well."""
    fill: str
    """The colour of the class in the palette in use."""
    inferred: int = 0
    """How many of them rest on the rules first seen. Where all do, the bar is hatched."""
    opens: str = ""
    """What a click on it opens; empty: nothing."""

    @property
    def is_hatched(self) -> bool:
        """Nobody watched any of these."""
        return 0 < self.n == self.inferred

    @property
    def label(self) -> str:
        """The name on the axis: "! ~ No recording rule is on"."""
        return f"{self.kind[0]} {f'{MARK} ' if self.is_hatched else ''}{self.name}"


@dataclass(frozen=True, slots=True)
class WaterfallStep:
    """One row of a waterfall: what is left, or what falls out of it."""

    name: str
    n: int
    is_loss: bool
    fill: str


def ranked(bars: Sequence[Bar], what: str, kind: str, fill: str) -> tuple[Bar, ...]:
    """The bars, longest first as they come, at most ten: the last then stands for all the rest, "8 more reasons"."""
    if len(bars) <= MOST_BARS:
        return tuple(bars)
    rest = bars[MOST_BARS - 1 :]
    n, inferred = sum(bar.n for bar in rest), sum(bar.inferred for bar in rest)
    return (*bars[: MOST_BARS - 1], Bar(f"{len(rest)} more {what}", n, kind, fill, inferred))


def show_bars(
    bars: Sequence[Bar],
    *,
    alt_text: str,
    hatching: str = "",
    key: str = "",
    on_pick: Callable[[str], None] | None = None,
) -> None:
    """A ranking; give it what `ranked` answers. `hatching` is the line of the legend that says what hatched bars are.

    `on_pick` is called, before the next run, with what the clicked bar opens; with it the chart needs a `key`.
    """
    kinds = tuple(dict.fromkeys((bar.kind, bar.fill) for bar in bars))
    line = hatching if any(bar.is_hatched for bar in bars) else ""
    lines = len(kinds) + (2 if line else 0)
    height = ROW_HEIGHT * len(bars) + LEGEND_ROW * lines
    show(_ranking, tuple(bars), kinds, line, height=height, alt_text=alt_text, key=key, on_pick=on_pick)


def show_waterfall(steps: Sequence[WaterfallStep], *, alt_text: str) -> None:
    """What is left after each step, and between them what fell out."""
    show(_waterfall, tuple(steps), height=HEIGHT, alt_text=alt_text)


def _ranking(bars: tuple[Bar, ...], kinds: tuple[tuple[str, str], ...], line: str, shown: Palette) -> Chart:
    rows = [
        {
            "name": bar.label,
            "kind": bar.kind,
            "fill": bar.fill,
            "from": 0,
            "to": bar.n,
            "says": f"{MARK if bar.inferred else ''}{count(bar.n)}",
            "hatched": bar.is_hatched,
            "opens": bar.opens,
        }
        for bar in bars
    ]
    scale = alt.Scale(domain=[kind for kind, _ in kinds], range=[fill for _, fill in kinds])
    drawn, words = _bars(rows, alt.Color("kind:N", scale=scale, legend=legend(columns=1)), shown)
    bars_ = drawn.add_params(alt.selection_point(name=PICKED, fields=["opens"]))
    if not line:
        return alt.layer(bars_, words)
    edged = bars_.encode(
        fillOpacity=alt.condition("datum.hatched", alt.value(0.14), alt.value(1)),
        stroke=alt.Stroke("fill:N", scale=None),
        strokeWidth=alt.condition("datum.hatched", alt.value(1.25), alt.value(0)),
    )
    # The strokes lie under the bars, so that these take the clicks.
    strokes, sign = _hatching(rows, _room(rows)), _hatching_legend(line, rows, shown)
    whole: Chart = alt.layer(strokes, edged, sign, words).resolve_scale(shape="independent")
    return whole


def _waterfall(steps: tuple[WaterfallStep, ...], shown: Palette) -> Chart:
    rows, left = [], 0
    for step in steps:
        begins = left - step.n if step.is_loss else 0
        left = begins if step.is_loss else step.n
        says = loss(step.n) if step.is_loss else count(step.n)
        rows.append({"name": step.name, "from": begins, "to": begins + step.n, "says": says, "fill": step.fill})
    return alt.layer(*_bars(rows, alt.Color("fill:N", scale=None), shown))


def _bars(rows: list[dict[str, object]], colour: alt.Color, shown: Palette) -> tuple[alt.Chart, alt.Chart]:
    """The bars, and the numbers at their ends."""
    base = plot(rows).encode(
        y=names_in_order(rows),
        x=alt.X("from:Q", title=None, axis=None, scale=alt.Scale(domain=[0, _room(rows)], nice=False)),
        x2="to:Q",
        tooltip=tooltip(name="What", says="Meetings"),
    )
    bars = base.mark_bar(size=THICKNESS, cornerRadius=2).encode(color=colour)
    words = base.mark_text(align="left", dx=5, font=FONT, fontSize=12, fontWeight=700, color=shown.text).encode(
        x=alt.X("to:Q"), text="says:N"
    )
    return bars, words


def _room(rows: list[dict[str, object]]) -> float:
    """Where the axis ends."""
    return max(1, *(int(str(row["to"])) for row in rows)) * ROOM_FOR_NUMBERS


def _hatching(rows: Sequence[Mapping[str, object]], room: float) -> alt.Chart:
    """The strokes on those `rows` that are hatched; `room` is where the axis ends. A very short bar has none.

    How many pixels a bar has is known to the browser alone: it gets as many strokes as the widest plot needs, and shows
    those that lie on the bar. The others must not leave the plot, which would be made smaller for them.
    """
    strokes = [
        {"name": row["name"], "fill": row["fill"], "to": row["to"], "place": place}
        for row in rows
        if row["hatched"]
        for place in range(1, int(float(str(row["to"])) / room * _WIDEST / _APART) + 1)
    ]
    mark = plot(strokes).mark_point(
        shape=_STROKE,
        size=_STROKE_SIZE,
        strokeWidth=_STROKE_WIDTH,
        filled=False,
        opacity=1,
        x=alt.ExprRef(f"max(0, min({_HERE}, {_END}))"),
        strokeOpacity=alt.ExprRef(f"{_HERE} <= {_END} ? 1 : 0"),
    )
    chart: alt.Chart = mark.encode(y=names_in_order(rows), stroke=alt.Stroke("fill:N", scale=None))
    return chart


def _hatching_legend(line: str, rows: Sequence[Mapping[str, object]], shown: Palette) -> alt.Chart:
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
