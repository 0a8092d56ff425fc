"""Horizontal bars with their numbers at the end: a ranking by class, and what falls out from step to step."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from lib.ui.charts.drawing import FONT, ROOM_FOR_NUMBERS, Chart, legend, names_axis, plot, show
from lib.ui.theme import Palette
from lib.ui.words import count, loss

THICKNESS, ROW_HEIGHT, LEGEND_ROW, HEIGHT = 16, 24, 18, 250
MOST_BARS = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is, how many, and the class that gives its colour. Words of ours alone."""

    name: str
    n: int
    kind: str
    """What the legend calls its class, sign first: "! Fixable". The sign stands before the name as well."""
    fill: str
    """The colour of the class in the palette in use."""


@dataclass(frozen=True, slots=True)
class Step:
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
    return (*bars[: MOST_BARS - 1], Bar(f"{len(rest)} more {what}", sum(bar.n for bar in rest), kind, fill))


def show_bars(bars: Sequence[Bar], *, alt_text: str) -> None:
    """A ranking; give it what `ranked` answers."""
    kinds = tuple(dict.fromkeys((bar.kind, bar.fill) for bar in bars))
    show(_ranking, tuple(bars), kinds, height=ROW_HEIGHT * len(bars) + LEGEND_ROW * len(kinds), alt_text=alt_text)


def show_waterfall(steps: Sequence[Step], *, alt_text: str) -> None:
    """What is left after each step, and between them what fell out."""
    show(_waterfall, tuple(steps), height=HEIGHT, alt_text=alt_text)


def _ranking(bars: tuple[Bar, ...], kinds: tuple[tuple[str, str], ...], shown: Palette) -> Chart:
    rows = [
        {"name": f"{bar.kind[0]} {bar.name}", "kind": bar.kind, "from": 0, "to": bar.n, "says": count(bar.n)}
        for bar in bars
    ]
    scale = alt.Scale(domain=[kind for kind, _ in kinds], range=[fill for _, fill in kinds])
    return _bars(rows, alt.Color("kind:N", scale=scale, legend=legend(columns=1)), shown)


def _waterfall(steps: tuple[Step, ...], shown: Palette) -> Chart:
    rows, left = [], 0
    for step in steps:
        begins = left - step.n if step.is_loss else 0
        left = begins if step.is_loss else step.n
        says = loss(step.n) if step.is_loss else count(step.n)
        rows.append({"name": step.name, "from": begins, "to": begins + step.n, "says": says, "fill": step.fill})
    return _bars(rows, alt.Color("fill:N", scale=None), shown)


def _bars(rows: list[dict[str, object]], colour: alt.Color, shown: Palette) -> Chart:
    longest = max(1, *(int(str(row["to"])) for row in rows))
    base = plot(rows).encode(
        y=alt.Y("name:N", sort=[str(row["name"]) for row in rows], title=None, axis=names_axis()),
        x=alt.X("from:Q", title=None, axis=None, scale=alt.Scale(domain=[0, longest * ROOM_FOR_NUMBERS], nice=False)),
        x2="to:Q",
        tooltip=[alt.Tooltip("name:N", title="What"), alt.Tooltip("says:N", title="Meetings")],
    )
    bars = base.mark_bar(size=THICKNESS, cornerRadius=2).encode(color=colour)
    words = base.mark_text(align="left", dx=5, font=FONT, fontSize=12, fontWeight=700, color=shown.text).encode(
        x=alt.X("to:Q"), text="says:N"
    )
    return alt.layer(bars, words)
