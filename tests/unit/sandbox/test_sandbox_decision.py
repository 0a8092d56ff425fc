"""The recording decision by its invariants, over all flags, overrides and facts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.sandbox.decision import FILTERS, FLAGS, Facts, decide
from tests.unit.sandbox.decision_rows import ROWS, Row

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
AHEAD = Facts(NOW + HOUR, NOW + 2 * HOUR)

flags = st.sets(st.sampled_from(FLAGS)).map(frozenset)
overrides = st.sampled_from([None, True, False])
good_facts = st.builds(
    Facts,
    start=st.just(NOW + HOUR),
    end=st.just(NOW + 2 * HOUR),
    external=st.sampled_from([None, True, False]),
    hosted=st.sampled_from([None, True, False]),
    recurring=st.sampled_from([None, True, False]),
    status=st.sampled_from(["accepted", "declined", "tentative", "not_available", "proposed_new_time", None]),
)
MIDNIGHT = datetime(2026, 11, 25, tzinfo=UTC)
SPOILT: dict[str, dict[str, Any]] = {
    "link": {"has_link": False},
    "start": {"start": None},
    "end": {"end": None},
    "whole_day": {"start": MIDNIGHT, "end": MIDNIGHT + timedelta(days=2)},
    "cancelled": {"cancelled": True},
    "over": {"start": NOW - 2 * HOUR, "end": NOW},
}


def facts_of(row: Row) -> Facts:
    facts = Facts(NOW + HOUR, NOW + 2 * HOUR, True, row.external, row.hosted, row.recurring, row.status)
    return replace(facts, **SPOILT[row.fails]) if row.fails else facts


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_every_documented_row_comes_out_as_documented(row: Row) -> None:
    assert decide(facts_of(row), frozenset(row.on), row.override, NOW).record is row.record


@given(facts=good_facts, spoilt=st.sampled_from(sorted(SPOILT)), on=flags, override=overrides)
def test_prerequisites_beat_overrides_and_preferences(
    facts: Facts, spoilt: str, on: frozenset[str], override: bool | None
) -> None:
    assert not decide(replace(facts, **SPOILT[spoilt]), on, override, NOW).record


@given(facts=good_facts, on=flags, override=st.booleans())
def test_an_override_beats_preferences(facts: Facts, on: frozenset[str], override: bool) -> None:
    assert decide(facts, on, override, NOW).record is override


@given(facts=good_facts, filters=st.sets(st.sampled_from(FILTERS)).map(frozenset))
def test_without_a_rule_nothing_is_recorded_whatever_the_filters(facts: Facts, filters: frozenset[str]) -> None:
    assert not decide(facts, filters, None, NOW).record


@given(facts=good_facts, on=flags, filter_=st.sampled_from(FILTERS))
def test_a_filter_only_ever_takes_meetings_away(facts: Facts, on: frozenset[str], filter_: str) -> None:
    with_filter = decide(facts, on | {filter_}, None, NOW).record
    assert not with_filter or decide(facts, on - {filter_}, None, NOW).record


@given(facts=good_facts, on=flags)
def test_external_and_internal_together_mean_any_known_audience(facts: Facts, on: frozenset[str]) -> None:
    both = decide(facts, on | {"record_external", "record_internal"}, None, NOW).record
    one = "record_external" if facts.external else "record_internal"
    other = {"record_external", "record_internal"} - {one}
    alone = decide(facts, (on | {one}) - other, None, NOW).record
    assert both == (alone and facts.external is not None)


@given(facts=good_facts, on=flags, override=overrides)
def test_reasons_are_sentences_and_not_codes(facts: Facts, on: frozenset[str], override: bool | None) -> None:
    reason = decide(facts, on, override, NOW).reason
    assert reason.endswith(".")
    assert " " in reason
    assert "_" not in reason


def test_a_meeting_that_is_going_on_may_still_be_recorded() -> None:
    running = replace(AHEAD, start=NOW - HOUR, end=NOW + HOUR)
    assert decide(running, frozenset({"record_internal"}), None, NOW).record
