"""Our trace of the recording decision, against the decision table of the contract (6.5) and its invariants (6.1)."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain import Attendee, CalendarUser, Entry, Preferences, addresses_of, own_answer
from lib.recording.decision import DecisionStep, Rule, trace
from tests.unit.recording.making import ANNA, HOUR, NOW, all_preferences, entries, entry, maybe, rules, user, users

YES, NO, UNKNOWN = True, False, None
WITHOUT_LINK: dict[str, Any] = {"invites": (), "meeting_platform": None}
MIDNIGHT = NOW.replace(hour=0, minute=0)
WHOLE_DAY = {"start_time": MIDNIGHT + 24 * HOUR, "end_time": MIDNIGHT + 48 * HOUR}
OVER = {"start_time": NOW - 2 * HOUR, "end_time": NOW - HOUR}

PREREQUISITES_AND_OVERRIDES = [
    # facts, override, rules on, verdict
    (WITHOUT_LINK, None, "EX+IN", NO),
    (WITHOUT_LINK, True, "EX+IN", NO),
    (WHOLE_DAY, None, "EX+IN", NO),
    (WHOLE_DAY, True, "", NO),
    ({"end_time": None}, None, "EX+IN", NO),
    (OVER, None, "EX+IN", NO),
    (OVER, True, "EX+IN", NO),
    (WITHOUT_LINK, False, "EX+IN", NO),
    ({}, True, "", YES),
    ({}, True, "IN", YES),
    ({}, True, "EX+OH", YES),
    ({}, False, "EX+IN", NO),
    ({}, False, "", NO),
    ({"is_external": None}, True, "EX", YES),
]

PREFERENCES = """
    rules on           external host recurring answer        verdict
    -                  Y        N    N         accepted      NO
    -                  N        Y    N         accepted      NO
    EX                 Y        N    N         accepted      YES
    EX                 N        N    N         accepted      NO
    IN                 N        N    N         accepted      YES
    IN                 Y        N    N         accepted      NO
    NH                 Y        N    N         accepted      YES
    NH                 Y        Y    N         accepted      NO
    RC                 Y        N    Y         accepted      YES
    RC                 Y        N    N         accepted      NO
    EX+IN              Y        N    N         accepted      YES
    EX+IN              N        N    N         accepted      YES
    EX+IN              Y        N    N         declined      YES
    EX+IN              N        N    N         tentative     YES
    EX+IN              N        Y    N         -             YES
    EX+IN+OH           Y        Y    N         accepted      YES
    EX+IN+OH           N        Y    N         accepted      YES
    EX+IN+OH           Y        N    N         accepted      NO
    EX+IN+OH           N        N    N         accepted      NO
    EX+IN+CF           Y        N    N         accepted      YES
    EX+IN+CF           Y        N    N         tentative     NO
    EX+IN+CF           N        N    N         declined      NO
    EX+IN+CF           N        N    N         not_available NO
    EX+IN+CF           N        Y    N         not_available UNKNOWN
    EX+IN+CF           N        N    N         -             UNKNOWN
    EX+IN+CF+OH        Y        Y    N         accepted      YES
    EX+IN+CF+OH        Y        Y    N         tentative     NO
    EX+IN+CF+OH        Y        N    N         accepted      NO
    EX+CF              Y        N    N         accepted      YES
    EX+CF              Y        N    N         declined      NO
    EX+OH              Y        Y    N         accepted      YES
    EX+OH              Y        N    N         accepted      NO
    IN+OH              N        Y    N         accepted      YES
    IN+OH              Y        Y    N         accepted      NO
    EX+RC              Y        N    Y         accepted      YES
    EX+RC              N        N    N         accepted      NO
    NH+EX              Y        N    N         accepted      YES
    NH+RC              Y        N    Y         accepted      YES
    NH+OH              Y        Y    N         accepted      NO
    NH+OH              Y        N    N         accepted      NO
    NH+EX+OH           Y        N    N         accepted      NO
    CF                 Y        N    N         declined      NO
    OH                 Y        N    N         accepted      NO
    NH+EX+IN+RC+CF+OH  Y        N    Y         accepted      NO
    EX                 ?        N    N         accepted      UNKNOWN
    IN                 ?        N    N         accepted      UNKNOWN
    EX+IN              ?        N    N         accepted      UNKNOWN
"""

UNDOCUMENTED_ON_OUR_READING = """
    EX+RC              Y        N    N         accepted      NO
    EX+RC              N        N    Y         accepted      NO
    NH+EX              Y        Y    N         accepted      NO
    NH+EX              N        N    N         accepted      NO
    NH+RC              Y        N    N         accepted      NO
    EX+IN+RC           Y        N    N         accepted      NO
    NH+EX+IN           Y        Y    N         accepted      NO
    NH+EX+OH           Y        Y    N         accepted      NO
    CF                 Y        N    N         accepted      NO
    OH                 Y        Y    N         accepted      NO
    CF+OH              Y        Y    N         accepted      NO
    NH+EX+IN+RC+CF     Y        Y    N         accepted      NO
    NH+EX+IN+RC+CF+OH  Y        Y    Y         accepted      NO
"""

FACT = {"Y": True, "N": False, "?": None}
VERDICT = {"YES": YES, "NO": NO, "UNKNOWN": UNKNOWN}


def _rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines() if "verdict" not in line]


def _meeting(external: str, host: str, recurring: str, answer: str) -> Entry:
    listed = () if answer == "-" else (Attendee(ANNA.lower(), status=answer),)
    return entry(is_external=FACT[external], is_hosted_by_me=FACT[host], is_recurring=FACT[recurring], attendees=listed)


@pytest.mark.parametrize(("facts", "override", "on", "expected"), PREREQUISITES_AND_OVERRIDES)
def test_prerequisites_and_overrides_decide_as_documented(
    facts: dict[str, Any], override: bool | None, on: str, expected: bool | None
) -> None:
    assert trace(entry(**facts, override_should_record=override), user(on), NOW).verdict is expected


@pytest.mark.parametrize("row", _rows(PREFERENCES), ids=" ".join)
def test_preferences_decide_as_documented(row: list[str]) -> None:
    on, *facts, expected = row
    assert trace(_meeting(*facts), user(on.strip("-")), NOW).verdict is VERDICT[expected]


@pytest.mark.parametrize("row", _rows(UNDOCUMENTED_ON_OUR_READING), ids=" ".join)
def test_where_the_readings_differ_every_rule_must_hold_and_the_estimate_says_that_it_is_not_documented(
    row: list[str],
) -> None:
    on, *facts, expected = row
    found = trace(_meeting(*facts), user(on), NOW)
    assert (found.verdict, found.documented) == (VERDICT[expected], False)


@given(entries, users, st.sampled_from([WITHOUT_LINK, WHOLE_DAY, OVER]), maybe)
def test_no_override_and_no_preference_beats_a_prerequisite(
    some: Entry, anyone: CalendarUser, facts: dict[str, Any], override: bool | None
) -> None:
    assert trace(replace(some, **facts), anyone, NOW, override=override).verdict is False


@given(users, st.none() | all_preferences, maybe, maybe, maybe)
def test_an_override_beats_every_preference(
    anyone: CalendarUser, other: Preferences | None, external: bool | None, host: bool | None, recurring: bool | None
) -> None:
    some = entry(is_external=external, is_hosted_by_me=host, is_recurring=recurring)
    for override in (True, False):
        assert trace(some, anyone, NOW, preferences=other, override=override).verdict is override


@given(entries)
def test_with_all_flags_off_and_no_override_nothing_is_recorded(some: Entry) -> None:
    assert trace(some, user(""), NOW, override=None).verdict is False


@given(entries, users, st.none() | all_preferences)
def test_the_deciding_rule_agrees_with_the_verdict_whatever_the_calendar_says(
    some: Entry, anyone: CalendarUser, other: Preferences | None
) -> None:
    found = trace(some, anyone, NOW, preferences=other)
    if found.verdict is False:
        assert found.rule is found.blocks[0]
    else:
        assert not found.blocks
        assert found.verdict is (None if found.rule in found.unknown else True)


@given(entries, users)
def test_a_flag_that_is_off_is_never_looked_at(some: Entry, anyone: CalendarUser) -> None:
    flags = anyone.preferences.flags if anyone.preferences else {}
    looked_at = {step.name for step in trace(some, anyone, NOW).steps if step.looked_at}
    assert not looked_at & {name for name, on in flags.items() if not on}


@pytest.mark.parametrize("wanted", [True, False, None])
def test_an_override_is_looked_at_where_somebody_set_one(wanted: bool | None) -> None:
    [step] = [
        step for step in trace(entry(override_should_record=wanted), user(), NOW).steps if step.name == "override"
    ]
    assert (step.passed, step.looked_at) == (wanted, wanted is not None)


@pytest.mark.parametrize(
    ("external", "half", "other", "rule"),
    [
        (True, "record_external", "record_internal", Rule.EXTERNAL),
        (False, "record_internal", "record_external", Rule.INTERNAL),
    ],
)
def test_where_both_audiences_are_on_the_one_that_applies_lets_it_pass_and_the_other_is_not_looked_at(
    external: bool, half: str, other: str, rule: Rule
) -> None:
    steps = {step.name: step for step in trace(entry(is_external=external), user("EX+IN"), NOW).steps}
    assert steps[half] == DecisionStep(half, True, rule)
    assert steps[other] == DecisionStep(other, looked_at=False)


def test_the_own_answer_is_found_by_any_connected_address_without_regard_to_case() -> None:
    invited = entry(attendees=(Attendee("guest@globex.example", status="accepted"), Attendee(ANNA, status="declined")))
    assert own_answer(invited, addresses_of(user().connections)) == "declined"


def test_an_address_that_is_not_listed_gives_no_answer() -> None:
    assert (
        own_answer(
            entry(attendees=(Attendee("other@acme.example", status="accepted"),)), addresses_of(user().connections)
        )
        is None
    )


def test_what_would_stop_it_next_is_named_in_order() -> None:
    found = trace(entry(**WITHOUT_LINK, override_should_record=False, is_external=False), user("EX+OH"), NOW)
    assert found.blocks == (Rule.NO_LINK, Rule.DO_NOT_RECORD, Rule.INTERNAL_OFF, Rule.NOT_HOST)


def test_other_preferences_and_another_override_can_be_tried_without_changing_the_stored_ones() -> None:
    stored = entry(override_should_record=False)
    assert trace(stored, user("EX"), NOW).rule is Rule.DO_NOT_RECORD
    assert trace(stored, user("EX"), NOW, override=None).rule is Rule.EXTERNAL
    assert trace(stored, user("EX"), NOW, override=None, preferences=rules("IN")).rule is Rule.EXTERNAL_OFF


def test_preferences_that_recall_does_not_name_leave_the_verdict_open() -> None:
    found = trace(entry(), replace(user(), preferences=None), NOW)
    assert (found.verdict, found.rule) == (None, Rule.PREFERENCES_UNKNOWN)


def test_rules_that_exclude_each_other_are_named_as_such() -> None:
    assert trace(entry(), user("EX+NH+OH"), NOW).rule is Rule.CONTRADICTION


def test_a_meeting_is_over_from_the_instant_of_its_end() -> None:
    going_on = entry(starts=-1, hours=2)
    assert trace(going_on, user(), NOW).verdict is True
    assert trace(going_on, user(), NOW + HOUR).rule is Rule.OVER
