"""Rates over time: at most three lines, labelled at their ends, with the days on which something was changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt

from lib.ui.charts.chart import FONT, HEIGHT, Chart, plot, show, tooltip
from lib.ui.widgets.theme import Palette
from lib.ui.words.formats import percent, short_day

DASHES = ([1, 0], [6, 4], [8, 3, 2, 3])
"""Solid, dashed, dashed and dotted: the first line is the one that matters."""
DOTS = [0.1, 5]
CLOSEST_LABELS = 0.075
"""Of the axis: labels at the ends of lines are pushed apart to this."""
POINTS_UP_TO = 16
ROOM_FOR_LABELS = 0.26
MOST_MARKERS = 4
LEVELS = 3


@dataclass(frozen=True, slots=True)
class RateLine:
    """A rate at each of the chart's days, None where there is no data; `says` is its tooltip, with the fraction."""

    name: str
    values: tuple[float | None, ...]
    says: tuple[str, ...]
    dotted_before: date | None = None
    """Until its first point from this day on it is dotted: what it says of that time is less sure."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Something that happened on a day and may explain a bend. Words of ours alone."""

    day: date
    label: str


def show_lines(
    days: Sequence[date], lines: Sequence[RateLine], markers: Sequence[Marker] = (), *, alt_text: str
) -> None:
    """Up to three `lines` over `days`, the beginnings of the buckets. Only the last few `markers` are marked."""
    if len(lines) > len(DASHES):
        raise ValueError("more than three lines are a table")
    seen = tuple(marker for marker in markers if days and days[0] <= marker.day)[-MOST_MARKERS:]
    show(_lines, tuple(days), tuple(lines), seen, height=HEIGHT, alt_text=alt_text)


def _lines(days: tuple[date, ...], lines: tuple[RateLine, ...], markers: tuple[Marker, ...], shown: Palette) -> Chart:
    room = max((days[-1] - days[0]) * ROOM_FOR_LABELS, timedelta(days=1))
    known = [value for line in lines for value in line.values if value is not None]
    lowest = 0.5 if known and min(known) >= 0.5 else 0.0
    axes = {
        "x": alt.X(
            "day:T",
            title=None,
            scale=alt.Scale(type="utc", domain=[_day(days[0]), _day(days[-1] + room)]),
            axis=alt.Axis(
                format="%-d %b", values=[_day(day) for day in _labelled(days)], labelFlush=False, labelPadding=8
            ),
        ),
        "y": alt.Y(
            "value:Q",
            title=None,
            scale=alt.Scale(domain=[lowest, 1], nice=False),
            axis=alt.Axis(format="%", tickCount=5, grid=True, gridColor=shown.grid, labelPadding=8),
        ),
    }
    parts = [part for place, line in enumerate(lines) for part in _line(days, line, place, axes, shown)]
    return alt.layer(*_markers(days, markers, shown), *parts, *_labels(days, lines, axes, 1 - lowest, shown))


def _line(days: tuple[date, ...], line: RateLine, place: int, axes: dict[str, Any], shown: Palette) -> list[alt.Chart]:
    rows = [
        {"day": _day(day), "value": value, "name": line.name, "says": words, "when": short_day(day)}
        for day, value, words in zip(days, line.values, line.says, strict=True)
    ]
    says = tooltip(when="From", name="Rate", says="Value")
    base = plot(rows).encode(**axes, tooltip=says)
    colour = _colour(place, shown)
    size = 28 if len(days) <= POINTS_UP_TO else 6
    points = base.mark_point(color=colour, filled=True, size=size, opacity=1)
    dotted, drawn = _parted(rows, days, line.dotted_before)
    strokes = (dotted, DOTS), (drawn, DASHES[place])
    return [
        *(
            plot(some)
            .encode(**axes, tooltip=says)
            .mark_line(color=colour, strokeWidth=2, strokeDash=dash, strokeCap="round" if dash is DOTS else "butt")
            for some, dash in strokes
            if len(some) > 1
        ),
        points,
    ]


def _parted(
    rows: list[dict[str, Any]], days: tuple[date, ...], dotted_before: date | None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The points before a day and those from it on; both have the first point from that day on."""
    shared = sum(1 for day in days if dotted_before and day < dotted_before)
    return (rows[: shared + 1] if shared else []), rows[shared:]


def _labels(
    days: tuple[date, ...], lines: tuple[RateLine, ...], axes: dict[str, Any], height: float, shown: Palette
) -> list[alt.Chart]:
    """The names at the ends of the lines, pushed apart where the ends are near each other."""
    ends = [(value, place) for place, line in enumerate(lines) if (value := _last(line.values)) is not None]
    labels = []
    for place, at in label_heights(ends, CLOSEST_LABELS * height).items():
        rows = [{"day": _day(days[-1]), "value": at, "name": lines[place].name}]
        text = plot(rows).mark_text(
            align="left",
            dx=8,
            font=FONT,
            fontSize=12,
            fontWeight=700 if place == 0 else 500,
            color=_colour(place, shown),
        )
        labels.append(text.encode(**axes, text="name:N"))
    return labels


def label_heights(ends: Sequence[tuple[float, int]], apart: float) -> dict[int, float]:
    """Where the label of each line stands, by the line's place: at its end, or below another one's that is too near."""
    below, heights = float("inf"), {}
    for value, place in sorted(ends, reverse=True):
        below = heights[place] = min(value, below - apart)
    return heights


def _markers(days: tuple[date, ...], markers: tuple[Marker, ...], shown: Palette) -> list[alt.Chart]:
    drawn = []
    for number, marker in enumerate(markers):
        late = (marker.day - days[0]) > (days[-1] - days[0]) * 0.6
        base = plot([{"day": _day(marker.day), "label": marker.label}]).encode(
            x=alt.X("day:T", scale=alt.Scale(type="utc"))
        )
        drawn.append(base.mark_rule(color=shown.muted, strokeDash=[2, 3], strokeWidth=1))
        words = base.mark_text(
            align="right" if late else "left",
            dx=-4 if late else 4,
            baseline="top",
            font=FONT,
            fontSize=11,
            color=shown.muted,
        )
        drawn.append(words.encode(y=alt.value(2 + 14 * (number % LEVELS)), text="label:N"))
    return drawn


def _labelled(days: tuple[date, ...], most: int = 5) -> tuple[date, ...]:
    step = -(-len(days) // most)
    return days[::step]


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)


def _colour(place: int, shown: Palette) -> str:
    return shown.primary if place == 0 else shown.muted


def _day(day: date) -> str:
    return day.isoformat()


def rate_says(value: float | None, fraction: str) -> str:
    """ "71.4% · 1,204 of 1,686": the tooltip of a point."""
    return f"{percent(value)} · {fraction}"
