"""What a chart says to whoever reads it: values by the words that stand at them, never by their place in the chart."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

Json = dict[str, Any]


@dataclass(frozen=True)
class Layer:
    """One layer of a chart: its mark, how it is encoded, and its rows."""

    mark: str
    encoding: Json
    rows: list[Json]

    def field(self, channel: str) -> str | None:
        """The field that a channel shows, if it shows one."""
        found: str | None = self.encoding.get(channel, {}).get("field")
        return found

    def told(self, title: str) -> str | None:
        """The field that the tooltip shows under a title."""
        fields = [each["field"] for each in self.encoding.get("tooltip", ()) if each.get("title") == title]
        return fields[0] if fields else None


@dataclass(frozen=True)
class Bar:
    """A bar with all that is read off it."""

    begins: Any
    ends: Any
    colour: str
    """The colour, or the word of the legend where there is a legend."""
    says: str
    """The words at its end."""
    strokes: int = 0
    """How many strokes it is hatched with."""
    is_pale: bool = False
    """Whether its fill is but a tint, with an outline."""

    @property
    def length(self) -> Any:
        return self.ends - self.begins


def layers_of(spec: Json) -> Iterator[Layer]:
    """The layers of a finished chart (`lib.ui.charts.chart`), whose rows stand in each of them."""
    if "layer" in spec:
        for inner in spec["layer"]:
            yield from layers_of(inner)
    else:
        mark = spec["mark"] if isinstance(spec["mark"], str) else spec["mark"]["type"]
        yield Layer(mark, spec["encoding"], spec["data"]["values"])


def lines_of(spec: Json) -> dict[str, dict[str, tuple[float | None, str]]]:
    """Each line by the name that its points bear: the value of each day, and what a point says of itself."""
    found: dict[str, dict[str, tuple[float | None, str]]] = defaultdict(dict)
    for layer in layers_of(spec):
        name, says, day, value = layer.told("Rate"), layer.told("Value"), layer.field("x"), layer.field("y")
        if layer.mark in ("line", "point") and name and says and day and value:
            for row in layer.rows:
                point = row[value], row[says]
                assert found[row[name]].setdefault(row[day], point) == point, "two values on one line and day"
    return dict(found)


def ends_of(spec: Json) -> dict[str, float]:
    """The labels at the ends of lines, and the height at which each stands."""
    words = [layer for layer in layers_of(spec) if layer.mark == "text" and layer.field("y")]
    return {row[str(layer.field("text"))]: row[str(layer.field("y"))] for layer in words for row in layer.rows}


def bars_of(spec: Json) -> dict[str, Bar]:
    """Each bar of a ranking, waterfall or timeline by the word beside it."""
    names, words, strokes = _names(spec), _words_at_bars(spec), _strokes_on_bars(spec)
    found = {}
    for layer in layers_of(spec):
        if layer.mark == "bar":
            y, begins, ends = str(layer.field("y")), str(layer.field("x")), str(layer.field("x2"))
            colour = layer.field("color")
            for row in layer.rows:
                name = names(row[y])
                assert name not in found, f"two bars are called {name}"
                drawn = row[colour] if colour else ""
                pale = "fillOpacity" in layer.encoding and row["hatched"]
                found[name] = Bar(row[begins], row[ends], drawn, words.get(row[y], ""), strokes[row[y]], pale)
    return found


def parts_of(spec: Json) -> dict[tuple[str, str], int]:
    """How long each part of each stacked bar or column is, by the bar's word and the part's in the legend."""
    found = {}
    for layer in layers_of(spec):
        if layer.mark == "bar":
            length, name = ("x", "y") if layer.encoding["x"]["type"] == "quantitative" else ("y", "x")
            for row in layer.rows:
                found[row[str(layer.field(name))], row[str(layer.field("color"))]] = row[str(layer.field(length))]
    return found


def colours_of(spec: Json) -> dict[str, str]:
    """The legend: the colour of each word in it."""
    scales = [layer.encoding["color"]["scale"] for layer in layers_of(spec) if layer.mark == "bar"]
    return {
        word: colour for scale in scales if scale for word, colour in zip(scale["domain"], scale["range"], strict=True)
    }


def plain(label: str) -> str:
    """A label without the signs before it: "! Fixable" is "Fixable"."""
    return re.sub(r"^[^A-Za-z0-9]+", "", label)


def chart(app: AppTest, alt: str) -> Json:
    """The one chart of a page whose alternative text begins like this."""
    (found,) = [each.proto for each in app.get("vega_lite_chart") if str(each.proto.alt).startswith(alt)]
    spec: Json = json.loads(found.spec)
    return spec


def sparkline(app: AppTest, label: str) -> list[float]:
    """The small chart in the figure of that name, signs before it left out."""
    (found,) = [each.proto for each in app.metric if plain(str(each.label)) == label]
    return list(found.chart_data)


def headed(app: AppTest, name: str) -> pd.DataFrame:
    """The one table of a page with this key, or whose alternative text begins like this; its columns are called as
    their heads are."""
    protos = [(each, each.proto) for each in app.dataframe]
    (found,) = [each for each, p in protos if p.id.endswith(f"-{name}") or str(p.alt).startswith(name)]
    heads: Mapping[str, Json] = json.loads(found.proto.columns)
    return found.value.rename(columns={name: head["label"] for name, head in heads.items() if "label" in head})


def _names(spec: Json) -> Any:
    """How the axis calls a row: by the row itself, or by a list of words that the axis looks it up in."""
    for layer in layers_of(spec):
        rule = (layer.encoding.get("y", {}).get("axis") or {}).get("labelExpr")
        if rule:
            words = json.loads(rule[: rule.rindex("[")])
            return lambda place: words[place]
    return lambda name: name


def signs_of(spec: Json) -> list[str]:
    """The lines of the legend that explain a sign, each as it is broken."""
    return [
        word for layer in layers_of(spec) for word in layer.encoding.get("shape", {}).get("scale", {}).get("domain", ())
    ]


def dashes_of(spec: Json) -> dict[str, list[tuple[list[float], list[str]]]]:
    """Each line by its name: its strokes in their order, each with its dashes and the days that it runs through."""
    found: dict[str, list[tuple[list[float], list[str]]]] = defaultdict(list)
    for each in marks_of(spec, "line"):
        rows = each["data"]["values"]
        found[rows[0]["name"]].append((each["mark"]["strokeDash"], [row["day"] for row in rows]))
    return dict(found)


def marks_of(spec: Json, kind: str) -> Iterator[Json]:
    """The layers of a finished chart that are drawn with a kind of mark, with all that the browser gets of them."""
    for inner in spec.get("layer", ()):
        yield from marks_of(inner, kind)
    if isinstance(spec.get("mark"), dict) and spec["mark"]["type"] == kind:
        yield spec


def _strokes_on_bars(spec: Json) -> Counter[str]:
    layers = [layer for layer in layers_of(spec) if layer.mark == "point" and "shape" not in layer.encoding]
    return Counter(row[str(layer.field("y"))] for layer in layers if layer.field("y") for row in layer.rows)


def _words_at_bars(spec: Json) -> dict[Any, str]:
    words = [layer for layer in layers_of(spec) if layer.mark == "text"]
    return {row[str(layer.field("y"))]: row[str(layer.field("text"))] for layer in words for row in layer.rows}
