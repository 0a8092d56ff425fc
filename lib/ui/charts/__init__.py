"""The one way to draw: charts in the palette in use, numbers at the bars, no frame and no axis titles."""

from lib.ui.charts.bars import Bar, WaterfallStep, ranked, show_bars, show_waterfall
from lib.ui.charts.lines import Marker, RateLine, show_lines
from lib.ui.charts.stacked import show_stacked_bars, show_stacked_columns
from lib.ui.charts.timeline import Span, show_timeline

__all__ = [
    "Bar",
    "Marker",
    "RateLine",
    "Span",
    "WaterfallStep",
    "ranked",
    "show_bars",
    "show_lines",
    "show_stacked_bars",
    "show_stacked_columns",
    "show_timeline",
    "show_waterfall",
]
