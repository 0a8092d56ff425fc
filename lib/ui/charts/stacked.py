"""A few horizontal bars, each parted by what becomes of its meetings."""

from collections.abc import Mapping, Sequence

import altair as alt

from lib.ui.charts.drawing import FONT, Chart, legend, names_axis, plot, show
from lib.ui.widgets.theme import Palette, ink_on

THICKNESS, ROW_HEIGHT, LEGEND_HEIGHT = 24, 34, 34
SMALLEST_SHARE_WITH_NUMBER = 0.09
"""A part narrower than this share of the bar cannot hold its number; the sentence above the chart has it."""


def show_stacked_bars(
    rows: Mapping[str, Mapping[str, int]], *, order: Sequence[str], colors: Sequence[str], alt_text: str
) -> None:
    """One horizontal bar for each of `rows`, parted by the words of `order`; each part bears its sign and number.

    `colors` go with `order`. `alt_text` says the finding in one sentence.
    """
    kept = tuple((row, tuple(parts.get(part, 0) for part in order)) for row, parts in rows.items())
    height = ROW_HEIGHT * len(rows) + LEGEND_HEIGHT
    show(_bars, kept, tuple(order), tuple(colors), height=height, alt_text=alt_text)


def _bars(
    rows: tuple[tuple[str, tuple[int, ...]], ...], order: tuple[str, ...], colors: tuple[str, ...], shown: Palette
) -> Chart:
    longest = max(sum(parts) for _, parts in rows)
    values = [
        {"row": row, "part": part, "n": n, "place": place, "says": _says(part, n, longest)}
        for row, parts in rows
        for place, (part, n) in enumerate(zip(order, parts, strict=True))
        if n
    ]
    base = plot(values).encode(
        y=alt.Y("row:N", sort=[row for row, _ in rows], title=None, axis=names_axis(160)),
        x=alt.X("n:Q", stack="zero", title=None, axis=None, scale=alt.Scale(domain=[0, longest], nice=False)),
        order=alt.Order("place:Q"),
        tooltip=[
            alt.Tooltip("row:N", title="When"),
            alt.Tooltip("part:N", title="What"),
            alt.Tooltip("n:Q", title="Meetings"),
        ],
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
