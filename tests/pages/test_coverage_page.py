"""The Coverage page on a workspace that was really read."""

import json
import re
from datetime import timedelta
from time import sleep

import pytest
import streamlit as st
from sqlalchemy import update
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.coverage.drilldown import MissedFor, drill_down
from lib.coverage.inferred_reasons import rule_agreement
from lib.coverage.numbers import Numbers, numbers
from lib.coverage.period import last_days
from lib.coverage.period_view import view_period
from lib.queries.coverage_figures import coverage_figures
from lib.queries.customer_summary import customer_summaries
from lib.recording.reason import Basis
from lib.recording.time_part import TimePart
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.store import passes
from lib.store.passes import PassState
from lib.store.tables.workspace import last_read, sync_pass
from lib.ui.coverage.definitions import page_table
from lib.ui.customers.ranking import columns_of
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.meeting_rows import COLUMNS, rows_of
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.table import table_of
from lib.ui.words.formats import count, fraction, percent, plural, short_day
from lib.ui.words.scope import choice_of
from tests.pages.conftest import PAGES, Open
from tests.pages.filled import (
    FORMULA,
    HOSTILE_CUSTOMER,
    PICTURE,
    UNSET_CUSTOMER,
    filled,
    filled_desk,
    loaded,
    open_filled,
)
from tests.pages.seeing import cells, column, grid, pick, said, said_as_markup

__all__ = ["filled", "filled_desk", "open_filled"]


def counted(days: int = 30) -> Numbers:
    """The numbers of the last days, straight from the workspace."""
    known = loaded()
    assert known.as_of
    period = last_days(known.as_of, days, report_zone())
    return numbers(known.frame, period.from_, period.to, known.as_of)


def metric(app: AppTest, label: str) -> tuple[str, str]:
    """The value of a figure and what stands beside it."""
    (found,) = [each for each in app.metric if each.label == label]
    return str(found.value), str(found.proto.delta_description)


def pick_cell(app: AppTest, key: str, row: int, name: str) -> AppTest:
    """Select a cell of the grid of that key as a click does."""
    id_ = next(frame.proto.id for frame in app.dataframe if frame.proto.id.endswith(f"-{key}"))
    states = app._tree.get_widget_states()
    selection = {"selection": {"rows": [], "columns": [], "cells": [[row, name]]}}
    states.widgets.append(WidgetState(id=id_, string_value=json.dumps(selection)))
    return app._run(states)


def pass_again() -> None:
    """A pass in which nothing changed, and the workspace after it."""
    before = loaded().mark
    with desk().store.write() as connection:
        key = passes.begin(connection, now=utc_now(), resume_within=timedelta(0)).key
        passes.end(connection, key, PassState.COMPLETE, now=utc_now())
    desk().workspace.look_again()
    for _ in range(400):
        if loaded().mark != before:
            return
        sleep(0.02)
    raise AssertionError("the workspace does not follow")


def click_bar(app: AppTest, key: str, bar: dict[str, str] | None) -> AppTest:
    """Click a bar of the chart of that key (None: beside the bars) as a browser does."""
    (id_,) = [each.proto.id for each in app.get("vega_lite_chart") if str(each.proto.id).endswith(f"-{key}")]
    states = app._tree.get_widget_states()
    selection = {"selection": {"picked": [bar] if bar else []}}
    states.widgets.append(WidgetState(id=id_, string_value=json.dumps(selection)))
    return app._run(states)


def test_the_rates_stand_with_their_fractions_as_the_numbers_have_them(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage")
    ended = counted().ended
    assert ended.held > 50
    for label, rate in (("Coverage", ended.coverage), ("= Reach", ended.reach), ("× Delivery", ended.delivery)):
        assert metric(app, label) == (percent(rate.value), fraction(rate.numerator, rate.denominator))
    assert f"**{count(ended.missed)} meetings were missed in the last 30 days.**" in said(app)


def test_the_period_lives_in_the_address(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage", period="7")
    ended = counted(7).ended
    assert metric(app, "Coverage")[1] == fraction(ended.recorded, ended.held)
    app.segmented_control(key="coverage_period").set_value("90").run()
    assert app.query_params["period"] == "90"
    ended = counted(90).ended
    assert metric(app, "Coverage")[1] == fraction(ended.recorded, ended.held)


def test_a_link_that_is_followed_within_a_session_decides_over_what_was_chosen_before(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage", period="7")
    app.query_params["period"] = "90"
    app.run()
    assert app.segmented_control(key="coverage_period").value == "90"


def test_a_period_stays_on_the_way_over_another_page(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage", period="7")
    app.query_params.clear()
    app.switch_page(str(PAGES / "users.py")).run()
    app.query_params.clear()
    app.switch_page(str(PAGES / "coverage.py")).run()
    assert app.segmented_control(key="coverage_period").value == "7"
    assert app.query_params["period"] == "7"


def test_reversed_days_are_said_to_hold_nothing(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage", period="custom", **{"from": "2026-11-20", "to": "2026-11-01"})
    assert not app.exception
    assert "The last day is before the first" in said(app)
    assert "No meetings in this period" in said(app)


@pytest.mark.parametrize("first", ["0001-01-01", "1995-01-01"])
def test_many_years_are_shown_in_wider_buckets(open_filled: Open, first: str) -> None:
    app = open_filled("viewer", "coverage", period="custom", by="day", **{"from": first, "to": "2030-01-01"})
    assert not app.exception
    assert "Too many days for one chart" in said(app)
    ended = counted(3650).ended
    assert metric(app, "Coverage")[1] == fraction(ended.recorded, ended.held)


@pytest.mark.parametrize("words", ["yesterday", "2026-02-31", "=1+1"])
def test_days_that_are_none_are_said_to_be_unreadable(open_filled: Open, words: str) -> None:
    app = open_filled("viewer", "coverage", period="custom", **{"from": words})
    assert "could not be read. The last 30 days are shown" in said(app)


def test_one_customer_is_counted_alone_and_its_calendars_with_it(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage", customer=HOSTILE_CUSTOMER, period="7")
    assert metric(app, "Coverage")[1] == "2 of 2" or metric(app, "Coverage")[1].endswith(" of 2")
    assert "1 of 1 calendars" in said(app)


def test_a_customer_that_is_not_known_is_left_out_and_said_to_be(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage", customer="nobody.example")
    assert "The customer in the address is not known here" in said(app)
    ended = counted().ended
    assert metric(app, "Coverage")[1] == fraction(ended.recorded, ended.held)


def test_filters_that_match_nothing_can_be_cleared(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage", customer=HOSTILE_CUSTOMER, audience="internal", period="7")
    assert "Nothing matches these filters" in said(app)
    app.button(key="empty").click().run()
    assert app.segmented_control(key="coverage_period").value == "7"
    assert metric(app, "Coverage")[1] == fraction(counted(7).ended.recorded, counted(7).ended.held)


def test_a_step_of_the_funnel_opens_as_many_meetings_as_it_says(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage")
    app.toggle(key="funnel_as_table").set_value(True).run()
    steps = column(app, "step")
    pick(app, "coverage_funnel", steps.index("Bot did not record"))
    assert app.query_params["rows"] == "funnel:not_delivered"
    missed = counted().ended.asked - counted().ended.recorded
    assert f"**Bot did not record** · {missed} meeting" in said(app)
    behind = grid(app, "coverage_funnel_behind_rows")
    assert behind is not None
    assert len(behind) == missed


@pytest.mark.parametrize("figure", ["missed", "not_asked", "not_delivered", "recorded"])
def test_what_the_rates_are_made_of_opens_as_many_meetings_as_it_says(open_filled: Open, figure: str) -> None:
    app = open_filled("viewer", "coverage")
    button = app.button(key=f"coverage_figure_{figure}")
    wanted = int(button.label.rpartition(" ")[2])
    button.click().run()
    behind = grid(app, "coverage_figure_behind_rows")
    assert behind is not None
    assert len(behind) == wanted


@pytest.mark.parametrize("figure", ["recordable", "will_record", "will_record_and_booked", "missed"])
def test_what_is_coming_opens_as_many_meetings_as_it_says(open_filled: Open, figure: str) -> None:
    app = open_filled("viewer", "coverage", ahead="7", rows=f"ahead:{figure}")
    wanted = int(app.button(key=f"coverage_ahead_{figure}").label.rpartition(" ")[2])
    behind = grid(app, "coverage_ahead_behind_rows")
    assert behind is not None
    assert len(behind) == wanted


def test_every_reason_opens_its_own_meetings_on_its_own_basis_from_the_address(open_filled: Open) -> None:
    open_filled("viewer", "coverage")
    reasons = counted().reasons_of(TimePart.ENDED)
    for basis in Basis:
        reason = next(each for each in reasons if each.basis is basis)
        app = open_filled("viewer", "coverage", rows=f"reason:{reason.reason.key}:{basis}")
        behind = grid(app, "coverage_reason_behind_rows")
        assert behind is not None
        assert len(behind) == min(reason.meetings, 500)
        assert set(behind["why"]) == {f"~ {reason.reason.label}" if basis is Basis.INFERRED else reason.reason.label}


def test_nothing_is_behind_a_reason_on_a_basis_that_no_meeting_has(open_filled: Open) -> None:
    open_filled("viewer", "coverage")
    reasons = counted().reasons_of(TimePart.ENDED)
    inferred = next(each.reason for each in reasons if each.basis is Basis.INFERRED)
    seen = sum(each.meetings for each in reasons if each.reason is inferred and each.basis is Basis.OBSERVED)
    app = open_filled("viewer", "coverage", rows=f"reason:{inferred.key}:observed")
    assert f"**Missed: {inferred.label}** · {plural(seen, 'meeting')}" in said(app)
    assert f"**Missed: {inferred.label}**" not in said(
        open_filled("viewer", "coverage", rows=f"reason:{inferred.key}:guessed")
    )


def test_a_link_to_a_reason_from_before_opens_it_whatever_it_rests_on(open_filled: Open) -> None:
    open_filled("viewer", "coverage")
    first = counted().reasons_of(TimePart.ENDED)[0].reason
    app = open_filled("viewer", "coverage", rows=f"reason:{first.key}")
    behind = grid(app, "coverage_reason_behind_rows")
    assert behind is not None
    assert len(behind) == sum(each.meetings for each in counted().reasons_of(TimePart.ENDED) if each.reason is first)


def test_a_click_on_a_bar_opens_what_it_counts_and_one_beside_the_bars_closes_it(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage")
    reason = next(each for each in counted().reasons_of(TimePart.ENDED) if each.basis is Basis.INFERRED)
    opens = f"{reason.reason.key}:inferred"
    click_bar(app, "coverage_reason_bars", {"opens": opens})
    assert app.query_params["rows"] == f"reason:{opens}"
    assert f"**Missed: ~ {reason.reason.label}** · {plural(reason.meetings, 'meeting')}" in said(app)
    click_bar(app, "coverage_reason_bars", None)
    assert "rows" not in app.query_params


def test_what_is_inferred_is_summed_in_the_sentence_and_marked_in_the_tables(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage")
    known = loaded()
    assert known.as_of
    day = short_day(known.as_of.astimezone(report_zone()).date())
    inferred = sum(each.meetings for each in counted().reasons_of(TimePart.ENDED) if each.basis is Basis.INFERRED)
    assert inferred > 10
    assert f"The cause is inferred for ~{count(inferred)} of them by the rules first seen, on {day}." in said(app)
    assert said(app).count(f"~{count(inferred)} of them by the rules first seen") == 2  # and under the grid
    app.toggle(key="reason_as_table").set_value(True).run()
    table = grid(app, "coverage_reason")
    assert table is not None
    marked = [why.startswith("~ ") for why in table["why"]]
    assert marked == [each.basis is Basis.INFERRED for each in counted().reasons_of(TimePart.ENDED)]


def test_how_well_the_rules_first_seen_agree_stands_under_the_reasons(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage")
    known = loaded()
    assert known.as_of
    period = last_days(known.as_of, 30, report_zone())
    starts = known.frame["start"]
    found = rule_agreement(known.frame[(starts >= period.from_) & (starts < period.to)])
    assert found.judged > 100
    assert f"agree with what happened in {fraction(found.agreed, found.judged)} meetings before we watched" in said(app)
    assert "Hatched: not watched yet." in said(app)


def test_a_file_of_meetings_says_what_each_reason_rests_on(open_filled: Open) -> None:
    open_filled("viewer", "coverage")
    known, period = loaded(), last_days(utc_now(), 30, report_zone())
    assert known.as_of
    reason = next(each for each in counted().reasons_of(TimePart.ENDED) if each.basis is Basis.INFERRED)
    seen = view_period(known.frame, period, known.as_of)
    behind = drill_down(seen, MissedFor(TimePart.ENDED, reason.reason.key, Basis.INFERRED))
    table = table_of(rows_of(known, behind.keys.tolist()), COLUMNS)
    why, rests_on = table.heads.index("Why"), table.heads.index("Basis")
    assert {(row[why], row[rests_on]) for row in table.rows} == {(reason.reason.label, "inferred")}


def test_the_files_of_the_page_and_of_its_customers_say_what_reasons_rest_on(open_filled: Open) -> None:
    open_filled("viewer", "coverage")
    known = loaded()
    assert known.as_of
    member = StaffMember("viewer", "Vera Lind", Role.VIEWER)
    shown = Shown(known, choice_of({}, known.as_of, report_zone()), member, "coverage", st.container())
    page = page_table(shown, coverage_figures(shown.selection), report_zone())
    assert {len(row) for row in page.rows} == {len(page.heads)}
    told = [(row[1], row[2], row[page.heads.index("Basis")]) for row in page.rows if row[0] == "Missed for"]
    assert told == [(each.reason.label, each.meetings, each.basis) for each in counted().reasons_of(TimePart.ENDED)]
    customers = customer_summaries(known, report_zone())
    ranking = table_of(customers, columns_of(customers, {}))
    assert {len(row) for row in ranking.rows} == {len(ranking.heads)}
    why, rests_on = ranking.heads.index("Main reason"), ranking.heads.index("Basis")
    groups = [row.group for row in customers if row.group and row.group.main_reason]
    assert {row[rests_on] for row in ranking.rows if row[why]} == {
        "inferred" if group.main_is_inferred else "observed" for group in groups
    }


def test_in_its_first_days_a_workspace_says_what_is_there_and_what_fills_up(open_filled: Open) -> None:
    assert said(open_filled("viewer", "coverage")).count("Watched since") == 1
    with desk().store.write() as connection:
        connection.execute(update(sync_pass).values(begun_at=utc_now() - timedelta(days=8)))
    pass_again()
    assert "Watched since" not in said(open_filled("viewer", "coverage"))


def test_odd_rows_of_the_users_in_view_are_counted_in_the_strip_and_no_others(open_filled: Open) -> None:
    open_filled("viewer", "coverage")
    people = loaded().listed
    odd = next(row for row in people if row.customer == UNSET_CUSTOMER)
    assert "odd row" not in said(open_filled("viewer", "coverage"))
    with desk().store.write() as connection:
        connection.execute(update(last_read).where(last_read.c.user == odd.key).values(unreadable=3, odd=5))
    pass_again()
    told = said(open_filled("viewer", "coverage"))
    assert "8 odd rows" in told
    assert "3 rows in Recall's answers could not be read, 5 had odd parts that were left out." in told
    assert "odd rows" in said(open_filled("viewer", "coverage", customer=UNSET_CUSTOMER))
    assert "odd rows" not in said(open_filled("viewer", "coverage", customer=HOSTILE_CUSTOMER))


def test_a_cell_of_the_grid_opens_its_meetings(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage")
    weeks = grid(app, "coverage_grid")
    assert weeks is not None
    assert weeks.drop(columns="start").to_numpy().sum() == counted().ended.recordable
    fullest = int(weeks["recorded"].argmax())  # the last week has none when it began just now
    pick_cell(app, "coverage_grid", fullest, "recorded")
    behind = grid(app, "coverage_grid_behind_rows")
    assert behind is not None
    assert len(behind) == weeks["recorded"].iloc[fullest]
    assert re.fullmatch(r"grid:\d{4}-\d\d-\d\d:recorded", app.query_params["rows"])


@pytest.mark.parametrize("by", ["customer", "team", "user", "platform", "calendar", "external", "hosted"])
def test_wherever_meetings_are_missed_the_first_group_opens_its_misses(open_filled: Open, by: str) -> None:
    app = open_filled("viewer", "coverage", where=by)
    groups = grid(app, "coverage_where")
    assert groups is not None
    pick(app, "coverage_where", 0)
    behind = grid(app, "coverage_where_behind_rows")
    assert behind is not None
    assert len(behind) == groups["missed"].iloc[0]


def test_customers_add_up_to_all_that_was_missed(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage")
    groups = grid(app, "coverage_where")
    assert groups is not None
    assert groups["missed"].sum() == counted().ended.missed


@pytest.mark.parametrize(
    "word", ["reason:nonsense", "grid:2026-99-99:recorded", "where:user:x", "funnel:", ":", "x" * 400]
)
def test_rows_that_there_are_not_open_nothing(open_filled: Open, word: str) -> None:
    app = open_filled("viewer", "coverage", rows=word)
    assert not app.exception
    assert not [frame for frame in app.dataframe if frame.proto.id.endswith("_behind_rows")]


def test_picking_a_row_behind_a_figure_opens_its_user(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage", customer=HOSTILE_CUSTOMER, period="7", rows="funnel:held")
    pick(app, "coverage_funnel_behind_rows", 0)
    assert app.query_params["user"]


def test_what_is_at_risk_is_soonest_first_for_as_many_days_as_asked(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage", ahead="7", customer=UNSET_CUSTOMER)
    table = grid(app, "coverage_risk_nobot_rows")
    assert table is not None
    assert len(table) == 3
    assert table["starts"].is_monotonic_increasing
    assert metric(app, "Planned, 7 days")[1] == "0 of 3"
    app.segmented_control(key="ahead").set_value("1").run()
    table = grid(app, "coverage_risk_nobot_rows")
    assert table is not None
    assert len(table) == 1


def test_meetings_that_are_off_by_choice_are_listed_apart(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage", ahead="7", risk="choice")
    table = grid(app, "coverage_risk_choice_rows")
    assert table is not None
    assert {chip[0] for chip in table["outcome"]} == {"– Off by choice"}


def test_titles_and_names_from_outside_stand_in_text_cells_alone(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage", customer=HOSTILE_CUSTOMER, period="7", rows="funnel:meetings")
    assert {FORMULA, PICTURE} <= set(cells(app))
    assert "evil.test" not in said_as_markup(app)


def test_how_it_is_counted_puts_todays_numbers_in(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage")
    app.button(key="how_counted").click().run()
    ended = counted().ended
    assert f"{fraction(ended.recorded, ended.held)}: {percent(ended.coverage.value)}." in said(app)
    assert "A lower bound" in said(app)
    value, part = metric(app, "Planned, 3 days")
    assert f"{part}: {value}." in said(app)


def test_sync_now_leaves_one_request_and_cannot_be_pressed_twice(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage")
    app.button(key="sync_now").click().run()
    with desk().store.read() as connection:
        (request,) = passes.asked(connection)
    assert request.by == "viewer"
    assert app.button(key="sync_now").disabled


def test_data_that_is_old_is_said_to_be(open_filled: Open) -> None:
    then = utc_now() - timedelta(hours=3)
    with desk().store.write() as connection:
        connection.execute(update(sync_pass).values(begun_at=then, ended_at=then + timedelta(minutes=1)))
    app = open_filled("viewer", "coverage")
    assert "The data is 3 h old: the sync stopped at" in said(app)


def test_before_the_first_complete_pass_the_page_says_how_far_it_is(open_filled: Open) -> None:
    with desk().store.write() as connection:
        key = passes.recent(connection)[0].key
        passes.end(connection, key, PassState.STOPPED, now=utc_now())
        passes.begin(connection, now=utc_now(), resume_within=timedelta(hours=1))
    app = open_filled("viewer", "coverage")
    assert re.search(r"The first pass has read \d+ of \d+ users\.", said(app))
    assert not app.metric


def test_a_stranger_sees_no_figure(open_page: Open) -> None:
    app = open_page(None, "coverage")
    assert not app.metric
    assert not app.dataframe
