"""Each value of a chart stands at its own words: what is read by labels turns red when two values are swapped."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import altair as alt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.coverage.bot_outcomes import BotOutcomes, FailureCount
from lib.domain import Bot
from lib.recording.outcome import Outcome
from lib.recording.reason import Side
from lib.recording.reasons import reason_of
from lib.recording.timeline import phases_of
from lib.ui.bots.outcomes import PARTS, bar_parts, part_colours, part_words
from lib.ui.bots.outcomes import bars_of as bars_of_failures
from lib.ui.bots.timeline import spans_of
from lib.ui.charts import Bar, RateLine, Span, WaterfallStep
from lib.ui.charts.bars import _ranking, _waterfall
from lib.ui.charts.chart import Chart, _with_rows_inside, finished
from lib.ui.charts.lines import _lines
from lib.ui.charts.stacked import _stacked_bars, _stacked_columns
from lib.ui.charts.timeline import _timeline
from lib.ui.widgets.theme import Palette
from lib.ui.words import outcomes
from tests.charts import (
    bars_of,
    colours_of,
    dashes_of,
    ends_of,
    layers_of,
    lines_of,
    marks_of,
    parts_of,
    plain,
    signs_of,
)
from tests.unit.recording.making import bot

SHOWN = Palette("#FFFFFF", "#0C151D", "#55626F", "#0A5F66", "#E3E8EC", ("#0B7A6B",) * 6)
DAYS = (date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16))
ORDER, COLOURS = ("✓ Recorded", "! Host's side", "▲ Technical"), ("#0B7A6B", "#D45D00", "#6B2FA0")


def drawn(chart: Chart) -> dict[str, Any]:
    return _with_rows_inside(finished(alt.layer(chart), 250, SHOWN).to_dict())


def line(name: str, *values: float | None) -> RateLine:
    return RateLine(name, values, tuple(f"{name} {value}" for value in values))


def test_each_line_runs_through_its_own_values_and_its_name_stands_at_its_end() -> None:
    lines = (line("Coverage", 0.6, None, 0.5), line("Reach", 0.9, 0.8, 0.7), line("Delivery", 0.66, 0.77, 0.9))
    spec = drawn(_lines(DAYS, lines, (), SHOWN))
    assert lines_of(spec) == {
        each.name: {
            day.isoformat(): (value, says) for day, value, says in zip(DAYS, each.values, each.says, strict=True)
        }
        for each in lines
    }
    assert ends_of(spec) == {"Coverage": 0.5, "Reach": 0.7, "Delivery": 0.9}


def test_the_first_line_alone_has_the_accent_and_the_solid_stroke() -> None:
    lines = (line("Coverage", 0.6, 0.5, 0.5), line("Reach", 0.9, 0.8, 0.7), line("Delivery", 0.6, 0.7, 0.9))
    strokes = {}
    for layer in drawn(_lines(DAYS, lines, (), SHOWN))["layer"][0]["layer"]:
        if layer["mark"]["type"] == "line":
            name = layer["data"]["values"][0]["name"]
            strokes[name] = layer["mark"]["color"], tuple(layer["mark"]["strokeDash"])
    assert strokes["Coverage"] == (SHOWN.primary, (1, 0))
    assert strokes["Reach"][0] == strokes["Delivery"][0] == SHOWN.muted
    assert len({dash for _, dash in strokes.values()}) == 3


@settings(max_examples=10)  # the grammar's own check takes 50 ms
@given(counts=st.lists(st.integers(0, 5000), min_size=2, max_size=6))
def test_each_bar_of_a_ranking_has_its_own_length_number_and_class(counts: list[int]) -> None:
    kinds_ = [("! Fixable", "#D45D00"), ("– Off by choice", "#3E4955")]
    bars = tuple(Bar(f"reason {place}", n, *kinds_[place % 2]) for place, n in enumerate(counts))
    spec = drawn(_ranking(bars, tuple(kinds_), "", SHOWN))
    read = {plain(name): (bar.begins, bar.length, bar.says, bar.colour) for name, bar in bars_of(spec).items()}
    assert read == {bar.name: (0, bar.n, f"{bar.n:,}", bar.kind) for bar in bars}
    assert colours_of(spec) == dict(kinds_)
    assert all(name[0] == bar.colour[0] for name, bar in bars_of(spec).items())


def test_a_bar_of_what_nobody_watched_is_hatched_and_its_legend_says_since_when() -> None:
    fixable, off = ("! Fixable", "#D45D00"), ("– Off by choice", "#3E4955")
    bars = (
        Bar("No recording rule is on", 1180, *fixable, inferred=1180),
        Bar("Bot left in the waiting room", 960, *fixable),
        Bar("Internal meetings are off", 3, *off, inferred=3),
        Bar("8 more reasons", 40, *off, inferred=12),
    )
    spec = drawn(_ranking(bars, (fixable, off), "~ by the rules first seen, on 26 Oct", SHOWN))
    read = bars_of(spec)
    assert {name: (bar.says, bar.is_pale) for name, bar in read.items()} == {
        "! ~ No recording rule is on": ("~1,180", True),
        "! Bot left in the waiting room": ("960", False),
        "– ~ Internal meetings are off": ("~3", True),
        "– 8 more reasons": ("~40", False),
    }
    assert {name: bar.strokes > 0 for name, bar in read.items()} == {
        "! ~ No recording rule is on": True,
        "! Bot left in the waiting room": False,
        "– ~ Internal meetings are off": False,  # too short for a stroke: the outline alone
        "– 8 more reasons": False,
    }
    assert signs_of(spec) == ["~ by the rules first seen,\non 26 Oct"]
    assert colours_of(spec) == dict((fixable, off))


def test_strokes_stay_on_their_bars() -> None:
    bars = tuple(Bar(f"reason {n}", n, "! Fixable", "#D45D00", inferred=n) for n in (1000, 500, 20))
    spec = drawn(_ranking(bars, (("! Fixable", "#D45D00"),), "~ by the rules first seen", SHOWN))
    ends = {name: bar.ends for name, bar in bars_of(spec).items()}
    (strokes,) = [each for each in marks_of(spec, "point") if "shape" not in each["encoding"]]
    assert {row["name"]: row["to"] for row in strokes["data"]["values"]} == ends
    assert strokes["mark"]["x"] == {"expr": "max(0, min(datum.place * 5.5, scale('x', datum.to) - 3.3))"}
    assert strokes["mark"]["strokeOpacity"] == {"expr": "datum.place * 5.5 <= scale('x', datum.to) - 3.3 ? 1 : 0"}


def test_where_nothing_is_hatched_the_legend_says_nothing_of_it() -> None:
    bars = (Bar("Calendar lost", 10, "! Fixable", "#D45D00"),)
    assert signs_of(drawn(_ranking(bars, (("! Fixable", "#D45D00"),), "", SHOWN))) == []


def test_before_a_day_a_line_is_dotted_and_from_its_first_point_on_it_has_its_own_dashes() -> None:
    lines = (
        line("Coverage", 0.6, 0.7, 0.5),
        replace(line("Reach", 0.9, 0.8, 0.7), dotted_before=date(2026, 11, 8)),
        replace(line("Delivery", 0.66, 0.77, 0.9), dotted_before=date(2026, 11, 8)),
    )
    first, second, third = (day.isoformat() for day in DAYS)
    assert dashes_of(drawn(_lines(DAYS, lines, (), SHOWN))) == {
        "Coverage": [([1, 0], [first, second, third])],
        "Reach": [([0.1, 5], [first, second]), ([6, 4], [second, third])],
        "Delivery": [([0.1, 5], [first, second]), ([8, 3, 2, 3], [second, third])],
    }


@pytest.mark.parametrize(
    ("day", "strokes"),
    [
        (date(2026, 11, 2), [[6, 4]]),
        (date(2026, 11, 17), [[0.1, 5]]),
        (None, [[6, 4]]),
        (date(2026, 11, 16), [[0.1, 5]]),
    ],
)
def test_a_line_that_is_all_on_one_side_of_a_day_has_one_kind_of_stroke(day: date | None, strokes: list[Any]) -> None:
    lines = (line("Coverage", 0.6, 0.7, 0.5), replace(line("Reach", 0.9, 0.8, 0.7), dotted_before=day))
    assert [dash for dash, _ in dashes_of(drawn(_lines(DAYS, lines, (), SHOWN)))["Reach"]] == strokes


def test_each_step_of_a_waterfall_has_its_own_bar_number_and_colour() -> None:
    steps = (
        WaterfallStep("Held", 40, False, "#000001"),
        WaterfallStep("− not asked", 10, True, "#000002"),
        WaterfallStep("Asked for", 30, False, "#000003"),
    )
    read = {
        name: (bar.begins, bar.ends, bar.says, bar.colour)
        for name, bar in bars_of(drawn(_waterfall(steps, SHOWN))).items()
    }
    assert read == {
        "Held": (0, 40, "40", "#000001"),
        "− not asked": (30, 40, "−10", "#000002"),
        "Asked for": (0, 30, "30", "#000003"),
    }


def test_each_part_of_a_column_and_of_a_bar_has_its_own_length_and_colour() -> None:
    wanted = {"✓ Recorded": 30, "! Host's side": 20, "▲ Technical": 10}
    parts = tuple(wanted[word] for word in ORDER)
    columns = drawn(_stacked_columns((("2 Nov", parts), ("9 Nov", (1, 0, 3))), ORDER, COLOURS, SHOWN))
    assert parts_of(columns) == {
        **{("2 Nov", word): n for word, n in wanted.items()},
        ("9 Nov", "✓ Recorded"): 1,
        ("9 Nov", "▲ Technical"): 3,
    }
    bars = drawn(_stacked_bars((("Zoom", parts), ("Google Meet", (1, 0, 3))), ORDER, COLOURS, SHOWN))
    assert parts_of(bars) == {
        **{("Zoom", word): n for word, n in wanted.items()},
        ("Google Meet", "✓ Recorded"): 1,
        ("Google Meet", "▲ Technical"): 3,
    }
    assert colours_of(columns) == colours_of(bars) == dict(zip(ORDER, COLOURS, strict=True))


def test_the_words_on_the_parts_of_a_bar_are_their_own() -> None:
    spec = drawn(_stacked_bars((("Zoom", (30, 20, 1)),), ORDER, COLOURS, SHOWN))
    (words,) = [layer for layer in layers_of(spec) if layer.mark == "text"]
    assert {row["part"]: row["says"] for row in words.rows} == {
        "✓ Recorded": "✓ 30",
        "! Host's side": "! 20",
        "▲ Technical": "",  # too narrow for its number
    }


def test_each_span_of_a_timeline_begins_and_ends_when_it_did() -> None:
    nine = datetime(2026, 11, 22, 9, tzinfo=UTC)
    spans = (
        Span("Joining", nine, nine + timedelta(minutes=2), "2 min", "#000001"),
        Span("Recording", nine + timedelta(minutes=2), nine + timedelta(minutes=40), "38 min", "#000002"),
    )
    read = bars_of(drawn(_timeline(spans, ZoneInfo("Europe/Berlin"), SHOWN)))
    assert {name: (bar.begins, bar.ends, bar.says, bar.colour) for name, bar in read.items()} == {
        "Joining": ("2026-11-22T10:00:00Z", "2026-11-22T10:02:00Z", "2 min", "#000001"),
        "Recording": ("2026-11-22T10:02:00Z", "2026-11-22T10:40:00Z", "38 min", "#000002"),
    }


def test_what_became_of_bots_stands_at_its_own_word() -> None:
    failed = {Side.HOST: 7, Side.PLATFORM: 1, Side.OURS: 2, Side.NOBODY: 5}
    parts = bar_parts(BotOutcomes(unsettled=90, did_not_happen=80, recorded=40, in_part=9, failed_on=failed))
    assert {plain(word): n for word, n in parts.items()} == {
        "Recorded": 40,
        "Host's side": 7,
        "Technical": 3,
        "Other": 5,
    }


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("Recorded", Outcome.RECORDED),
        ("Host's side", Outcome.FIXABLE),
        ("Technical", Outcome.TECHNICAL),
        ("Other", Outcome.UNKNOWN),
    ],
)
def test_the_colours_of_what_became_of_bots_are_those_of_their_words(word: str, outcome: Outcome) -> None:
    colours = dict(zip(map(part_words, PARTS), part_colours(), strict=True))
    assert {plain(label): colour for label, colour in colours.items()}[word] == outcomes.fill(outcome)


def test_each_reason_for_which_bots_failed_has_its_own_number_and_side() -> None:
    waiting, turned_away = reason_of("waiting_room_not_admitted"), reason_of("rejected_or_removed")
    broken = reason_of("platform_or_network_error")
    found = bars_of_failures(
        [
            FailureCount(waiting, Side.HOST, 12),
            FailureCount(turned_away, Side.HOST, 5),
            FailureCount(broken, Side.PLATFORM, 3),
        ]
    )
    assert {bar.name: (bar.n, plain(bar.kind), bar.fill) for bar in found} == {
        waiting.label: (12, "Host's side", outcomes.fill(Outcome.FIXABLE)),
        turned_away.label: (5, "Host's side", outcomes.fill(Outcome.FIXABLE)),
        broken.label: (3, "Technical", outcomes.fill(Outcome.TECHNICAL)),
    }


def test_each_phase_of_a_bot_lasts_as_long_as_its_statuses_say() -> None:
    some: Bot = bot("joining_call", "in_waiting_room", "in_call_recording", "call_ended", "done")
    at = {change.code: change.created_at for change in some.status_changes}
    spans = {span.name: (span.begins, span.ends) for span in spans_of(phases_of(some, None), "#000000")}
    assert spans["Joining"] == (at["joining_call"], at["in_waiting_room"])
    assert spans["Waiting room"] == (at["in_waiting_room"], at["in_call_recording"])
    assert spans["Recording"] == (at["in_call_recording"], at["call_ended"])
