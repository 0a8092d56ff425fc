"""Each chart and table of figures holds, at its own words, what the workspace counts."""

from collections import Counter
from collections.abc import Sequence
from math import nan
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.coverage.bot_outcomes import (
    BotMeetings,
    BotOutcomes,
    bot_meetings,
    bot_outcomes,
    failures,
    outcomes_by_platform,
    outcomes_over_time,
)
from lib.coverage.breakdown import BreakdownGroup, breakdown
from lib.coverage.numbers import Numbers
from lib.coverage.period import Bucket, last_days
from lib.coverage.period_view import PeriodView, view_period
from lib.coverage.scope import Dimension, Scope, within
from lib.coverage.trend import Point, trend
from lib.coverage.trend import sparkline as sparkline_of
from lib.recording.outcome import Outcome
from lib.recording.reason import Basis, Side
from lib.recording.time_part import TimePart
from lib.ui.bots.outcomes import outcome_of_side, plain_platform
from lib.ui.widgets.filter_row import report_zone
from lib.ui.words.formats import count, fraction, percent, plural, short_day
from lib.ui.words.outcomes import fill
from tests.charts import bars_of, chart, colours_of, dashes_of, ends_of, headed, lines_of, parts_of, plain, sparkline
from tests.pages.conftest import NewUser, Open, run_until_read
from tests.pages.filled import filled, filled_desk, loaded, open_filled
from tests.pages.seeing import said
from tests.running import Sandbox

__all__ = ["filled", "filled_desk", "open_filled"]

DAY = 24 * 3600
COLOURS = {
    "Recorded": Outcome.RECORDED,
    "Will record": Outcome.WILL_RECORD,
    "Off by choice": Outcome.OFF_BY_CHOICE,
    "Not recorded": Outcome.OFF_BY_CHOICE,
    "Fixable": Outcome.FIXABLE,
    "Host's side": Outcome.FIXABLE,
    "Recall or us": Outcome.TECHNICAL,
    "Technical": Outcome.TECHNICAL,
    "Unknown": Outcome.UNKNOWN,
    "Other": Outcome.UNKNOWN,
    "Several": Outcome.UNKNOWN,
}
"""Whose colour the words of legends have."""
RATES = ("Coverage", "Reach", "Delivery")


def seen(days: int = 30, customer: str | None = None) -> PeriodView:
    """The last days, straight from the workspace."""
    snapshot = loaded()
    assert snapshot.as_of
    period = last_days(snapshot.as_of, days, report_zone())
    return view_period(within(snapshot.frame, Scope(customer=customer)), period, snapshot.as_of)


def bots() -> BotMeetings:
    return bot_meetings(seen())


def rates(point: Point) -> dict[str, float | None]:
    """The rates as design.md writes them, so that no other definition of them is needed here."""
    return {
        "Coverage": point.recorded / point.held if point.held else None,
        "Reach": point.asked / point.held if point.held else None,
        "Delivery": point.recorded / point.asked if point.asked else None,
    }


def known(points: Sequence[Point], name: str) -> list[float]:
    """One rate of these points, where there is data."""
    return [rate for point in points if (rate := rates(point)[name]) is not None]


def told_apart(points: Sequence[Point]) -> None:
    """These points tell the three lines from each other, as the tests of them need."""
    lines = {name: tuple(rates(point)[name] for point in points) for name in RATES}
    assert len(set(lines.values())) == 3


def has_its_colours(spec: dict[str, Any]) -> bool:
    """Whether each word of a legend has the colour of its outcome."""
    return all(colour == fill(COLOURS[plain(word)]) for word, colour in colours_of(spec).items())


def reasons_of(numbers: Numbers) -> dict[tuple[str, bool], int]:
    """How many meetings each reason costs, by its label and whether it is inferred; nine, and the rest together."""
    every = numbers.reasons_of(TimePart.ENDED)
    shown = every if len(every) <= 10 else every[:9]
    found = {(each.reason.label, each.basis is Basis.INFERRED): each.meetings for each in shown}
    if rest := every[len(shown) :]:
        found[f"{len(rest)} more reasons", False] = sum(each.meetings for each in rest)
    return found


def lengths(app: AppTest) -> dict[tuple[str, bool], int]:
    """How long the bars of the reasons are, by their words without signs and whether they are hatched."""
    (alt,) = [str(each.proto.alt) for each in app.get("vega_lite_chart") if "most frequent reason" in each.proto.alt]
    spec = chart(app, alt)
    assert has_its_colours(spec)
    bars = bars_of(spec)
    for name, bar in bars.items():
        assert bar.says.removeprefix("~") == count(bar.length)
        assert ("~" in name) == bar.is_pale
        assert not bar.is_pale or bar.says[0] == "~"
    return {(plain(name), bar.is_pale): bar.length for name, bar in bars.items()}


@pytest.mark.parametrize("by", [Bucket.DAY, Bucket.WEEK, Bucket.MONTH])
def test_each_line_of_the_trend_runs_through_its_own_rate(open_filled: Open, by: Bucket) -> None:
    app = open_filled("viewer", "coverage", by=by.value)
    points = trend(seen(), by, report_zone())
    told_apart(points)
    lines = lines_of(chart(app, f"Coverage by {by.value}"))
    assert set(lines) == set(RATES)
    for name, line in lines.items():
        assert {day: value for day, (value, _) in line.items()} == {
            point.start.isoformat(): rates(point)[name] for point in points
        }


def test_before_the_first_sync_reach_and_delivery_are_dotted_and_coverage_is_not(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage", by="week")
    dotted = {name: strokes[0][0] == [0.1, 5] for name, strokes in dashes_of(chart(app, "Coverage by week")).items()}
    assert dotted == {"Coverage": False, "Reach": True, "Delivery": True}
    assert "Dotted: before the first sync, on" in said(app)
    (reach,) = [each for each in app.metric if each.label == "= Reach"]
    assert "rest on bots alone" in reach.proto.help


def test_each_point_of_the_trend_tells_its_own_fraction_and_each_name_stands_at_its_own_end(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage", by="week")
    spec = chart(app, "Coverage by week")
    points = trend(seen(), Bucket.WEEK, report_zone())
    for point in points:
        told = {name: line[point.start.isoformat()][1] for name, line in lines_of(spec).items()}
        assert told["Coverage"].endswith(fraction(point.recorded, point.held))
        assert told["Reach"].endswith(fraction(point.asked, point.held))
        assert told["Delivery"].endswith(fraction(point.recorded, point.asked))
    ends = ends_of(spec)
    assert sorted(ends, key=lambda name: ends[name]) == sorted(RATES, key=lambda name: known(points, name)[-1])


def test_each_column_of_the_trends_table_holds_what_its_head_says(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage", by="week")
    app.toggle(key="trend_as_table").set_value(True).run()
    table = headed(app, "The rates over time")
    points = trend(seen(), Bucket.WEEK, report_zone())
    told_apart(points)
    assert list(table["Held"]) == [point.held for point in points]
    assert list(table["Asked for"]) == [point.asked for point in points]
    assert list(table["Recorded"]) == [point.recorded for point in points]
    for name in RATES:
        assert list(table[name]) == [percent(rates(point)[name]) for point in points]


@pytest.mark.parametrize("name", RATES)
def test_each_figure_has_its_own_sparkline(open_filled: Open, name: str) -> None:
    app = open_filled("viewer", "coverage")
    points = sparkline_of(seen(), report_zone())
    told_apart(points)
    assert sparkline(app, name) == pytest.approx(known(points, name))


def test_each_step_of_the_waterfall_is_as_long_as_what_it_names(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage")
    ended, bars = seen().numbers.ended, bars_of(chart(app, "Of "))
    steps = {
        "Ended": ended.meetings,
        "Recordable": ended.recordable,
        "Held": ended.held,
        "Asked for": ended.asked,
        "Recorded": ended.recorded,
    }
    assert len(set(steps.values())) == 5
    assert {name: (bar.begins, bar.ends) for name, bar in bars.items() if name in steps} == {
        name: (0, n) for name, n in steps.items()
    }
    losses = {plain(name).lower(): bar for name, bar in bars.items() if name not in steps}
    assert losses["no link or all day"].length == ended.meetings - ended.recordable
    assert losses["did not happen or unsettled"].length == ended.did_not_happen + ended.unsettled
    assert losses["bot did not record"].length == ended.asked - ended.recorded
    assert (losses["bot did not record"].begins, losses["bot did not record"].ends) == (ended.recorded, ended.asked)
    assert sum(bar.length for bar in losses.values()) == ended.meetings - ended.recorded
    for name, bar in bars.items():
        assert bar.says == (count(bar.length) if name in steps else f"−{count(bar.length)}")


def test_each_reason_has_a_bar_of_its_own_length(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage")
    wanted = reasons_of(seen().numbers)
    assert len(set(wanted.values())) > 1
    assert {inferred for _, inferred in wanted} == {True, False}
    assert lengths(app) == wanted


def test_each_reason_of_one_customer_has_a_bar_of_its_own_length(open_filled: Open) -> None:
    open_filled("viewer", "customers")
    worst = breakdown(seen(), Dimension.CUSTOMER)[0]
    app = open_filled("viewer", "customers", customer=worst.name)
    wanted = reasons_of(seen(customer=worst.name).numbers)
    assert len(wanted) > 1
    assert lengths(app) == wanted


def test_each_column_of_the_grid_counts_what_its_head_says(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage")
    table = headed(app, "Ended meetings by")
    sums = {plain(head): int(table[head].sum()) for head in table.columns if head != "Week of"}
    ended, missed = seen().numbers.ended, Counter[str]()
    for each in seen().numbers.reasons_of(TimePart.ENDED):
        by = "Fixable" if each.reason.setup_gap else WORDS_OF_CLASSES.get(each.reason.klass.value, "Unknown")
        missed["Unknown" if each.reason.key == "unclassified" else by] += each.meetings
    assert sums["Recorded"] + sums["In part"] == ended.recorded
    assert sums["Did not happen"] == ended.did_not_happen
    assert sums["Unsettled"] == ended.unsettled
    assert {head: sums[head] for head in ("Off by choice", "Fixable", "Recall or us", "Unknown")} == {
        head: missed[head] for head in ("Off by choice", "Fixable", "Recall or us", "Unknown")
    }


WORDS_OF_CLASSES = {"policy": "Off by choice", "fixable": "Fixable", "platform": "Recall or us", "ours": "Recall or us"}


def test_each_column_of_where_meetings_are_missed_holds_what_its_head_says(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage", where="customer")
    table = headed(app, "Where meetings are missed")
    groups = breakdown(seen(), Dimension.CUSTOMER)
    by_name = {name_of(group): group for group in groups}
    assert set(table["Customer"]) == set(by_name)
    for row in table.to_dict("records"):
        group = by_name[row["Customer"]]
        assert row["Missed"] == group.held - group.recorded
        assert row["Can act on"] == group.missed - group.by_choice
        assert row["Of held"] == fraction(group.recorded, group.held)
        assert row["Coverage"] == percent(group.recorded / group.held if group.held else None)
        assert row["Main reason"] == main_reason(group)


def percents(group: BreakdownGroup) -> float:
    """Its coverage in percent, worked out here; a number that is none where nothing was held."""
    return 100 * group.recorded / group.held if group.held else nan


def test_each_column_of_the_customers_holds_what_its_head_says(open_filled: Open) -> None:
    app = open_filled("viewer", "customers")
    table = headed(app, "customers_table")
    for group in breakdown(seen(), Dimension.CUSTOMER):
        (row,) = [row for row in table.to_dict("records") if row["Customer"] == name_of(group)]
        assert row["Missed"] == group.held - group.recorded
        assert row["Off by choice"] == group.by_choice
        assert row["Can act on"] == row["Missed"] - row["Off by choice"]
        assert row["Of held"] == fraction(group.recorded, group.held)
        assert row["Coverage"] == pytest.approx(percents(group), nan_ok=True)
        assert row["Main reason"] == main_reason(group)
        weeks = trend(seen(days=60, customer=group.name), Bucket.WEEK, report_zone())
        assert list(row["Missed a week"]) == [week.held - week.recorded for week in weeks[-6:]]


def test_each_part_of_each_column_is_what_became_of_the_bots(open_filled: Open) -> None:
    app = open_filled("viewer", "bots", cut="week")
    rows = {short_day(day): each for day, each in outcomes_over_time(bots(), Bucket.WEEK, report_zone())}
    spec = chart(app, of_bots())
    assert parts_of(spec) == parts(rows)
    assert has_its_colours(spec)


def test_each_part_of_each_bar_is_what_became_of_the_bots_of_a_platform(open_filled: Open) -> None:
    app = open_filled("viewer", "bots", cut="platform")
    rows = {plain_platform(name): each for name, each in outcomes_by_platform(bots())}
    assert len(rows) > 1
    spec = chart(app, of_bots())
    assert parts_of(spec) == parts(rows)
    assert has_its_colours(spec)


def test_each_reason_for_which_bots_failed_has_a_bar_of_its_own_length(open_filled: Open) -> None:
    app = open_filled("viewer", "bots")
    wanted: Counter[tuple[str, Outcome]] = Counter()
    for each in failures(bots()):
        wanted[each.reason.label, outcome_of_side(each.side)] += each.meetings
    spec = chart(app, f"{plural(sum(wanted.values()), 'meeting')} failed")
    read = {(plain(name), bar.colour[0]): bar.length for name, bar in bars_of(spec).items()}
    assert has_its_colours(spec)
    assert len(set(wanted.values())) > 1
    assert read == {(label, kind.sign): n for (label, kind), n in wanted.items()}


def test_now_and_after_each_show_what_will_be_recorded(open_page: Open, new_user: NewUser, sandbox: Sandbox) -> None:
    user = new_user(preferences={"record_internal": True})
    for title, external in (("out 1", True), ("out 2", True), ("in", False)):
        sandbox.add_meeting(user["id"], title=title, is_external=external, start_in_seconds=DAY)
    app = run_until_read(open_page("editor", user=user["id"], section="preferences"))
    app.radio[0].set_value("everything").run()
    spec = chart(app, "Now 1 of 3")
    assert has_its_colours(spec)
    read = {(bar, plain(part)): n for (bar, part), n in parts_of(spec).items()}
    assert read == {("Now", "Will record"): 1, ("Now", "Not recorded"): 2, ("After", "Will record"): 3}


def of_bots() -> str:
    """How the words of the chart begin."""
    all_ = bot_outcomes(bots())
    return f"{fraction(all_.recorded, all_.came)} meetings"


def main_reason(group: BreakdownGroup) -> str:
    if group.main_reason is None:
        return "—"
    return f"~ {group.main_reason.label}" if group.main_is_inferred else group.main_reason.label


def name_of(group: BreakdownGroup) -> str:
    return "Unassigned" if group.name is None else group.name


def parts(rows: dict[str, BotOutcomes]) -> dict[tuple[str, str], int]:
    """What a chart of these shows; parts without a meeting are not drawn."""
    found: dict[tuple[str, str], int] = {}
    for name, each in rows.items():
        found |= {
            (name, "✓ Recorded"): each.recorded,
            (name, "! Host's side"): each.failed_on[Side.HOST],
            (name, "▲ Technical"): each.failed_on[Side.PLATFORM] + each.failed_on[Side.OURS],
            (name, "? Other"): each.failed_on[Side.NOBODY],
        }
    return {part: n for part, n in found.items() if n}
