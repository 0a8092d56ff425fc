"""The one way to draw: Altair charts in the palette in use, numbers at the bars, no frame and no axis titles."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd
import streamlit as st

from lib.ui.theme import Palette, ink_on, palette

FONT = "Plex"
BAR_THICKNESS = 24
ROW_HEIGHT = 34
LEGEND_HEIGHT = 34
SMALLEST_SHARE_WITH_NUMBER = 0.09
"""A part narrower than this share of the bar cannot hold its number; the sentence above the chart has it."""


def show_stacked_bars(
    rows: Mapping[str, Mapping[str, int]], *, order: Sequence[str], colors: Sequence[str], alt_text: str
) -> None:
    """One horizontal bar for each of `rows`, parted by the words of `order`; each part bears its sign and number.

    `colors` go with `order`. `alt_text` says the finding in one sentence.
    """
    shown = palette()
    longest = max(sum(parts.values()) for parts in rows.values())
    frame = pd.DataFrame(
        [
            {
                "row": row,
                "part": part,
                "n": parts[part],
                "place": place,
                "says": f"{part[0]} {parts[part]}" if parts[part] >= longest * SMALLEST_SHARE_WITH_NUMBER else "",
            }
            for row, parts in rows.items()
            for place, part in enumerate(order)
            if parts.get(part)
        ]
    )
    base = alt.Chart(frame).encode(
        y=alt.Y("row:N", sort=list(rows), title=None, axis=_quiet_axis(shown)),
        x=alt.X("n:Q", stack="zero", title=None, axis=None, scale=alt.Scale(domain=[0, longest], nice=False)),
        order=alt.Order("place:Q"),
        tooltip=[
            alt.Tooltip("row:N", title="When"),
            alt.Tooltip("part:N", title="What"),
            alt.Tooltip("n:Q", title="Meetings"),
        ],
    )
    legend = alt.Legend(orient="top", columns=2, title=None, labelColor=shown.muted, symbolType="square")
    bars = base.mark_bar(size=BAR_THICKNESS, stroke=shown.background, strokeWidth=1).encode(
        color=alt.Color("part:N", scale=alt.Scale(domain=list(order), range=list(colors)), legend=legend)
    )
    inks = alt.Scale(domain=list(order), range=[ink_on(colour) for colour in colors])
    words = base.mark_text(align="right", dx=-6, font=FONT, fontSize=12, fontWeight=600).encode(
        text="says:N", color=alt.Color("part:N", scale=inks, legend=None)
    )
    height = ROW_HEIGHT * len(rows) + LEGEND_HEIGHT
    show_chart(alt.layer(bars, words).resolve_scale(color="independent"), height=height, alt_text=alt_text)


def show_chart(chart: alt.LayerChart | alt.FacetChart, *, height: int, alt_text: str) -> None:
    """Draw `chart` with everything that all charts share."""
    shown = palette()
    finished = (
        chart.properties(
            height=height, background="transparent", padding={"left": 0, "top": 0, "right": 0, "bottom": 6}
        )
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(labelFont=FONT, labelFontSize=12, labelColor=shown.muted, domain=False, ticks=False, grid=False)
        .configure_legend(labelFont=FONT, labelFontSize=12)
    )
    st.altair_chart(finished, theme=None, width="stretch", alt=alt_text)


def _quiet_axis(shown: Palette) -> alt.Axis:
    return alt.Axis(labelColor=shown.muted, labelLimit=160, labelPadding=8)
