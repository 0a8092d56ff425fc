"""What the charts are told to draw."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import altair as alt
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.ui.charts import Bar, Marker, RateLine, Span, WaterfallStep, ranked
from lib.ui.charts.bars import _ranking, _waterfall
from lib.ui.charts.chart import Chart, _with_rows_inside, finished
from lib.ui.charts.lines import CLOSEST_LABELS, _lines, label_heights
from lib.ui.charts.stacked import _stacked_bars, _stacked_columns
from lib.ui.charts.timeline import _timeline
from lib.ui.widgets.theme import Palette

SHOWN = Palette("#FFFFFF", "#0C151D", "#55626F", "#0A5F66", "#E3E8EC", ("#0B7A6B",) * 6)
COUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=40)
MONDAYS = [date(2026, 11, 2) + timedelta(weeks=week) for week in range(3)]


def drawn(chart: Chart) -> dict[str, Any]:
    """The chart as the browser gets it; building it holds it against the grammar's own schema."""
    return _with_rows_inside(finished(alt.layer(chart), 250, SHOWN).to_dict())


def rows_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of all layers."""
    own = spec.get("data", {}).get("values", [])
    return [*own, *(row for layer in spec.get("layer", ()) for row in rows_of(layer))]


@given(counts=COUNTS)
def test_a_ranking_never_has_more_than_ten_bars_and_loses_no_meeting(counts: list[int]) -> None:
    bars = [Bar(f"reason {place}", n, "! Fixable", "#D45D00") for place, n in enumerate(counts)]
    shown = ranked(bars, "reasons", "? Several", "#808A96")
    assert len(shown) <= 10
    assert sum(bar.n for bar in shown) == sum(counts)
    if len(counts) > 10:
        assert shown[-1].name == f"{len(counts) - 9} more reasons"


@settings(max_examples=10)  # the grammar's own check takes 50 ms
@given(losses=st.lists(st.integers(0, 1000), min_size=1, max_size=4), last=st.integers(0, 1000))
def test_a_waterfall_falls_from_each_step_to_the_next(losses: list[int], last: int) -> None:
    left = last + sum(losses)
    steps = [WaterfallStep("Ended", left, False, "#000000")]
    for place, lost in enumerate(losses):
        left -= lost
        steps += [
            WaterfallStep(f"lost {place}", lost, True, "#000000"),
            WaterfallStep(f"left {place}", left, False, "#000000"),
        ]
    rows = {row["name"]: row for row in rows_of(drawn(_waterfall(tuple(steps), SHOWN)))}
    for place in range(0, len(steps) - 2, 2):
        before, lost_step, after = steps[place : place + 3]
        assert rows[lost_step.name]["to"] == rows[before.name]["to"] == before.n
        assert rows[lost_step.name]["from"] == rows[after.name]["to"] == after.n
        assert rows[lost_step.name]["says"] == f"−{lost_step.n:,}"


@given(ends=st.lists(st.floats(0, 1), min_size=1, max_size=3))
def test_labels_at_the_ends_of_lines_never_stand_on_each_other(ends: list[float]) -> None:
    heights = sorted(label_heights([(value, place) for place, value in enumerate(ends)], CLOSEST_LABELS).values())
    assert len(heights) == len(ends)
    assert all(two - one >= CLOSEST_LABELS * 0.999 for one, two in pairwise(heights))
    assert max(heights) == max(ends)


def test_bars_begin_at_zero_and_leave_room_for_their_numbers() -> None:
    bars = (Bar("Calendar lost", 100, "! Fixable", "#D45D00"), Bar("Off", 40, "– Off by choice", "#3E4955"))
    spec = drawn(_ranking(bars, tuple((bar.kind, bar.fill) for bar in bars), "", SHOWN))
    assert str(spec).count("'domain': [0, 125.0]") >= 1
    assert [row["name"] for row in rows_of(spec)][:2] == ["! Calendar lost", "– Off"]


def test_days_are_those_of_the_report_whatever_zone_the_browser_is_in() -> None:
    line = RateLine("Coverage", (0.7, None, 0.9), ("70.0% · 7 of 10", "no data · 0 of 0", "90.0% · 9 of 10"))
    spec = drawn(_lines(tuple(MONDAYS), (line,), (Marker(MONDAYS[1], "First sync"),), SHOWN))
    assert "'type': 'utc'" in str(spec)
    assert [row["day"] for row in rows_of(spec) if row.get("name") == "Coverage" and "says" in row][:3] == [
        day.isoformat() for day in MONDAYS
    ]
    assert {"day": "2026-11-09", "label": "First sync"} in rows_of(spec)


def test_a_scale_of_rates_begins_at_half_only_where_all_are_above_it() -> None:
    def domain(*values: float) -> str:
        lines = (RateLine("Coverage", values, ("",) * len(values)),)
        return str(drawn(_lines(tuple(MONDAYS[: len(values)]), lines, (), SHOWN)))

    assert "'domain': [0.5, 1]" in domain(0.6, 0.9)
    assert "'domain': [0.0, 1]" in domain(0.4, 0.9)


def test_every_chart_keeps_to_the_grammar() -> None:
    begins = datetime(2026, 11, 22, 9, tzinfo=UTC)
    span = Span("Recording", begins, begins + timedelta(minutes=37), "37 min", "#0B7A6B")
    assert rows_of(drawn(_timeline((span,), ZoneInfo("Europe/Berlin"), SHOWN)))[0]["from"] == "2026-11-22T10:00:00Z"
    columns = drawn(_stacked_columns((("2 Nov", (3, 0)),), ("✓ Recorded", "! Host"), ("#0B7A6B", "#D45D00"), SHOWN))
    assert [row["part"] for row in rows_of(columns)] == ["✓ Recorded"]
    stacked = drawn(_stacked_bars((("Now", (3, 1)),), ("✓ Recorded", "! Host"), ("#0B7A6B", "#D45D00"), SHOWN))
    assert {row["says"] for row in rows_of(stacked)} == {"✓ 3", "! 1"}
