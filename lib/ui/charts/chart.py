"""What all charts share: the palette, the font, the quiet axes, and that a chart is built once for all who see it."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import altair as alt
import orjson
import streamlit as st

from lib.ui.widgets.theme import Palette, palette

FONT = "Plex"
SIZE = 12
HEIGHT = 250
"""Of a chart whose height does not depend on its rows."""
LABEL_LIMIT = 210
ROOM_FOR_NUMBERS = 1.25
"""How much longer than the longest bar the axis is, so that the number at its end fits inside the plot."""

_UNDER_EACH_OTHER = {"layout": {"top": {"direction": "vertical", "anchor": "start", "margin": 2}}}
"""Two legends on top: side by side they are cut. Altair's schema has no word for it."""

Chart: TypeAlias = alt.Chart | alt.LayerChart | alt.FacetChart


def show(
    build: Callable[..., Chart],
    *inputs: Hashable,
    height: int,
    alt_text: str,
    key: str = "",
    on_pick: Callable[[str], None] | None = None,
) -> None:
    """Draw `build(*inputs, palette)`. Building takes 20 ms or more, so the same inputs are built once in the process.

    `alt_text` says the finding in one sentence. `on_pick` is called before the next run with what the mark that was
    clicked opens; the chart needs a `key` then, and a selection of the field "opens".
    """
    spec: dict[str, Any] = orjson.loads(_spec(build, inputs, height, palette()))
    if on_pick is None:
        st.vega_lite_chart(spec, theme=None, width="stretch", alt=alt_text)
        return
    pick = on_pick
    st.vega_lite_chart(
        spec, theme=None, width="stretch", alt=alt_text, key=key, on_select=lambda: _tell(st.session_state[key], pick)
    )


def _tell(event: Any, pick: Callable[[str], None]) -> None:
    """What the clicked mark opens; an empty word where a click took the selection away."""
    marks = [mark for found in event["selection"].values() for mark in found]
    pick(str(marks[0].get("opens", "")) if marks else "")


@lru_cache(maxsize=256)
def _spec(build: Callable[..., Chart], inputs: tuple[Hashable, ...], height: int, shown: Palette) -> bytes:
    whole = finished(alt.layer(build(*inputs, shown)), height, shown).to_dict()
    whole["config"]["legend"] |= _UNDER_EACH_OTHER
    return orjson.dumps(_with_rows_inside(whole))


def _with_rows_inside(spec: dict[str, Any]) -> dict[str, Any]:
    """The rows of each layer where it is drawn: a few, which Streamlit would turn into Arrow at every run otherwise."""
    rows, shared = spec.pop("datasets", {}), spec.pop("data", None)

    def fill(layer: dict[str, Any], outer: Any) -> None:
        data = layer.pop("data", None) or outer
        for inner in layer.get("layer", ()):
            fill(inner, data)
        if data and "layer" not in layer:
            layer["data"] = {"values": rows[data["name"]]}

    for layer in spec["layer"]:
        fill(layer, shared)
    return spec


def finished(chart: Chart, height: int, shown: Palette) -> Chart:
    """The chart with everything that all charts share. Room below keeps descenders from being cut."""
    whole: Chart = (
        chart.properties(
            height=height, background="transparent", padding={"left": 0, "top": 0, "right": 0, "bottom": 6}
        )
        .configure(font=FONT, lineBreak="\n")
        .configure_view(stroke=None)
        .configure_axis(
            labelFont=FONT, labelFontSize=SIZE, labelColor=shown.muted, domain=False, ticks=False, grid=False
        )
        .configure_legend(labelFont=FONT, labelFontSize=SIZE, labelColor=shown.muted, symbolType="square")
    )
    return whole


def plot(rows: list[dict[str, Any]]) -> alt.Chart:
    """A chart of these rows."""
    return alt.Chart(alt.InlineData(values=rows))


def tooltip(**titles: str) -> list[alt.Tooltip]:
    """The hover of a mark: the text of each field, with its title."""
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def names_axis(limit: int = LABEL_LIMIT) -> alt.Axis:
    """The axis of names beside horizontal bars."""
    return alt.Axis(labelLimit=limit, labelPadding=8)


def names_in_order(rows: Sequence[Mapping[str, object]]) -> alt.Y:
    """The names of horizontal bars, in the order of the rows: said as the whole of the axis, because layers that hold
    some of the rows alone would sort it anew."""
    names = [str(row["name"]) for row in rows]
    return alt.Y("name:N", sort=None, title=None, axis=names_axis(), scale=alt.Scale(domain=names))


def legend(columns: int = 2) -> alt.Legend:
    """On top, in two columns: one row would be cut off on a phone, and two columns too where names take much room."""
    return alt.Legend(orient="top", columns=columns, title=None)
