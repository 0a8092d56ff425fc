"""What happened from when to when: one bar for each span, under each other in the order of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import altair as alt
import orjson

from lib.ui.charts.chart import FONT, LABEL_LIMIT, Chart, plot, show, tooltip
from lib.ui.widgets.theme import Palette

THICKNESS, ROW_HEIGHT, AXIS_HEIGHT = 14, 28, 28
ROOM_FOR_WORDS = 0.35
SHORT = timedelta(minutes=4)


@dataclass(frozen=True, slots=True)
class Span:
    """One thing that lasted. `name` is a word of ours; `says` stands at its end, such as how long it took."""

    name: str
    begins: datetime
    ends: datetime
    says: str
    fill: str


def show_timeline(spans: Sequence[Span], zone: ZoneInfo, *, alt_text: str) -> None:
    """The spans in the time of `zone`, on an axis with clock times."""
    height = ROW_HEIGHT * len(spans) + AXIS_HEIGHT
    show(_timeline, tuple(spans), zone, height=height, alt_text=alt_text)


def _timeline(spans: tuple[Span, ...], zone: ZoneInfo, shown: Palette) -> Chart:
    rows = [
        {
            "row": number,
            "name": span.name,
            "from": _local(span.begins, zone),
            "to": _local(max(span.ends, span.begins), zone),
            "says": span.says,
            "fill": span.fill,
        }
        for number, span in enumerate(spans)
    ]
    first, last = min(span.begins for span in spans), max(span.ends for span in spans)
    domain = [_local(first, zone), _local(last + (last - first) * ROOM_FOR_WORDS, zone)]
    names = orjson.dumps([span.name for span in spans]).decode()
    base = plot(rows).encode(
        y=alt.Y(
            "row:O",
            title=None,
            axis=alt.Axis(labelExpr=f"{names}[datum.value]", labelLimit=LABEL_LIMIT, labelPadding=8),
        ),
        tooltip=tooltip(name="What", says="How long"),
    )
    x = alt.X(
        "from:T",
        title=None,
        scale=alt.Scale(type="utc", domain=domain),
        axis=alt.Axis(format=_clock(last - first), tickCount=5, grid=True, gridColor=shown.grid),
    )
    bars = base.mark_bar(size=THICKNESS, cornerRadius=2).encode(x=x, x2="to:T", color=alt.Color("fill:N", scale=None))
    ticks = base.mark_tick(thickness=3, size=THICKNESS).encode(x=x, color=alt.Color("fill:N", scale=None))
    words = base.mark_text(align="left", dx=6, font=FONT, fontSize=12, color=shown.text).encode(x="to:T", text="says:N")
    return alt.layer(bars, ticks, words)


def _clock(span: timedelta) -> str:
    """How the axis tells the time: where its lines stand less than a minute apart, with seconds."""
    return "%H:%M:%S" if span < SHORT else "%H:%M"


def _local(moment: datetime, zone: ZoneInfo) -> str:
    """Written as if it were UTC: the chart then shows the clock of `zone` whatever the browser's is."""
    return moment.astimezone(zone).replace(tzinfo=None).isoformat() + "Z"
